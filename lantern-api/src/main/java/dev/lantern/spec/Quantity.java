package dev.lantern.spec;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * An amount of a resource in the notation of Kubernetes: {@code 500m}, {@code 0.5}, {@code 256Mi}, {@code 1e3}.
 *
 * <p>The value is exact. Two quantities are equal when their values are, however they were written, and
 * {@link #toString()} writes every value in one form only: thousandths when there is a fraction
 * ({@code 500m}), the largest binary suffix that divides it evenly from 1Mi upwards ({@code 1Gi}), else plain
 * digits. Immutable.
 */
public final class Quantity implements Comparable<Quantity> {
    private static final int LONGEST = 32;
    private static final BigDecimal MAX = new BigDecimal(Long.MAX_VALUE);
    private static final Pattern FORM =
            Pattern.compile("\\+?([0-9]+(?:\\.[0-9]*)?|\\.[0-9]+)(?:([numkMGTPE]|[KMGTPE]i)|[eE]([+-]?[0-9]{1,2}))?");
    private static final String ALLOWED = "a Kubernetes quantity such as \"500m\", \"2\", \"256Mi\" or \"1Gi\"";

    private static final Map<String, BigDecimal> FACTORS = Map.ofEntries(
            Map.entry("n", BigDecimal.ONE.scaleByPowerOfTen(-9)),
            Map.entry("u", BigDecimal.ONE.scaleByPowerOfTen(-6)),
            Map.entry("m", BigDecimal.ONE.scaleByPowerOfTen(-3)),
            Map.entry("k", BigDecimal.ONE.scaleByPowerOfTen(3)),
            Map.entry("M", BigDecimal.ONE.scaleByPowerOfTen(6)),
            Map.entry("G", BigDecimal.ONE.scaleByPowerOfTen(9)),
            Map.entry("T", BigDecimal.ONE.scaleByPowerOfTen(12)),
            Map.entry("P", BigDecimal.ONE.scaleByPowerOfTen(15)),
            Map.entry("E", BigDecimal.ONE.scaleByPowerOfTen(18)),
            Map.entry("Ki", binary(1)),
            Map.entry("Mi", binary(2)),
            Map.entry("Gi", binary(3)),
            Map.entry("Ti", binary(4)),
            Map.entry("Pi", binary(5)),
            Map.entry("Ei", binary(6)));

    private static final String[] BINARY_SUFFIXES = {"Ei", "Pi", "Ti", "Gi", "Mi", "Ki"};

    private final BigDecimal value;

    private Quantity(BigDecimal value) {
        this.value = value;
    }

    /**
     * Reads a quantity.
     *
     * @throws InvalidSpecException for another notation, a negative value, one from 2^63 up, or one finer than a
     *     thousandth
     */
    public static Quantity parse(String text) {
        Matcher form = FORM.matcher(text);
        if (text.length() > LONGEST || !form.matches()) {
            throw refused(Shown.quoted(text), hint(text));
        }
        BigDecimal value = new BigDecimal(digits(form.group(1))).multiply(factor(form.group(2), form.group(3)));
        if (value.compareTo(MAX) > 0) {
            throw refused(Shown.quoted(text) + ", which is 2^63 or more", "");
        }
        return of(value);
    }

    /**
     * The quantity of exactly this value.
     *
     * @throws InvalidSpecException if the value is negative, from 2^63 up, or finer than a thousandth
     */
    public static Quantity of(BigDecimal value) {
        BigDecimal shortest = value.stripTrailingZeros();
        // Signum, scale and precision first: a value like 1E+999999999 must never be written out.
        if (shortest.signum() < 0 || shortest.scale() > 3 || shortest.precision() - shortest.scale() > 19) {
            throw refused(shortest.toString(), "write a positive amount in whole thousandths");
        }
        if (shortest.compareTo(MAX) > 0) {
            throw refused(shortest + ", which is 2^63 or more", "");
        }
        return new Quantity(shortest.setScale(Math.max(0, shortest.scale())));
    }

    /** The exact value: cores, bytes or pieces. */
    public BigDecimal value() {
        return value;
    }

    /** Whether the value has no fraction. */
    public boolean isWhole() {
        return value.scale() == 0;
    }

    @Override
    public int compareTo(Quantity other) {
        return value.compareTo(other.value);
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof Quantity that && value.equals(that.value);
    }

    @Override
    public int hashCode() {
        return value.hashCode();
    }

    @Override
    public String toString() {
        if (!isWhole()) {
            return value.movePointRight(3).toBigIntegerExact() + "m";
        }
        BigInteger whole = value.toBigIntegerExact();
        if (whole.bitLength() <= 20) {
            return whole.toString();
        }
        for (int i = 0; i < BINARY_SUFFIXES.length; i++) {
            BigInteger[] parts = whole.divideAndRemainder(BigInteger.ONE.shiftLeft(10 * (BINARY_SUFFIXES.length - i)));
            if (parts[0].signum() > 0 && parts[1].signum() == 0) {
                return parts[0] + BINARY_SUFFIXES[i];
            }
        }
        return whole.toString();
    }

    private static BigDecimal binary(int power) {
        return new BigDecimal(BigInteger.ONE.shiftLeft(10 * power));
    }

    private static String digits(String text) {
        return text.endsWith(".") ? text + "0" : text;
    }

    private static BigDecimal factor(@Nullable String suffix, @Nullable String exponent) {
        if (suffix != null) {
            return FACTORS.getOrDefault(suffix, BigDecimal.ONE);
        }
        return exponent == null ? BigDecimal.ONE : BigDecimal.ONE.scaleByPowerOfTen(Integer.parseInt(exponent));
    }

    private static String hint(String text) {
        if (text.startsWith("-")) {
            return "an amount cannot be negative";
        }
        String trimmed = text.length() > LONGEST ? "" : text.trim().replace(" ", "");
        if (trimmed.matches("[0-9.]+(?i)[kmgt]i?b")) {
            String suffix = trimmed.replaceAll("[0-9.]", "").substring(0, 1).toUpperCase(java.util.Locale.ROOT);
            return "did you mean \"" + trimmed.replaceAll("[^0-9.]", "") + suffix + "i\"?";
        }
        return "";
    }

    private static InvalidSpecException refused(String found, String fix) {
        return InvalidSpecException.of("quantity", found, ALLOWED, fix);
    }
}
