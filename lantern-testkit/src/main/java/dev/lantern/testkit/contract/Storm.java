package dev.lantern.testkit.contract;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lantern.journal.Append;
import dev.lantern.journal.AppendResult;
import dev.lantern.journal.Event;
import dev.lantern.journal.Fence;
import dev.lantern.journal.Journal;
import dev.lantern.journal.RunRow;
import dev.lantern.run.RunStatus;
import dev.lantern.value.RunRef;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Rival hosts on a few runs: each appends where it believes to be the owner, takes runs from others, repeats
 * what it has sent, and writes down every answer. At the end the answers are held against the chains.
 *
 * <p>An event's text names its writer and is unique, so a chain tells who wrote each place. A host begins its
 * ownership with an event {@code adopted by <host>}; every event between two of those must be that host's.
 *
 * <p>A rival makes its rounds, or as many of them as fit into the time: on a disk that takes long to sync, a
 * storm is a smaller one and not a longer one.
 */
final class Storm {
    private static final Duration SOON = Duration.ofSeconds(30);
    private static final Duration LONGEST = Duration.ofSeconds(45);

    private final Journal journal;
    private final int rivals;
    private final int rounds;
    private final long seed;
    private final List<RunRef> runs = new ArrayList<>();
    /** The oracle: for each run, the acknowledged winner of each place. */
    private final Map<RunRef, Map<Long, String>> won = new ConcurrentHashMap<>();

    private final Map<RunRef, List<String>> lost = new ConcurrentHashMap<>();
    private final AtomicInteger acknowledged = new AtomicInteger();
    private final AtomicInteger takeovers = new AtomicInteger();

    Storm(Journal journal, int rivals, int runs, int rounds, long seed) {
        this.journal = journal;
        this.rivals = rivals;
        this.rounds = rounds;
        this.seed = seed;
        for (int i = 0; i < runs; i++) {
            this.runs.add(new RunRef("storm", "run-" + i));
        }
    }

    int acknowledged() {
        return acknowledged.get();
    }

    int takeovers() {
        return takeovers.get();
    }

    void run() throws Exception {
        long first = join();
        for (RunRef run : runs) {
            won.put(run, new ConcurrentSkipListMap<>());
            lost.put(run, java.util.Collections.synchronizedList(new ArrayList<>()));
            String text = "adopted by " + first;
            journal.create(List.of(new TestRun(run).create(first, text)), SOON);
            wonIn(run).put(1L, text);
        }
        long start = System.nanoTime();
        Rivals.race(rivals, rival -> {
            long host = join();
            Random random = new Random(seed + rival);
            Set<RunRef> announced = new HashSet<>();
            for (int round = 0; round < rounds && System.nanoTime() - start < LONGEST.toNanos(); round++) {
                act(host, random, announced, round);
            }
            return rival;
        });
    }

    void verify() {
        for (RunRef run : runs) {
            RunRow row = journal.find(run, SOON).orElseThrow();
            List<Event> events = journal.read(row.key(), 0, Integer.MAX_VALUE, SOON);
            JournalRaces.assertUnbroken(row, events);
            List<String> texts = events.stream().map(Storm::text).toList();
            assertThat(texts)
                    .as("exactly the acknowledged events of %s, in their places", run)
                    .isEqualTo(List.copyOf(wonIn(run).values()));
            assertThat(texts).as("no loser of %s", run).doesNotContainAnyElementsOf(lostIn(run));
            assertOwnersOnly(texts);
        }
    }

    /** One round of one rival. {@code announced}: where its last takeover stands in the chain. */
    private void act(long host, Random random, Set<RunRef> announced, int round) {
        RunRef run = runs.get(random.nextInt(runs.size()));
        RunRow row = journal.find(run, SOON).orElseThrow();
        long owner = row.host().getAsLong();
        if (random.nextInt(8) == 0) {
            RunRow claimed = journal.claim(row.key(), owner, host, SOON).orElseThrow();
            boolean taken = owner != host && claimed.host().getAsLong() == host;
            if (taken) {
                takeovers.incrementAndGet();
                announced.remove(run);
                if (write(claimed, host, "adopted by " + host + " in round " + round, false)) {
                    announced.add(run);
                }
            }
        } else if (owner != host || announced.contains(run)) {
            // Where it is not the owner it may write as well: it must lose.
            write(row, host, "event by " + host + " in round " + round, random.nextInt(4) == 0);
        }
    }

    /** Appends what follows the row that was seen; whether it stands. */
    private boolean write(RunRow row, long host, String text, boolean twice) {
        Fence fence = new Fence(host, row.epoch(), row.head());
        Append append =
                new Append(row.key(), fence, TestRun.next(row.head(), text), row.epoch(), RunStatus.RUNNING, false);
        AppendResult first = journal.append(List.of(append), SOON).get(0);
        record(row.run(), append, text, first);
        if (twice) {
            AppendResult second = journal.append(List.of(append), SOON).get(0);
            if (first instanceof AppendResult.Appended) {
                assertThat(second).isEqualTo(new AppendResult.Replayed(append.after()));
            } else {
                assertThat(second).isNotInstanceOf(AppendResult.Replayed.class);
                record(row.run(), append, text, second);
            }
        }
        return first instanceof AppendResult.Appended;
    }

    private void record(RunRef run, Append append, String text, AppendResult result) {
        if (result instanceof AppendResult.Appended) {
            acknowledged.incrementAndGet();
            String rival = wonIn(run).put(append.after().seq(), text);
            assertThat(rival)
                    .as("place %s of %s was won once", append.after().seq(), run)
                    .isNull();
        } else {
            lostIn(run).add(text);
        }
    }

    private Map<Long, String> wonIn(RunRef run) {
        return Objects.requireNonNull(won.get(run), "a run of the storm");
    }

    private List<String> lostIn(RunRef run) {
        return Objects.requireNonNull(lost.get(run), "a run of the storm");
    }

    private static void assertOwnersOnly(List<String> texts) {
        String owner = "";
        for (String text : texts) {
            String writer = text.split(" ")[2];
            if (text.startsWith("adopted")) {
                owner = writer;
            }
            assertThat(writer).as("the writer of \"%s\"", text).isEqualTo(owner);
        }
    }

    private long join() {
        return journal.join("https://storm:1", Duration.ofHours(1), SOON).host();
    }

    private static String text(Event event) {
        return new String(event.bytes(), StandardCharsets.UTF_8);
    }
}
