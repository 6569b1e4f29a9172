package dev.lantern.core.secrets;

import dev.lantern.secrets.SecretPlace;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Consumer;

/**
 * Tells the operator why there is no secret, which the one who asked is not told: once for each place, until it is another
 * reason or there was one again. Thread-safe.
 */
final class Absences {
    private static final int REMEMBERED = 10_000;

    private final Consumer<String> lines;
    private final Map<SecretPlace, String> told = new LinkedHashMap<>();

    Absences(Consumer<String> lines) {
        this.lines = lines;
    }

    void absent(SecretPlace place, String store, String why) {
        synchronized (told) {
            if (why.equals(told.put(place, why))) {
                return;
            }
            if (told.size() > REMEMBERED) {
                told.remove(told.keySet().iterator().next());
            }
        }
        lines.accept("No secret " + place + " from " + store + ": " + why);
    }

    void present(SecretPlace place) {
        synchronized (told) {
            told.remove(place);
        }
    }
}
