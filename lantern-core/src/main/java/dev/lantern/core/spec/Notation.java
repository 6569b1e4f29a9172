package dev.lantern.core.spec;

import java.util.OptionalLong;
import java.util.regex.Pattern;

/**
 * How numbers may be written: in plain digits. YAML also knows 0x1F, 0o17, 010, 1e3, .5 and +5, which its versions and
 * its readers take for different values.
 */
final class Notation {
    static final String WHOLE = "a whole number in plain digits, at most 9007199254740991";

    private static final int LONGEST = 32;
    private static final Pattern INTEGER = Pattern.compile("-?(?:0|[1-9][0-9]{0,16})");
    private static final Pattern PLAIN_DECIMAL = Pattern.compile("-?(?:0|[1-9][0-9]*)(?:\\.[0-9]+)?");

    private Notation() {}

    static OptionalLong whole(String text) {
        return text.length() <= LONGEST && INTEGER.matcher(text).matches()
                ? OptionalLong.of(Long.parseLong(text))
                : OptionalLong.empty();
    }

    static boolean isPlain(String text) {
        return text.length() <= LONGEST && PLAIN_DECIMAL.matcher(text).matches();
    }
}
