package dev.lantern.torture;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** What hosts asked of the journal and were answered, read from the files that they left. */
final class Ledger {

    /** The host is about to ask for this event to be written, behind this fence. */
    record Asked(String hash, long host, int epoch) {
        String line() {
            return "asked " + hash + " " + host + " " + epoch + "\n";
        }
    }

    /** The journal said that this event is durable. */
    record Acknowledged(String hash) {
        String line() {
            return "acknowledged " + hash + "\n";
        }
    }

    /** The journal answered this about one entry of a group. */
    record Told(String result) {
        String line() {
            return "told " + result + "\n";
        }
    }

    private final Map<String, List<Asked>> asked = new LinkedHashMap<>();
    private final Set<String> acknowledged = new LinkedHashSet<>();
    private final Map<String, Integer> told = new LinkedHashMap<>();

    private Ledger() {}

    static Ledger read(List<Path> files) throws IOException {
        Ledger ledger = new Ledger();
        for (Path file : files) {
            String text = Files.readString(file);
            // A host that was killed while it wrote leaves a line without its end, and was told nothing by it.
            for (String line : text.substring(0, text.lastIndexOf('\n') + 1).split("\n", -1)) {
                ledger.add(line.split(" ", -1));
            }
        }
        return ledger;
    }

    private void add(String[] words) {
        switch (words[0]) {
            case "asked" ->
                asked.computeIfAbsent(words[1], hash -> new ArrayList<>())
                        .add(new Asked(words[1], Long.parseLong(words[2]), Integer.parseInt(words[3])));
            case "acknowledged" -> acknowledged.add(words[1]);
            case "told" -> told.merge(words[1], 1, Integer::sum);
            case "" -> {}
            default -> throw new IllegalStateException("a ledger holds a line of an unknown kind: " + words[0]);
        }
    }

    /** Who asked for the event, if anybody did. */
    Optional<Asked> author(String hash) {
        return Optional.ofNullable(asked.get(hash)).map(all -> all.get(0));
    }

    Set<String> acknowledged() {
        return acknowledged;
    }

    /** How often the journal gave this answer. */
    int told(String result) {
        return told.getOrDefault(result, 0);
    }
}
