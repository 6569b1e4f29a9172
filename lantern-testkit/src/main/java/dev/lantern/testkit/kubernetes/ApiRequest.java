package dev.lantern.testkit.kubernetes;

import java.util.Locale;
import java.util.Map;

/**
 * A request as it came.
 *
 * @param path without the query
 * @param headers by lower-case name
 */
@SuppressWarnings("ArrayRecordComponent")
record ApiRequest(String method, String path, Query query, Map<String, String> headers, byte[] body) {
    String header(String name) {
        return headers.getOrDefault(name, "");
    }

    /** The content type without its parameters. */
    String mediaType() {
        String type = header("content-type");
        int parameters = type.indexOf(';');
        return (parameters < 0 ? type : type.substring(0, parameters)).strip().toLowerCase(Locale.ROOT);
    }

    /** Who writes, for {@code managedFields}. */
    String manager() {
        String named = query.text("fieldManager");
        if (!named.isEmpty()) {
            return named;
        }
        String agent = header("user-agent");
        int slash = agent.indexOf('/');
        String name = slash < 0 ? agent : agent.substring(0, slash);
        return name.isEmpty() ? "unknown" : name;
    }
}
