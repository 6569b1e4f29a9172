package dev.lantern.spec;

import java.math.BigDecimal;
import java.time.Duration;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Durations as {@code agent.yaml} writes them: {@code 30s}, {@code 1h30m}, {@code 1.5h}; exact to the millisecond. */
final class DurationText {
    private static final int LONGEST = 48;
    private static final String NUMBER = "([0-9]{1,9}(?:\\.[0-9]{1,9})?)";
    private static final Pattern FORM = Pattern.compile(
            "(?=[0-9])(?:" + NUMBER + "h)?(?:" + NUMBER + "m)?(?:" + NUMBER + "s)?(?:" + NUMBER + "ms)?");
    private static final long[] MILLIS = {3_600_000, 60_000, 1_000, 1};

    private DurationText() {}

    static Duration parse(String field, String text, String allowed) {
        Matcher form = FORM.matcher(text);
        if (text.length() > LONGEST || !form.matches()) {
            throw InvalidSpecException.of(field, Shown.quoted(text), allowed, hint(text));
        }
        BigDecimal millis = BigDecimal.ZERO;
        for (int i = 0; i < MILLIS.length; i++) {
            millis = millis.add(part(form.group(i + 1), MILLIS[i]));
        }
        BigDecimal shortest = millis.stripTrailingZeros();
        if (shortest.scale() > 0) {
            throw InvalidSpecException.of(
                    field, Shown.quoted(text), allowed, "write whole milliseconds; this is finer");
        }
        return Duration.ofMillis(shortest.longValueExact());
    }

    /** The one form of a duration of whole milliseconds: hours, minutes, seconds, milliseconds, those that are not 0. */
    static String of(Duration duration) {
        StringBuilder out = new StringBuilder();
        append(out, duration.toHours(), "h");
        append(out, duration.toMinutesPart(), "m");
        append(out, duration.toSecondsPart(), "s");
        append(out, duration.toMillisPart(), "ms");
        return out.isEmpty() ? "0s" : out.toString();
    }

    /** For messages: any duration, in the notation of agent.yaml where that can write it. */
    static String shown(Duration duration) {
        return duration.isNegative() || !isWholeMillis(duration) ? duration.toString() : of(duration);
    }

    static boolean isWholeMillis(Duration duration) {
        return duration.toNanosPart() % 1_000_000 == 0;
    }

    private static BigDecimal part(@Nullable String number, long millis) {
        return number == null ? BigDecimal.ZERO : new BigDecimal(number).multiply(BigDecimal.valueOf(millis));
    }

    private static void append(StringBuilder out, long number, String unit) {
        if (number != 0) {
            out.append(number).append(unit);
        }
    }

    private static String hint(String text) {
        if (text.length() <= 9 && text.matches("[0-9]+")) {
            return "a number needs a unit: did you mean \"" + text + "s\"?";
        }
        return text.startsWith("-") ? "a duration cannot be negative" : "";
    }
}
