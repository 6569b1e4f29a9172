package dev.lantern.value.internal;

import dev.lantern.value.LanternException;
import java.util.Objects;

/**
 * The one rule for tenant and run ids and for the keys of secrets: they become path segments, labels and URIs, so they
 * must need no escaping.
 */
public final class Names {
    private static final int MAX_LENGTH = 128;

    private Names() {}

    /**
     * The same name.
     *
     * @param what what it names, for the message
     * @throws LanternException if it breaks the rule
     */
    public static String checked(String what, String value) {
        Objects.requireNonNull(value, what);
        if (value.isEmpty() || value.length() > MAX_LENGTH) {
            throw new LanternException(what + " has " + value.length() + " characters; allowed are 1 to " + MAX_LENGTH);
        }
        for (int i = 0; i < value.length(); i++) {
            if (!allowed(value.charAt(i))) {
                throw new LanternException(what + " " + Quoted.name(value)
                        + " has a character that is not allowed at index " + i + "; allowed are A-Z a-z 0-9 . _ -");
            }
        }
        if (!alphanumeric(value.charAt(0)) || !alphanumeric(value.charAt(value.length() - 1))) {
            throw new LanternException(
                    what + " " + Quoted.name(value) + " must begin and end with a letter or a digit");
        }
        return value;
    }

    private static boolean allowed(char c) {
        return alphanumeric(c) || c == '.' || c == '_' || c == '-';
    }

    private static boolean alphanumeric(char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
    }
}
