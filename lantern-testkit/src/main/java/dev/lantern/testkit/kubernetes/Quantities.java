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
        Matcher form = FORM.matcher(text);
        if (!form.matches()) {
            return Optional.empty();
        }
        BigDecimal number = new BigDecimal(form.group(1).endsWith(".") ? form.group(1) + "0" : form.group(1));
        String suffix = form.group(2) == null ? "" : form.group(2);
        if (BINARY.indexOf(suffix) > 0) {
            return Optional.of(binary(number.multiply(KIBI.pow(BINARY.indexOf(suffix)))));
        }
        if (DECIMAL.contains(suffix)) {
            return Optional.of(decimal(number.scaleByPowerOfTen(3 * (DECIMAL.indexOf(suffix) - UNIT))));
        }
        return Optional.of(exponent(number, Integer.parseInt(suffix.substring(1).replaceFirst("^\\+", ""))));
    }

    static BigDecimal value(String text) {
        Matcher form = FORM.matcher(text);
        if (!form.matches()) {
            return BigDecimal.ZERO;
        }
        BigDecimal number = new BigDecimal(form.group(1).endsWith(".") ? form.group(1) + "0" : form.group(1));
        String suffix = form.group(2) == null ? "" : form.group(2);
        if (BINARY.indexOf(suffix) > 0) {
            return number.multiply(KIBI.pow(BINARY.indexOf(suffix)));
        }
        return DECIMAL.contains(suffix)
                ? number.scaleByPowerOfTen(3 * (DECIMAL.indexOf(suffix) - UNIT))
                : number.scaleByPowerOfTen(Integer.parseInt(suffix.substring(1).replaceFirst("^\\+", "")));
    }

    private static String binary(BigDecimal bytes) {
        if (bytes.abs().compareTo(KIBI) < 0) {
            return decimal(bytes);
        }
        BigInteger whole = bytes.setScale(0, RoundingMode.UP).toBigIntegerExact();
        int unit = 0;
        while (unit < BINARY.size() - 1
                && whole.testBit(0) == false
                && whole.mod(KIBI.toBigInteger()).signum() == 0) {
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

    private static String exponent(BigDecimal number, int exponent) {
        BigDecimal amount = number.scaleByPowerOfTen(exponent).stripTrailingZeros();
        int power = Math.floorDiv(-amount.scale(), 3) * 3;
        BigInteger whole = amount.scaleByPowerOfTen(-power).toBigIntegerExact();
        return power == 0 ? whole.toString() : whole + "e" + power;
    }
}
