package dev.lantern.spec;

import java.util.Arrays;
import java.util.List;
import java.util.function.Function;

/** Reads one word of a closed list. */
final class Words {
    private Words() {}

    static <E extends Enum<E>> E parse(String field, String found, E[] values, Function<E, String> text) {
        for (E value : values) {
            if (text.apply(value).equals(found)) {
                return value;
            }
        }
        List<String> allowed = Arrays.stream(values).map(text).toList();
        throw InvalidSpecException.of(
                field, Shown.quoted(found), String.join(", ", allowed), DidYouMean.suggest(found, allowed));
    }
}
