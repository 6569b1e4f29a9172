package dev.lantern.core.gateway;

import java.nio.charset.StandardCharsets;
import java.util.Optional;

/** What may stand behind {@code Bearer} in a call. Whose it is, the door says. */
@FunctionalInterface
public interface CallerCredential {

    /** The bytes that the door is given; empty for what nobody could ever have been given. */
    Optional<byte[]> parse(String text);

    /** Secrets that a host has made: {@link Secret}. */
    static CallerCredential secret() {
        return Secret::parse;
    }

    /** Credentials that a platform has made: one word of visible ASCII, passed on as it stands. */
    static CallerCredential ofPlatform() {
        return text -> !text.isEmpty() && text.chars().allMatch(c -> c > ' ' && c < 0x7f)
                ? Optional.of(text.getBytes(StandardCharsets.US_ASCII))
                : Optional.empty();
    }
}
