package dev.lantern.core.operator;

import dev.lantern.value.LanternException;
import java.nio.charset.StandardCharsets;
import java.util.function.Supplier;

/**
 * A page that is read, made anew for each reader.
 *
 * @param path such as {@code /healthz}
 * @param body called on an event loop: it must not block
 */
public record Page(String path, String mediaType, Supplier<byte[]> body) {

    /** @throws LanternException if the path is not one of lower-case letters, digits, dots and dashes */
    public Page {
        if (!path.matches("/[a-z0-9.-]+")) {
            throw new LanternException("a page's path is / and lower-case letters, digits, dots and dashes, found "
                    + path.length() + " characters of another form");
        }
    }

    /** The authority's public keys, for whoever verifies instance tokens. */
    public static Page jwks(Supplier<byte[]> keys) {
        return new Page("/jwks.json", "application/jwk-set+json", keys);
    }

    /** That this host answers. */
    public static Page healthz() {
        byte[] ok = "ok\n".getBytes(StandardCharsets.US_ASCII);
        return new Page("/healthz", "text/plain; charset=us-ascii", ok::clone);
    }
}
