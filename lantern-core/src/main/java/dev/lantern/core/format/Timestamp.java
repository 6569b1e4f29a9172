package dev.lantern.core.format;

import dev.lantern.value.LanternException;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;

/**
 * The one way a point in time is written: RFC 3339, UTC as {@code Z}, always six fractional digits, such as
 * {@code 2026-11-23T07:45:47.123456Z}. Years 0000 to 9999, no leap seconds.
 */
public final class Timestamp {
    private static final String SHAPE = "0000-00-00T00:00:00.000000Z";
    private static final int NANOS_PER_MICRO = 1000;

    private Timestamp() {}

    /** The time without what a timestamp cannot say: nanoseconds below a microsecond are cut off. */
    public static Instant truncate(Instant time) {
        int rest = time.getNano() % NANOS_PER_MICRO;
        return rest == 0 ? time : time.minusNanos(rest);
    }

    /** @throws LanternException if the year is not 0000 to 9999 */
    public static String format(Instant time) {
        LocalDateTime utc = LocalDateTime.ofEpochSecond(time.getEpochSecond(), time.getNano(), ZoneOffset.UTC);
        if (utc.getYear() < 0 || utc.getYear() > 9999) {
            throw new LanternException("a timestamp has a year from 0000 to 9999, found " + utc.getYear());
        }
        char[] out = SHAPE.toCharArray();
        write(out, 0, 4, utc.getYear());
        write(out, 5, 2, utc.getMonthValue());
        write(out, 8, 2, utc.getDayOfMonth());
        write(out, 11, 2, utc.getHour());
        write(out, 14, 2, utc.getMinute());
        write(out, 17, 2, utc.getSecond());
        write(out, 20, 6, utc.getNano() / NANOS_PER_MICRO);
        return new String(out);
    }

    /** @throws LanternException unless the text is exactly what {@link #format} writes */
    public static Instant parse(String text) {
        if (!hasShape(text)) {
            throw new LanternException(
                    "a timestamp is written as " + SHAPE + ", found " + text.length() + " characters of another shape");
        }
        try {
            return LocalDateTime.of(
                            read(text, 0, 4),
                            read(text, 5, 2),
                            read(text, 8, 2),
                            read(text, 11, 2),
                            read(text, 14, 2),
                            read(text, 17, 2),
                            read(text, 20, 6) * NANOS_PER_MICRO)
                    .toInstant(ZoneOffset.UTC);
        } catch (DateTimeException e) {
            throw new LanternException(
                    "the timestamp " + text + " names a date or a time of day that does not exist", e);
        }
    }

    private static boolean hasShape(String text) {
        if (text.length() != SHAPE.length()) {
            return false;
        }
        for (int i = 0; i < SHAPE.length(); i++) {
            char c = text.charAt(i);
            if (SHAPE.charAt(i) == '0' ? c < '0' || c > '9' : c != SHAPE.charAt(i)) {
                return false;
            }
        }
        return true;
    }

    private static void write(char[] out, int from, int digits, int value) {
        int rest = value;
        for (int i = from + digits - 1; i >= from; i--) {
            out[i] = (char) ('0' + rest % 10);
            rest /= 10;
        }
    }

    private static int read(String text, int from, int digits) {
        int value = 0;
        for (int i = from; i < from + digits; i++) {
            value = 10 * value + (text.charAt(i) - '0');
        }
        return value;
    }
}
