package dev.lantern.testkit.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lantern.journal.Append;
import dev.lantern.journal.Create;
import dev.lantern.journal.Event;
import dev.lantern.journal.Event.Erasable;
import dev.lantern.journal.Fence;
import dev.lantern.journal.Head;
import dev.lantern.journal.Replacement;
import dev.lantern.journal.RunRow;
import dev.lantern.run.RunLabels;
import dev.lantern.run.RunStatus;
import dev.lantern.value.Commitment;
import dev.lantern.value.RunRef;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Replacing what stands beside events, and walking through all that may have to be replaced. */
interface JournalReplaces extends JournalFixture {

    @Test
    default void what_stands_beside_an_event_is_replaced_and_nothing_else() {
        TestRun run = withPayloads("a", joined(), erasable("old 1"), erasable("old 2"), erasable("old 3"));

        assertThat(replaced(run, 2, erasable("old 2"), erasable("new 2"))).isTrue();

        assertThat(beside(run)).containsExactly(erasable("old 1"), erasable("new 2"), erasable("old 3"));
        assertThat(journal().read(run.key(), 0, 10, SOON)).isEqualTo(run.events());
        assertThat(row(run.ref()).head()).isEqualTo(run.head());
    }

    @Test
    default void what_the_caller_does_not_know_stands() {
        TestRun run = withPayloads("a", joined(), erasable("old"));
        appended(run, row(run.ref()).host().orElseThrow(), 1);
        Erasable otherSalts =
                new Erasable(TestRun.bytes("other"), erasable("old").body());
        Erasable otherBody = new Erasable(erasable("old").salts(), TestRun.bytes("other"));

        assertThat(replaced(run, 1, otherSalts, erasable("new"))).isFalse();
        assertThat(replaced(run, 1, otherBody, erasable("new"))).isFalse();
        assertThat(replaced(run, 2, erasable("old"), erasable("new")))
                .as("an event without payloads, or whose payloads were erased, gets none")
                .isFalse();
        assertThat(replaced(run, 3, erasable("old"), erasable("new"))).isFalse();
        assertThat(replaced(run, 0, erasable("old"), erasable("new"))).isFalse();
        assertThat(journal()
                        .replace(List.of(new Replacement(run.key() + 4711, 1, erasable("old"), erasable("new"))), SOON))
                .containsExactly(false);

        assertThat(beside(run)).containsExactly(erasable("old"));
    }

    @Test
    default void one_that_does_not_stand_harms_no_neighbour_and_answers_keep_their_order() {
        long host = joined();
        TestRun one = withPayloads("one", host, erasable("1"), erasable("2"));
        TestRun two = withPayloads("two", host, erasable("3"));

        List<Boolean> replaced = journal()
                .replace(
                        List.of(
                                new Replacement(two.key(), 1, erasable("3"), erasable("new 3")),
                                new Replacement(one.key(), 2, erasable("not this"), erasable("new 2")),
                                new Replacement(one.key(), 1, erasable("1"), erasable("new 1"))),
                        SOON);

        assertThat(replaced).containsExactly(true, false, true);
        assertThat(beside(one)).containsExactly(erasable("new 1"), erasable("2"));
        assertThat(beside(two)).containsExactly(erasable("new 3"));
        assertThat(journal().replace(List.of(), SOON)).isEmpty();
    }

    @Test
    default void a_repeat_finds_it_done() {
        TestRun run = withPayloads("a", joined(), erasable("old"));

        assertThat(replaced(run, 1, erasable("old"), erasable("new"))).isTrue();
        assertThat(replaced(run, 1, erasable("old"), erasable("new"))).isFalse();

        assertThat(beside(run)).containsExactly(erasable("new"));
    }

    @Test
    default void a_closed_run_is_no_exception() {
        long host = joined();
        TestRun run = withPayloads("a", host, erasable("old"));
        closed(run, host);

        assertThat(replaced(run, 1, erasable("old"), erasable("new"))).isTrue();
        assertThat(beside(run)).containsExactly(erasable("new"));
    }

    @Test
    default void bodies_of_every_size_replace_each_other_and_salts_may_be_none() {
        TestRun run = withPayloads("a", joined(), erasable("old"));
        Erasable large = new Erasable(new byte[0], random(1, 17 * 1024 * 1024));
        Erasable middle = new Erasable(new byte[0], random(2, Event.MAX_BYTES));
        Erasable next = new Erasable(random(3, 64), random(4, 3 * 1024 * 1024));
        Erasable nothing = new Erasable(new byte[0], new byte[0]);

        Erasable known = erasable("old");
        for (Erasable other : List.of(large, middle, next, nothing, large)) {
            assertThat(replaced(run, 1, known, other)).isTrue();
            assertThat(beside(run)).containsExactly(other);
            known = other;
        }
    }

    @Test
    default void of_rivals_who_replace_the_same_one_wins() throws Exception {
        TestRun run = withPayloads("a", joined(), erasable("old"));

        List<Boolean> won = Rivals.race(4, rival -> replaced(run, 1, erasable("old"), erasable("new of " + rival)));

        assertThat(won).containsOnlyOnce(true);
        assertThat(beside(run)).containsExactly(erasable("new of " + won.indexOf(true)));
    }

    @Test
    default void groups_that_overlap_in_opposite_orders_end() throws Exception {
        long host = joined();
        List<TestRun> runs = IntStream.range(0, 6)
                .mapToObj(i -> withPayloads("run-" + i, host, erasable("old"), erasable("old")))
                .toList();

        List<List<Boolean>> answers = Rivals.race(4, rival -> {
            List<Replacement> group = new ArrayList<>();
            for (TestRun run : runs) {
                group.add(new Replacement(run.key(), 1, erasable("old"), erasable("new")));
                group.add(new Replacement(run.key(), 2, erasable("old"), erasable("new")));
            }
            Collections.shuffle(group, new Random(rival));
            return journal().replace(group, SOON);
        });

        assertThat(answers.stream().flatMap(List::stream).filter(won -> won)).hasSize(12);
        assertThat(runs).allSatisfy(run -> assertThat(beside(run)).containsOnly(erasable("new")));
    }

    @Test
    default void a_kept_payload_is_replaced_only_if_it_is_the_known_one() {
        TestRun run = created("acme", "a", joined());
        Commitment place = TestRun.commitment("p");
        journal().keep(run.key(), place, random(1, 3 * 1024 * 1024), SOON);

        assertThat(journal().replaceKept(run.key(), place, TestRun.bytes("other"), TestRun.bytes("new"), SOON))
                .isFalse();
        assertThat(journal().replaceKept(run.key(), TestRun.commitment("q"), TestRun.bytes("new"), new byte[1], SOON))
                .isFalse();
        assertThat(journal().replaceKept(4711, place, random(1, 3 * 1024 * 1024), new byte[1], SOON))
                .isFalse();
        assertThat(journal().kept(run.key(), place, SOON)).contains(random(1, 3 * 1024 * 1024));
        assertThat(journal().kept(run.key(), TestRun.commitment("q"), SOON)).isEmpty();

        assertThat(journal().replaceKept(run.key(), place, random(1, 3 * 1024 * 1024), TestRun.bytes("new"), SOON))
                .isTrue();
        assertThat(journal().kept(run.key(), place, SOON)).contains(TestRun.bytes("new"));
    }

    @Test
    default void every_kept_payload_of_a_run_is_listed_in_pages() {
        long host = joined();
        TestRun run = created("acme", "a", host);
        journal().keep(created("acme", "b", host).key(), TestRun.commitment("of another run"), new byte[1], SOON);
        List<Commitment> kept = IntStream.range(0, 10)
                .mapToObj(i -> TestRun.commitment("payload " + i))
                .sorted(Comparator.comparing(Commitment::hex))
                .toList();
        kept.forEach(commitment -> journal().keep(run.key(), commitment, new byte[1], SOON));

        List<Commitment> listed = new ArrayList<>();
        List<Commitment> page = journal().keptOf(run.key(), Optional.empty(), 4, SOON);
        while (!page.isEmpty()) {
            assertThat(page).hasSizeLessThanOrEqualTo(4);
            listed.addAll(page);
            page = journal().keptOf(run.key(), Optional.of(page.get(page.size() - 1)), 4, SOON);
        }

        assertThat(listed).isEqualTo(kept);
        assertThat(journal().keptOf(4711, Optional.empty(), 4, SOON)).isEmpty();
        assertThatThrownBy(() -> journal().keptOf(run.key(), Optional.empty(), 0, SOON))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("at least one");
    }

    @Test
    default void every_run_is_listed_by_its_key_open_or_closed() {
        long host = joined();
        List<RunRow> rows = new ArrayList<>();
        for (int i = 0; i < 5; i++) {
            TestRun run = created("tenant-" + i % 2, "run-" + i, host);
            if (i % 2 == 0) {
                closed(run, host);
            }
            rows.add(row(run.ref()));
        }
        rows.sort(Comparator.comparingLong(RunRow::key));

        List<RunRow> listed = new ArrayList<>();
        List<RunRow> page = journal().runs(Long.MIN_VALUE, 2, SOON);
        while (!page.isEmpty()) {
            assertThat(page).hasSizeLessThanOrEqualTo(2);
            listed.addAll(page);
            page = journal().runs(page.get(page.size() - 1).key(), 2, SOON);
        }

        assertThat(listed).isEqualTo(rows);
        assertThatThrownBy(() -> journal().runs(0, 0, SOON))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("at least one");
    }

    private boolean replaced(TestRun run, long seq, Erasable known, Erasable next) {
        return journal()
                .replace(List.of(new Replacement(run.key(), seq, known, next)), SOON)
                .get(0);
    }

    /** Of every event that has something. */
    private List<Erasable> beside(TestRun run) {
        return journal().read(run.key(), 0, 100, SOON).stream()
                .flatMap(event -> event.erasable().stream())
                .toList();
    }

    private TestRun withPayloads(String name, long host, Erasable... payloads) {
        TestRun run = new TestRun(new RunRef("acme", name));
        Event first = TestRun.event(run.head(), "event 1", Optional.of(payloads[0]));
        Create create = new Create(
                run.ref(), host, "triage", RunLabels.none(), TestRun.NOON, RunStatus.PENDING, List.of(first));
        run.written(made(create(create)).key(), create.events());
        for (int i = 1; i < payloads.length; i++) {
            Head head = run.head();
            Event event = TestRun.event(head, "event " + (i + 1), Optional.of(payloads[i]));
            Append append =
                    new Append(run.key(), new Fence(host, 0, head), List.of(event), 0, RunStatus.RUNNING, false);
            append(append);
            run.written(append);
        }
        return run;
    }

    private static Erasable erasable(String text) {
        return new Erasable(TestRun.bytes("salts of " + text), TestRun.bytes("body of " + text));
    }

    private static byte[] random(int seed, int length) {
        byte[] bytes = new byte[length];
        new Random(seed).nextBytes(bytes);
        return bytes;
    }
}
