package dev.lantern.testkit.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lantern.journal.Append;
import dev.lantern.journal.AppendResult;
import dev.lantern.journal.Create;
import dev.lantern.journal.CreateResult;
import dev.lantern.journal.Disposal;
import dev.lantern.journal.Disposal.Kind;
import dev.lantern.journal.DisposalResult;
import dev.lantern.journal.Disposed;
import dev.lantern.journal.Event;
import dev.lantern.journal.Event.Erasable;
import dev.lantern.journal.Head;
import dev.lantern.journal.Replacement;
import dev.lantern.journal.RunRow;
import dev.lantern.run.Retained;
import dev.lantern.run.RunLabels;
import dev.lantern.run.RunStatus;
import dev.lantern.value.RunRef;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Erasing and deleting closed runs, and never touching open ones. */
interface JournalDisposals extends JournalFixture {

    @Test
    default void erasing_leaves_every_event_and_nothing_beside_it() {
        TestRun run = closedWithPayloads("a", joined());

        assertThat(dispose(run, Kind.ERASE, "customer asked")).isEqualTo(new DisposalResult.Done());

        List<Event> events = journal().read(run.key(), 0, 100, SOON);
        assertThat(events).as("bytes and hashes").isEqualTo(run.events());
        assertThat(events).allSatisfy(event -> assertThat(event.erasable()).isEmpty());
        assertThat(journal().kept(run.key(), TestRun.commitment("large"), SOON)).isEmpty();
        assertThat(row(run.ref()))
                .isEqualTo(new RunRow(
                        run.ref(),
                        run.key(),
                        OptionalLong.empty(),
                        0,
                        run.head(),
                        RunStatus.SUCCEEDED,
                        Retained.CHAIN));
        assertThat(journal().disposed(run.key(), SOON))
                .extracting(Disposed::kind, Disposed::reason)
                .containsExactly(org.assertj.core.groups.Tuple.tuple(Kind.ERASE, "customer asked"));
    }

    @Test
    default void deleting_leaves_the_row_with_epoch_head_and_status() {
        for (Kind kind : List.of(Kind.DELETE, Kind.ARCHIVE)) {
            long host = joined();
            TestRun run = closedWithPayloads("a-" + kind, host);
            TestRun neighbour = closedWithPayloads("b-" + kind, host);

            assertThat(dispose(run, kind, "a year is over")).isEqualTo(new DisposalResult.Done());

            assertThat(journal().read(run.key(), 0, 100, SOON)).isEmpty();
            assertThat(journal().kept(run.key(), TestRun.commitment("large"), SOON))
                    .isEmpty();
            RunRow row = row(run.ref());
            assertThat(row.retained()).isEqualTo(Retained.TOMBSTONE);
            assertThat(row.head()).isEqualTo(run.head());
            assertThat(row.status()).isEqualTo(RunStatus.SUCCEEDED);
            assertThat(row.key()).isEqualTo(run.key());
            assertThat(journal().read(neighbour.key(), 0, 100, SOON)).isEqualTo(neighbour.events());
            assertThat(row(neighbour.ref()).retained()).isEqualTo(Retained.WHOLE);
        }
    }

    @Test
    default void the_name_of_a_deleted_run_stays_taken() {
        long host = joined();
        TestRun run = new TestRun(new RunRef("acme", "a"));
        Create create = run.create(host, "one");
        run.written(made(create(create)).key(), create.events());
        closed(run, host);
        dispose(run, Kind.DELETE, "over");

        CreateResult again = create(create);
        CreateResult other = create(new TestRun(run.ref()).create(host, "another history"));

        assertThat(again).isEqualTo(new CreateResult.Exists(row(run.ref())));
        assertThat(other).isEqualTo(again);
        assertThat(journal().read(run.key(), 0, 10, SOON)).isEmpty();
    }

    @Test
    default void an_open_run_is_never_touched() {
        long host = joined();
        TestRun owned = created("acme", "owned", host);
        TestRun released = created("acme", "released", host);
        journal().keep(owned.key(), TestRun.commitment("large"), TestRun.bytes("body"), SOON);
        journal().release(released.key(), host, SOON);

        for (Kind kind : Kind.values()) {
            assertThat(dispose(owned, kind, "too early")).isEqualTo(new DisposalResult.Open(OptionalLong.of(host)));
            assertThat(dispose(released, kind, "too early")).isEqualTo(new DisposalResult.Open(OptionalLong.empty()));
        }

        assertThat(journal().read(owned.key(), 0, 10, SOON)).isEqualTo(owned.events());
        assertThat(journal().kept(owned.key(), TestRun.commitment("large"), SOON))
                .isPresent();
        assertThat(row(owned.ref()).retained()).isEqualTo(Retained.WHOLE);
        assertThat(journal().disposed(owned.key(), SOON)).isEmpty();
        appended(owned, host, 1);
    }

    @Test
    default void another_end_of_the_chain_than_the_caller_knows_is_a_conflict() {
        TestRun run = closedWithPayloads("a", joined());
        Head shorter = new Head(1, run.events().get(0).hash());
        Head other = new Head(run.head().seq(), shorter.hash());

        for (Head head : List.of(shorter, other)) {
            assertThat(journal().dispose(List.of(new Disposal(run.key(), Kind.DELETE, head, "r")), SOON))
                    .containsExactly(new DisposalResult.Conflict(run.head()));
        }

        assertThat(journal().read(run.key(), 0, 100, SOON)).isEqualTo(run.events());
    }

    @Test
    default void an_unknown_run_is_said_to_be_unknown() {
        TestRun run = closedWithPayloads("a", joined());

        assertThat(journal().dispose(List.of(new Disposal(4711, Kind.DELETE, run.head(), "r")), SOON))
                .containsExactly(new DisposalResult.Unknown());
        assertThat(journal().disposed(4711, SOON)).isEmpty();
    }

    @Test
    default void repeats_are_done_already_and_leave_no_second_entry() {
        TestRun run = closedWithPayloads("a", joined());

        for (Kind kind : List.of(Kind.ERASE, Kind.ERASE, Kind.ARCHIVE, Kind.ARCHIVE, Kind.DELETE, Kind.ERASE)) {
            assertThat(dispose(run, kind, "because of " + kind)).isEqualTo(new DisposalResult.Done());
        }

        assertThat(journal().disposed(run.key(), SOON))
                .extracting(Disposed::reason)
                .containsExactly("because of ERASE", "because of ARCHIVE");
        assertThat(row(run.ref()).retained()).isEqualTo(Retained.TOMBSTONE);
    }

    @Test
    default void a_losing_disposal_harms_no_neighbour() {
        long host = joined();
        TestRun one = closedWithPayloads("one", host);
        TestRun open = created("acme", "open", host);
        TestRun two = closedWithPayloads("two", host);

        List<DisposalResult> results = journal()
                .dispose(
                        List.of(
                                new Disposal(two.key(), Kind.ERASE, two.head(), "r"),
                                new Disposal(open.key(), Kind.ERASE, open.head(), "r"),
                                new Disposal(4711, Kind.ERASE, open.head(), "r"),
                                new Disposal(one.key(), Kind.DELETE, one.head(), "r")),
                        SOON);

        assertThat(results)
                .containsExactly(
                        new DisposalResult.Done(),
                        new DisposalResult.Open(OptionalLong.of(host)),
                        new DisposalResult.Unknown(),
                        new DisposalResult.Done());
        assertThat(row(two.ref()).retained()).isEqualTo(Retained.CHAIN);
        assertThat(row(one.ref()).retained()).isEqualTo(Retained.TOMBSTONE);
    }

    @Test
    default void a_run_named_twice_in_one_group_is_refused_and_nothing_is_disposed_of() {
        TestRun run = closedWithPayloads("a", joined());
        Disposal disposal = new Disposal(run.key(), Kind.DELETE, run.head(), "r");

        assertThatThrownBy(() -> journal().dispose(List.of(disposal, disposal), SOON))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("twice");
        assertThat(row(run.ref()).retained()).isEqualTo(Retained.WHOLE);
        assertThat(journal().dispose(List.of(), SOON)).isEmpty();
    }

    @Test
    default void nothing_is_stored_under_a_closed_run() {
        long host = joined();
        TestRun run = closedWithPayloads("a", host);
        Erasable known = journal().read(run.key(), 0, 1, SOON).get(0).erasable().orElseThrow();

        journal().keep(run.key(), TestRun.commitment("late"), TestRun.bytes("late"), SOON);
        assertThat(journal().kept(run.key(), TestRun.commitment("late"), SOON)).isEmpty();

        dispose(run, Kind.ERASE, "r");
        journal().keep(run.key(), TestRun.commitment("large"), TestRun.bytes("back again"), SOON);
        assertThat(journal().kept(run.key(), TestRun.commitment("large"), SOON)).isEmpty();
        assertThat(journal().replace(List.of(new Replacement(run.key(), 1, known, known)), SOON))
                .containsExactly(false);
        assertThat(journal().keptOf(run.key(), Optional.empty(), 10, SOON)).isEmpty();
    }

    @Test
    default void a_disposed_run_answers_its_former_owner_as_every_closed_run_does() {
        long host = joined();
        for (Kind kind : List.of(Kind.ERASE, Kind.DELETE)) {
            TestRun run = created("acme", "a-" + kind, host);
            Append closing = closed(run, host);
            Append late = run.append(host, "late");
            dispose(run, kind, "r");

            assertThat(append(late)).isEqualTo(new AppendResult.NotOwner(OptionalLong.empty()));
            assertThat(append(closing))
                    .isEqualTo(
                            kind == Kind.ERASE
                                    ? new AppendResult.Replayed(run.head())
                                    : new AppendResult.NotOwner(OptionalLong.empty()));
            assertThat(journal().claim(run.key(), host, joined(), SOON)).contains(row(run.ref()));
            assertThat(journal().put(TestRun.message(run.key(), "cancel", "late"), SOON))
                    .isZero();
            assertThat(row(run.ref()).head()).isEqualTo(run.head());
            assertThat(journal().owned(host, 0, 100, SOON)).isEmpty();
        }
    }

    @Test
    default void what_is_kept_while_its_run_closes_and_is_erased_does_not_stay() throws Exception {
        for (int round = 0; round < 15; round++) {
            long host = joined();
            TestRun run = created("acme", "a-" + round, host);
            AtomicInteger kept = new AtomicInteger();

            Rivals.race(3, rival -> {
                if (rival == 0) {
                    closed(run, host);
                    assertThat(dispose(run, Kind.ERASE, "r")).isEqualTo(new DisposalResult.Done());
                    return rival;
                }
                for (int i = 0; i < 10; i++) {
                    journal().keep(run.key(), TestRun.commitment(rival + "-" + i), new byte[20_000], SOON);
                    kept.incrementAndGet();
                }
                return rival;
            });

            assertThat(kept).hasValue(20);
            assertThat(journal().keptOf(run.key(), Optional.empty(), 100, SOON)).isEmpty();
        }
    }

    @Test
    default void rival_disposers_meet_in_the_same_runs_and_both_are_done() throws Exception {
        long host = joined();
        List<TestRun> runs = IntStream.range(0, 20)
                .mapToObj(i -> closedWithPayloads("run-" + i, host))
                .toList();
        List<Disposal> disposals = runs.stream()
                .map(run -> new Disposal(run.key(), Kind.DELETE, run.head(), "r"))
                .toList();

        List<List<DisposalResult>> results = Rivals.race(4, rival -> {
            List<Disposal> own = new ArrayList<>(disposals);
            if (rival % 2 == 1) {
                java.util.Collections.reverse(own);
            }
            return journal().dispose(own, SOON);
        });

        assertThat(results).allSatisfy(all -> assertThat(all).containsOnly(new DisposalResult.Done()));
        for (TestRun run : runs) {
            assertThat(journal().disposed(run.key(), SOON)).hasSize(1);
        }
    }

    @Test
    default void disposers_that_meet_a_run_in_any_state_dispose_of_it_only_once_it_is_closed() throws Exception {
        for (int round = 0; round < 10; round++) {
            long first = joined();
            long second = joined();
            TestRun run = created("acme", "a-" + round, first);

            List<Long> answers = Rivals.race(3, rival -> {
                if (rival == 0) {
                    appended(run, first, 5);
                    assertThat(journal()
                                    .claim(run.key(), first, second, SOON)
                                    .orElseThrow()
                                    .host())
                            .hasValue(second);
                    appended(run, second, 5);
                    closed(run, second);
                    return 0L;
                }
                long refused = 0;
                while (true) {
                    Head head = row(run.ref()).head();
                    DisposalResult result = journal()
                            .dispose(List.of(new Disposal(run.key(), Kind.DELETE, head, "r")), SOON)
                            .get(0);
                    if (result instanceof DisposalResult.Done) {
                        return refused;
                    }
                    assertThat(result).isInstanceOfAny(DisposalResult.Open.class, DisposalResult.Conflict.class);
                    refused++;
                }
            });

            assertThat(answers.get(0)).as("every append was acknowledged").isZero();
            assertThat(run.head().seq()).isEqualTo(12);
            assertThat(row(run.ref()).head()).isEqualTo(run.head());
        }
    }

    private DisposalResult dispose(TestRun run, Kind kind, String reason) {
        return journal()
                .dispose(List.of(new Disposal(run.key(), kind, run.head(), reason)), SOON)
                .get(0);
    }

    /** Three events, payloads beside the first two, the first of them too large for other columns, and one kept apart. */
    private TestRun closedWithPayloads(String name, long host) {
        TestRun run = new TestRun(new RunRef("acme", name));
        Erasable input = new Erasable(TestRun.bytes("salt"), new byte[Event.MAX_BYTES + 1]);
        Event first = TestRun.event(run.head(), "one", Optional.of(input));
        RunLabels labels = RunLabels.none().with("team", "support");
        Create create = new Create(run.ref(), host, "triage", labels, TestRun.NOON, RunStatus.PENDING, List.of(first));
        run.written(made(create(create)).key(), create.events());
        journal().keep(run.key(), TestRun.commitment("large"), TestRun.bytes("large body"), SOON);
        Erasable output = new Erasable(TestRun.bytes("salt"), TestRun.bytes("body"));
        Append append = new Append(
                run.key(),
                run.append(host, "two").fence(),
                List.of(TestRun.event(run.head(), "two", Optional.of(output))),
                0,
                RunStatus.RUNNING,
                false);
        assertThat(append(append)).isEqualTo(new AppendResult.Appended(append.after()));
        run.written(append);
        closed(run, host);
        return run;
    }
}
