package dev.lantern.k8s;

import dev.lantern.spec.Quantity;
import java.util.List;

/**
 * A quantity as the API server writes it back. It keeps no other form than its own: thousands that divide evenly get a
 * suffix, {@code 4000} becomes {@code 4k}, and whoever wrote {@code 4000} would read a difference.
 */
final class Amount {
    private static final List<String> SUFFIXES = List.of("", "k", "M", "G", "T", "P", "E");

    private Amount() {}

    static String of(Quantity quantity) {
        String text = quantity.toString();
        boolean plain = text.chars().allMatch(c -> c >= '0' && c <= '9');
        return plain ? of(Long.parseLong(text)) : text;
    }

    static String of(long whole) {
        long left = whole;
        int thousands = 0;
        while (left != 0 && left % 1000 == 0) {
            left /= 1000;
            thousands++;
        }
        return left + SUFFIXES.get(thousands);
    }
}
