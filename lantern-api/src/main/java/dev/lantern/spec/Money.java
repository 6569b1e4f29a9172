package dev.lantern.spec;

import java.math.BigDecimal;
import java.util.regex.Pattern;

/** US dollars as an exact decimal, never a binary fraction. */
final class Money {
    static final String ALLOWED = "dollars above 0 and below 1000000000 with at most 9 decimals, such as 0.50";

    private static final Pattern FORM = Pattern.compile("(?:0|[1-9][0-9]{0,8})(?:\\.[0-9]{1,9})?");
    private static final BigDecimal LIMIT = new BigDecimal("1000000000");

    private Money() {}

    static BigDecimal parse(String field, String text) {
        if (!FORM.matcher(text).matches()) {
            throw InvalidSpecException.of(field, Shown.quoted(text), ALLOWED, "");
        }
        return checked(field, new BigDecimal(text));
    }

    /** The value without trailing zeros, so that 0.50 and 0.5 are one amount. */
    static BigDecimal checked(String field, BigDecimal value) {
        BigDecimal shortest = value.stripTrailingZeros();
        if (shortest.signum() <= 0 || shortest.compareTo(LIMIT) >= 0 || shortest.scale() > 9) {
            String fix = shortest.signum() == 0 ? "for no limit leave the field out" : "";
            throw InvalidSpecException.of(field, shortest.toString(), ALLOWED, fix);
        }
        return shortest.scale() < 0 ? shortest.setScale(0) : shortest;
    }
}
