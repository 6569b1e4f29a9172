package dev.lantern.core.gate;

import dev.lantern.gate.HandlerKind;
import java.util.List;
import java.util.stream.Collectors;

/** How the gate puts lists into a sentence that stays readable on a cluster of any size. */
final class Sentences {
    private static final int NAMED = 10;

    private Sentences() {}

    /** {@code gVisor or Kata}. */
    static String kinds(List<HandlerKind> kinds) {
        return kinds.stream().map(HandlerKind::text).collect(Collectors.joining(" or "));
    }

    /** The first few, and how many more there are. */
    static String some(List<String> items, String between) {
        String named = items.stream().limit(NAMED).collect(Collectors.joining(between));
        return items.size() <= NAMED ? named : named + between + "and " + (items.size() - NAMED) + " more";
    }

    /** {@code 1 node}, {@code 2 nodes}. */
    static String count(int count, String noun) {
        return count + " " + noun + (count == 1 ? "" : "s");
    }
}
