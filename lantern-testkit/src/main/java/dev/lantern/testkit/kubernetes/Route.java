package dev.lantern.testkit.kubernetes;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * What a path under {@code /api} and {@code /apis} is about.
 *
 * @param namespace empty for what has none, and for lists over all
 * @param name empty for collections
 * @param subresource empty for the resource itself
 */
record Route(ResourceType type, String namespace, String name, String subresource) {

    /** Empty where the path names no resource that is served here. */
    static Optional<Route> of(String path) {
        List<String> parts =
                Arrays.stream(path.split("/")).filter(part -> !part.isEmpty()).toList();
        if (parts.size() >= 3 && parts.get(0).equals("api")) {
            return of("", parts.get(1), parts.subList(2, parts.size()));
        }
        if (parts.size() >= 4 && parts.get(0).equals("apis")) {
            return of(parts.get(1), parts.get(2), parts.subList(3, parts.size()));
        }
        return Optional.empty();
    }

    private static Optional<Route> of(String group, String version, List<String> rest) {
        boolean within = rest.size() >= 3
                && rest.get(0).equals("namespaces")
                && !(rest.get(2).equals("status") || rest.get(2).equals("finalize"));
        String namespace = within ? rest.get(1) : "";
        List<String> parts = within ? rest.subList(2, rest.size()) : rest;
        if (parts.size() > 3) {
            return Optional.empty();
        }
        String name = parts.size() > 1 ? parts.get(1) : "";
        String subresource = parts.size() > 2 ? parts.get(2) : "";
        return Types.find(group, version, parts.get(0))
                .filter(type -> type.namespaced() ? within || name.isEmpty() : !within)
                .filter(type -> subresource.isEmpty() || type.subresources().contains(subresource))
                .map(type -> new Route(type, namespace, name, subresource));
    }

    Key key() {
        return new Key(type, namespace, name);
    }

    /** What a request with this method does to it; empty where the method means nothing there. */
    Optional<String> verb(String method, boolean watch) {
        boolean collection = name.isEmpty();
        return Optional.ofNullable(
                switch (method) {
                    case "GET", "HEAD" -> watch ? "watch" : collection ? "list" : "get";
                    case "POST" -> "create";
                    case "PUT" -> collection ? null : "update";
                    case "PATCH" -> collection ? null : "patch";
                    case "DELETE" -> collection ? "deletecollection" : "delete";
                    default -> null;
                });
    }
}
