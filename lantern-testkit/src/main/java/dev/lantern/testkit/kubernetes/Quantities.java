package dev.lantern.testkit.kubernetes;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.RoundingMode;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Amounts of resources, in the one form in which the API server writes them back: {@code 0.5} is {@code 500m}. */
final class Quantities {
    private static final Pattern FORM = Pattern.compile(
            "([+-]?[0-9]+(?:\\.[0-9]*)?|[+-]?\\.[0-9]+)(Ki|Mi|Gi|Ti|Pi|Ei|n|u|m|k|M|G|T|P|E|[eE][+-]?[0-9]+)?");
    private static final List<String> BINARY = List.of("", "Ki", "Mi", "Gi", "Ti", "Pi", "Ei");
    private static final List<String> DECIMAL = List.of("n", "u", "m", "", "k", "M", "G", "T", "P", "E");
    private static final int UNIT = DECIMAL.indexOf("");
    private static final BigDecimal KIBI = BigDecimal.valueOf(1024);

    private Quantities() {}

    /** Rewrites the values of an object of quantities. */
    static void canonicalise(ObjectNode amounts) {
        List.copyOf(Trees.strings(amounts).keySet()).forEach(name -> canonicalise(amounts, name));
    }

    static void canonicalise(ObjectNode parent, String name) {
        JsonNode value = parent.path(name);
        if (value.isTextual() || value.isNumber()) {
            parent.put(
                    name,
                    canonical(value.asText())
                            .orElseThrow(() -> Statuses.badRequest("quantities must match the regular expression '"
                                    + "^([+-]?[0-9.]+)([eEinumkKMGTP]*[-+]?[0-9]*)$'")));
        }
    }

    /** Empty if the text is no quantity. */
    static Optional<String> canonical(String text) {
        return Quantity.parse(text).map(Quantity::canonical);
    }

    /** How much that is; nothing if the text is no quantity. */
    static BigDecimal value(String text) {
        return Quantity.parse(text).map(Quantity::amount).orElse(BigDecimal.ZERO);
    }

    private enum Notation {
        BINARY,
        DECIMAL,
        EXPONENT
    }

    private record Quantity(BigDecimal amount, Notation notation) {
        static Optional<Quantity> parse(String text) {
            Matcher form = FORM.matcher(text);
            if (!form.matches()) {
                return Optional.empty();
            }
            String digits = form.group(1);
            BigDecimal number = new BigDecimal(digits.endsWith(".") ? digits + "0" : digits);
            String suffix = form.group(2) == null ? "" : form.group(2);
            if (BINARY.indexOf(suffix) > 0) {
                return Optional.of(new Quantity(number.multiply(KIBI.pow(BINARY.indexOf(suffix))), Notation.BINARY));
            }
            if (DECIMAL.contains(suffix)) {
                int power = 3 * (DECIMAL.indexOf(suffix) - UNIT);
                return Optional.of(new Quantity(number.scaleByPowerOfTen(power), Notation.DECIMAL));
            }
            int power = Integer.parseInt(suffix.substring(1).replaceFirst("^\\+", ""));
            return Optional.of(new Quantity(number.scaleByPowerOfTen(power), Notation.EXPONENT));
        }

        String canonical() {
            return switch (notation) {
                case BINARY -> binary(amount);
                case DECIMAL -> decimal(amount);
                case EXPONENT -> exponent(amount);
            };
        }
    }

    private static String binary(BigDecimal bytes) {
        if (bytes.abs().compareTo(KIBI) < 0) {
            return decimal(bytes);
        }
        BigInteger whole = bytes.setScale(0, RoundingMode.UP).toBigIntegerExact();
        int unit = 0;
        while (unit < BINARY.size() - 1 && whole.mod(KIBI.toBigInteger()).signum() == 0) {
            whole = whole.shiftRight(10);
            unit++;
        }
        return whole + BINARY.get(unit);
    }

    private static String decimal(BigDecimal amount) {
        if (amount.signum() == 0) {
            return "0";
        }
        // The largest suffix that leaves a whole number; nothing below a nano is kept.
        BigInteger whole =
                amount.scaleByPowerOfTen(9).setScale(0, RoundingMode.UP).toBigIntegerExact();
        int unit = 0;
        BigInteger thousand = BigInteger.valueOf(1000);
        while (unit < DECIMAL.size() - 1 && whole.mod(thousand).signum() == 0) {
            whole = whole.divide(thousand);
            unit++;
        }
        return whole + DECIMAL.get(unit);
    }

    /** Powers come in steps of three, as suffixes do. */
    private static String exponent(BigDecimal amount) {
        BigDecimal shortest = amount.stripTrailingZeros();
        int power = Math.floorDiv(-shortest.scale(), 3) * 3;
        BigInteger whole = shortest.scaleByPowerOfTen(-power).toBigIntegerExact();
        return power == 0 ? whole.toString() : whole + "e" + power;
    }
}
