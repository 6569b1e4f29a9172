package dev.lantern.journal.jdbc;

import dev.lantern.journal.Append;
import dev.lantern.journal.AppendResult;
import dev.lantern.journal.CreateResult;
import dev.lantern.journal.Durability;
import dev.lantern.journal.Event;
import dev.lantern.journal.InboxMessage;
import dev.lantern.journal.Journal;
import dev.lantern.journal.RunRow;
import dev.lantern.value.Commitment;
import dev.lantern.value.Digest;
import dev.lantern.value.RunRef;
import java.io.PrintStream;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;

/**
 * A host that writes to an embedded journal until it is killed, and prints each thing once it is acknowledged:
 *
 * <pre>
 * host 3                  a number given out
 * event 17 4 ab12…        run key, sequence number, hash
 * kept 17 ab12…           run key, commitment
 * message 5               a number given out
 * </pre>
 */
final class KilledWriter {
    private static final Duration SOON = Duration.ofSeconds(30);

    private final Journal journal;
    private final Random random;
    private final PrintStream out;
    private final List<RunRow> runs = new ArrayList<>();

    private KilledWriter(Journal journal, Random random, PrintStream out) {
        this.journal = journal;
        this.random = random;
        this.out = out;
    }

    /** Arguments: directory, durability, seed. */
    public static void main(String[] args) {
        JdbcOptions options = JdbcOptions.defaults().withDurability(Durability.valueOf(args[1]));
        // Compacts every few hundred writes, so that kills meet that too.
        Journal journal = JdbcJournal.embedded(Path.of(args[0]), options, 2_000_000);
        new KilledWriter(journal, new Random(Long.parseLong(args[2])), System.out).write(args[2]);
    }

    private void write(String seed) {
        long host = journal.join("https://killed:1", Duration.ofHours(1), SOON).host();
        out.println("host " + host);
        runs.addAll(journal.claimLapsed(host, 6, SOON));
        for (int i = 0; i < 3; i++) {
            create(new RunRef("kill", "seed-" + seed + "-" + i), host);
        }
        while (true) {
            group();
            if (random.nextInt(10) == 0) {
                keep();
            }
            if (random.nextInt(10) == 0) {
                put();
            }
        }
    }

    private void create(RunRef run, long host) {
        CreateResult result = journal.create(List.of(TestEvents.create(run, host, "created")), SOON)
                .get(0);
        RunRow row = ((CreateResult.Created) result).row();
        runs.add(row);
        acknowledged(row);
    }

    private void group() {
        List<Append> group = new ArrayList<>();
        for (RunRow row : runs) {
            if (random.nextBoolean()) {
                group.add(TestEvents.append(row, event(row)));
            }
        }
        List<AppendResult> results = journal.append(group, SOON);
        for (int i = 0; i < results.size(); i++) {
            Append append = group.get(i);
            if (!(results.get(i) instanceof AppendResult.Appended)) {
                throw new IllegalStateException("nobody else writes here, yet " + results.get(i));
            }
            runs.replaceAll(row -> row.key() == append.key() ? TestEvents.after(row, append) : row);
        }
        group.forEach(append -> out.println(
                line(append.key(), append.after().seq(), append.after().hash())));
    }

    private Event event(RunRow row) {
        byte[] bytes = new byte[100 + random.nextInt(600)];
        random.nextBytes(bytes);
        byte[] body = new byte[random.nextInt(20) == 0 ? 60_000 : 200];
        return TestEvents.event(row.head(), bytes, Optional.of(new Event.Erasable(new byte[32], body)));
    }

    private void keep() {
        long key = runs.get(random.nextInt(runs.size())).key();
        byte[] body = new byte[70_000 + random.nextInt(200_000)];
        random.nextBytes(body);
        Commitment commitment = new Commitment(Digest.sha256(body));
        journal.keep(key, commitment, body, SOON);
        out.println("kept " + key + " " + commitment.hex());
    }

    private void put() {
        long key = runs.get(random.nextInt(runs.size())).key();
        long id = journal.put(new InboxMessage(0, key, "signal", new byte[100]), SOON);
        out.println("message " + id);
    }

    private void acknowledged(RunRow row) {
        out.println(line(row.key(), row.head().seq(), row.head().hash()));
    }

    private static String line(long key, long seq, Digest hash) {
        return "event " + key + " " + seq + " " + hash.hex();
    }
}
