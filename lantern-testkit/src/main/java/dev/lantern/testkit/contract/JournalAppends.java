package dev.lantern.testkit.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lantern.core.format.Chain;
import dev.lantern.journal.Append;
import dev.lantern.journal.AppendResult;
import dev.lantern.journal.AppendResult.Appended;
import dev.lantern.journal.AppendResult.Conflict;
import dev.lantern.journal.AppendResult.NotOwner;
import dev.lantern.journal.AppendResult.Replayed;
import dev.lantern.journal.AppendResult.StaleEpoch;
import dev.lantern.journal.AppendResult.Unknown;
import dev.lantern.journal.Event;
import dev.lantern.journal.Fence;
import dev.lantern.journal.Head;
import dev.lantern.journal.RunRow;
import dev.lantern.run.RunStatus;
import dev.lantern.value.Digest;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Appending behind the fence: each part of it alone, repeats, epochs, closing, groups. */
interface JournalAppends extends JournalFixture {

    // -- winning -------------------------------------------------------------------------------------------

    @Test
    default void an_append_behind_its_fence_is_written() {
        long host = joined();
        TestRun run = created("acme", "a", host);
        Append append = run.append(host, "two", "three", "four");

        assertThat(append(append)).isEqualTo(new Appended(append.after()));
        assertThat(row(run.ref()))
                .isEqualTo(
                        new RunRow(run.ref(), run.key(), OptionalLong.of(host), 0, append.after(), RunStatus.RUNNING));
        assertThat(journal().read(run.key(), 1, 10, SOON)).isEqualTo(append.events());
    }

    @Test
    default void a_lapsed_lease_by_itself_fences_nobody() {
        long host = lapsed();
        TestRun run = created("acme", "a", host);

        appended(run, host, 2);

        assertThat(row(run.ref()).head()).isEqualTo(run.head());
    }

    @Test
    default void what_can_be_erased_comes_back_as_it_was_given() {
        long host = joined();
        TestRun run = created("acme", "a", host);
        byte[] big = new byte[64 * 1024];
        new Random(7).nextBytes(big);
        List<Optional<Event.Erasable>> given = List.of(
                Optional.empty(),
                Optional.of(new Event.Erasable(new byte[0], new byte[0])),
                Optional.of(new Event.Erasable(new byte[32], new byte[] {0})),
                Optional.of(new Event.Erasable(new byte[64], big)),
                Optional.empty());
        List<Event> events = new ArrayList<>();
        Head at = run.head();
        for (Optional<Event.Erasable> erasable : given) {
            Event event = TestRun.event(at, "event " + events.size(), erasable);
            at = new Head(event.seq(), event.hash());
            events.add(event);
        }

        append(new Append(run.key(), new Fence(host, 0, run.head()), events, 0, RunStatus.RUNNING, false));

        List<Event> read = journal().read(run.key(), 1, 10, SOON);
        assertThat(read).isEqualTo(events);
        assertThat(read).extracting(Event::erasable).isEqualTo(given);
    }

    @Test
    default void events_of_any_bytes_and_size_come_back_exactly() {
        long host = joined();
        TestRun run = created("acme", "a", host);
        List<Event> events = new ArrayList<>();
        Head at = run.head();
        for (int size : new int[] {0, 1, 255, 256, 4096, 70_000, 300_000}) {
            byte[] bytes = new byte[size];
            new Random(size).nextBytes(bytes);
            at = Chain.append(at, bytes);
            events.add(new Event(at.seq(), bytes, at.hash(), Optional.empty()));
        }

        append(new Append(run.key(), new Fence(host, 0, run.head()), events, 0, RunStatus.RUNNING, false));

        assertThat(journal().read(run.key(), 1, 100, SOON)).isEqualTo(events);
    }

    // -- each fence alone ----------------------------------------------------------------------------------

    @Test
    default void another_host_is_not_owner_and_writes_nothing() {
        long host = joined();
        TestRun run = created("acme", "a", host);
        long rival = joined();

        assertLoses(run, run.append(rival, "rival"), new NotOwner(OptionalLong.of(host)));
    }

    @Test
    default void an_older_epoch_is_stale_and_writes_nothing() {
        long host = joined();
        TestRun run = created("acme", "a", host);
        raised(run, host);

        assertLoses(run, run.append(new Fence(host, 0, run.head()), "zombie"), new StaleEpoch(1));
    }

    @Test
    default void a_newer_epoch_is_stale_too_and_writes_nothing() {
        long host = joined();
        TestRun run = created("acme", "a", host);

        assertLoses(run, run.append(new Fence(host, 1, run.head()), "from the future"), new StaleEpoch(0));
    }

    @Test
    default void an_older_head_conflicts_and_writes_nothing() {
        long host = joined();
        TestRun run = created("acme", "a", host);
        Head old = run.head();
        appended(run, host, 1);

        assertLoses(run, run.append(new Fence(host, 0, old), "rival two"), new Conflict(run.head()));
    }

    @Test
    default void a_newer_head_conflicts_and_writes_nothing() {
        long host = joined();
        TestRun run = created("acme", "a", host);
        Head ahead = Chain.append(run.head(), TestRun.bytes("never written"));

        assertLoses(run, run.append(new Fence(host, 0, ahead), "three"), new Conflict(run.head()));
    }

    @Test
    default void the_same_place_with_another_hash_conflicts_and_writes_nothing() {
        long host = joined();
        TestRun run = created("acme", "a", host);
        Head forged = new Head(run.head().seq(), Digest.sha256(TestRun.bytes("another history")));

        assertLoses(run, run.append(new Fence(host, 0, forged), "two"), new Conflict(run.head()));
    }

    @Test
    default void the_same_hash_at_another_place_conflicts_and_writes_nothing() {
        long host = joined();
        TestRun run = created("acme", "a", host);
        Head moved = new Head(run.head().seq() + 1, run.head().hash());

        assertLoses(run, run.append(new Fence(host, 0, moved), "three"), new Conflict(run.head()));
    }

    @Test
    default void a_run_that_was_never_made_is_unknown() {
        long host = joined();
        TestRun run = created("acme", "a", host);
        Append append = run.append(host, "two");
        Append elsewhere =
                new Append(run.key() + 1000, append.fence(), append.events(), append.epoch(), append.status(), false);

        assertThat(append(elsewhere)).isEqualTo(new Unknown());
        assertThat(row(run.ref()).head()).isEqualTo(run.head());
    }

    // -- precedence ----------------------------------------------------------------------------------------

    @Test
    default void host_comes_before_epoch_and_epoch_before_head() {
        long host = joined();
        TestRun run = created("acme", "a", host);
        raised(run, host);
        long rival = joined();
        Head wrong = new Head(9, Digest.sha256(TestRun.bytes("wrong")));

        assertLoses(run, run.append(new Fence(rival, 0, wrong), "x"), new NotOwner(OptionalLong.of(host)));
        assertLoses(run, run.append(new Fence(rival, 1, wrong), "x"), new NotOwner(OptionalLong.of(host)));
        assertLoses(run, run.append(new Fence(rival, 0, run.head()), "x"), new NotOwner(OptionalLong.of(host)));
        assertLoses(run, run.append(new Fence(host, 0, wrong), "x"), new StaleEpoch(1));
        assertLoses(run, run.append(new Fence(host, 1, wrong), "x"), new Conflict(run.head()));
    }

    // -- repeats -------------------------------------------------------------------------------------------

    @Test
    default void repeating_an_append_after_a_lost_answer_is_replayed() {
        long host = joined();
        TestRun run = created("acme", "a", host);
        Append append = run.append(host, "two", "three");
        append(append);
        run.written(append);

        assertLoses(run, append, new Replayed(append.after()));
        assertLoses(run, append, new Replayed(append.after()));
    }

    @Test
    default void a_repeat_is_replayed_when_the_run_has_moved_on() {
        long host = joined();
        TestRun run = created("acme", "a", host);
        Append append = run.append(host, "two", "three");
        append(append);
        run.written(append);
        appended(run, host, 3);

        assertLoses(run, append, new Replayed(append.after()));
    }

    @Test
    default void a_repeat_is_replayed_when_the_epoch_has_risen() {
        long host = joined();
        TestRun run = created("acme", "a", host);
        Append append = run.append(host, "two");
        append(append);
        run.written(append);
        raised(run, host);

        assertLoses(run, append, new Replayed(append.after()));
    }

    @Test
    default void a_repeat_of_the_append_that_raised_the_epoch_raises_it_once() {
        long host = joined();
        TestRun run = created("acme", "a", host);
        Append raise = run.raisingEpoch(host, "instance lost");
        append(raise);
        run.written(raise);

        assertLoses(run, raise, new Replayed(raise.after()));
        assertThat(row(run.ref()).epoch()).isEqualTo(1);
    }

    @Test
    default void a_repeat_is_replayed_to_a_former_owner() {
        long host = joined();
        TestRun run = created("acme", "a", host);
        Append append = run.append(host, "two");
        append(append);
        run.written(append);
        long next = joined();
        journal().claim(run.key(), host, next, SOON);
        appended(run, next, 2);

        assertLoses(run, append, new Replayed(append.after()));
    }

    @Test
    default void a_repeat_is_replayed_when_the_run_is_closed() {
        long host = joined();
        TestRun run = created("acme", "a", host);
        Append append = run.append(host, "two");
        append(append);
        run.written(append);
        Append close = closed(run, host);

        assertLoses(run, append, new Replayed(append.after()));
        assertLoses(run, close, new Replayed(close.after()));
    }

    @Test
    default void a_repeat_that_begins_the_same_and_ends_otherwise_conflicts() {
        long host = joined();
        TestRun run = created("acme", "a", host);
        Fence fence = new Fence(host, 0, run.head());
        Append append = run.append(fence, "two", "three");
        append(append);
        run.written(append);

        assertLoses(run, run.append(fence, "two", "other"), new Conflict(run.head()));
        assertLoses(run, run.append(fence, "two", "three", "four"), new Conflict(run.head()));
    }

    @Test
    default void the_first_part_of_a_written_append_stands() {
        long host = joined();
        TestRun run = created("acme", "a", host);
        Fence fence = new Fence(host, 0, run.head());
        Append append = run.append(fence, "two", "three");
        append(append);
        run.written(append);
        Append part = run.append(fence, "two");

        assertLoses(run, part, new Replayed(part.after()));
    }

    @Test
    default void a_losing_append_that_is_sent_again_loses_again() {
        long host = joined();
        TestRun run = created("acme", "a", host);
        Append rival = run.append(joined(), "rival");

        assertLoses(run, rival, new NotOwner(OptionalLong.of(host)));
        assertLoses(run, rival, new NotOwner(OptionalLong.of(host)));
    }

    // -- epochs and closing --------------------------------------------------------------------------------

    @Test
    default void the_epoch_rises_only_with_the_append_that_says_so() {
        long host = joined();
        TestRun run = created("acme", "a", host);
        assertThat(row(run.ref()).epoch()).isZero();

        appended(run, host, 1);
        assertThat(row(run.ref()).epoch()).isZero();

        raised(run, host);
        assertThat(row(run.ref()).epoch()).isEqualTo(1);
        assertThat(row(run.ref()).status()).isEqualTo(RunStatus.RESUMING);

        appended(run, host, 1);
        assertThat(row(run.ref()).epoch()).isEqualTo(1);
    }

    @Test
    default void a_losing_append_raises_no_epoch() {
        long host = joined();
        TestRun run = created("acme", "a", host);

        assertLoses(run, run.raisingEpoch(joined(), "rival"), new NotOwner(OptionalLong.of(host)));
        assertThat(row(run.ref()).epoch()).isZero();
    }

    @Test
    default void after_closing_the_run_has_no_owner_and_takes_nothing() {
        long host = joined();
        TestRun run = created("acme", "a", host);
        closed(run, host);

        assertThat(row(run.ref()).host()).isEmpty();
        assertThat(row(run.ref()).status()).isEqualTo(RunStatus.SUCCEEDED);
        assertLoses(run, run.append(host, "one more"), new NotOwner(OptionalLong.empty()));
    }

    @Test
    default void a_terminal_status_alone_closes_nothing() {
        long host = joined();
        TestRun run = created("acme", "a", host);
        Append terminal = new Append(
                run.key(),
                new Fence(host, 0, run.head()),
                TestRun.next(run.head(), "run_succeeded"),
                0,
                RunStatus.SUCCEEDED,
                false);
        append(terminal);
        run.written(terminal);

        assertThat(row(run.ref()).host()).hasValue(host);
        closed(run, host);
        assertThat(row(run.ref()).host()).isEmpty();
    }

    @Test
    default void every_status_comes_back() {
        long host = joined();
        TestRun run = created("acme", "a", host);
        for (RunStatus status : RunStatus.values()) {
            Append append = new Append(
                    run.key(),
                    new Fence(host, 0, run.head()),
                    TestRun.next(run.head(), status.name()),
                    0,
                    status,
                    false);
            append(append);
            run.written(append);

            assertThat(row(run.ref()).status()).isEqualTo(status);
        }
    }

    // -- groups --------------------------------------------------------------------------------------------

    @Test
    default void a_losing_append_harms_no_neighbour_wherever_it_stands_and_however_it_loses() {
        int cases = 0;
        for (Loss loss : Loss.values()) {
            for (int place = 0; place < 3; place++) {
                long host = joined();
                String name = loss + "-" + place;
                TestRun bad = created("acme", "bad-" + name, host);
                appended(bad, host, 1);
                TestRun left = created("acme", "left-" + name, host);
                TestRun right = created("acme", "right-" + name, host);
                Append loser = loss.of(bad, host);
                Append l = left.append(host, "l1", "l2");
                Append r = right.append(host, "r1");
                List<Append> group = switch (place) {
                    case 0 -> List.of(loser, l, r);
                    case 1 -> List.of(l, loser, r);
                    default -> List.of(r, l, loser);
                };

                List<AppendResult> results = journal().append(group, SOON);

                assertThat(results.get(place)).as(name).isInstanceOf(loss.result);
                assertThat(results.get(group.indexOf(l))).as(name).isEqualTo(new Appended(l.after()));
                assertThat(results.get(group.indexOf(r))).as(name).isEqualTo(new Appended(r.after()));
                assertThat(row(bad.ref()).head()).as(name).isEqualTo(bad.head());
                assertThat(row(left.ref()).head()).as(name).isEqualTo(l.after());
                assertThat(row(right.ref()).head()).as(name).isEqualTo(r.after());
                assertThat(journal().read(bad.key(), 0, 10, SOON)).as(name).isEqualTo(bad.events());
                assertThat(journal().read(left.key(), 1, 10, SOON)).as(name).isEqualTo(l.events());
                assertThat(journal().read(right.key(), 1, 10, SOON)).as(name).isEqualTo(r.events());
                cases++;
            }
        }
        assertThat(cases).isEqualTo(15);
    }

    @Test
    default void a_large_group_is_written_whole_whatever_its_order() {
        long host = joined();
        List<TestRun> runs = new ArrayList<>();
        for (int i = 0; i < 100; i++) {
            runs.add(created("acme", "run-" + i, host));
        }
        Random random = new Random(4711);
        for (int round = 0; round < 5; round++) {
            java.util.Collections.shuffle(runs, random);
            List<Append> group =
                    runs.stream().map(run -> run.append(host, "a", "b")).toList();

            List<AppendResult> results = journal().append(group, SOON);

            for (int i = 0; i < runs.size(); i++) {
                assertThat(results.get(i)).isEqualTo(new Appended(group.get(i).after()));
                runs.get(i).written(group.get(i));
            }
        }
        for (TestRun run : runs) {
            assertThat(row(run.ref()).head()).isEqualTo(run.head());
            assertThat(journal().read(run.key(), 0, 100, SOON)).isEqualTo(run.events());
        }
    }

    @Test
    default void repeating_a_whole_group_replays_all_of_it() {
        long host = joined();
        TestRun one = created("acme", "one", host);
        TestRun two = created("acme", "two", host);
        List<Append> group = List.of(one.append(host, "x"), two.append(host, "y", "z"));
        journal().append(group, SOON);

        assertThat(journal().append(group, SOON))
                .isEqualTo(List.of(
                        new Replayed(group.get(0).after()),
                        new Replayed(group.get(1).after())));
        assertThat(journal().read(two.key(), 1, 10, SOON))
                .isEqualTo(group.get(1).events());
    }

    @Test
    default void a_run_named_twice_in_one_append_group_is_refused_and_nothing_is_written() {
        long host = joined();
        TestRun run = created("acme", "a", host);
        TestRun neighbour = created("acme", "b", host);

        assertThatThrownBy(() -> journal()
                        .append(
                                List.of(
                                        neighbour.append(host, "n"),
                                        run.append(host, "two"),
                                        run.append(host, "also two")),
                                SOON))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("run " + run.key())
                .hasMessageContaining("twice");
        assertThat(row(run.ref()).head()).isEqualTo(run.head());
        assertThat(row(neighbour.ref()).head()).isEqualTo(neighbour.head());
    }

    @Test
    default void an_empty_group_appends_nothing() {
        assertThat(journal().append(List.of(), SOON)).isEmpty();
    }

    // -- shared --------------------------------------------------------------------------------------------

    /** Ways in which an append to a run with a fence of epoch 0 loses. */
    enum Loss {
        HOST(NotOwner.class) {
            @Override
            Append of(TestRun run, long host) {
                return run.append(host + 1000, "x");
            }
        },
        EPOCH(StaleEpoch.class) {
            @Override
            Append of(TestRun run, long host) {
                return run.append(new Fence(host, 1, run.head()), "x");
            }
        },
        HEAD(Conflict.class) {
            @Override
            Append of(TestRun run, long host) {
                Head forged = new Head(run.head().seq(), Digest.sha256(TestRun.bytes("forged")));
                return run.append(new Fence(host, 0, forged), "x");
            }
        },
        REPEAT(Replayed.class) {
            @Override
            Append of(TestRun run, long host) {
                Event last = run.events().get(1);
                Event first = run.events().get(0);
                Fence fence = new Fence(host, 0, new Head(first.seq(), first.hash()));
                return new Append(run.key(), fence, List.of(last), 0, RunStatus.RUNNING, false);
            }
        },
        UNKNOWN(Unknown.class) {
            @Override
            Append of(TestRun run, long host) {
                Append append = run.append(host, "x");
                return new Append(run.key() + 1_000_000, append.fence(), append.events(), 0, RunStatus.RUNNING, false);
            }
        };

        private final Class<? extends AppendResult> result;

        Loss(Class<? extends AppendResult> result) {
            this.result = result;
        }

        abstract Append of(TestRun run, long host);
    }

    private void raised(TestRun run, long host) {
        Append raise = run.raisingEpoch(host, "instance lost");
        assertThat(append(raise)).isEqualTo(new Appended(raise.after()));
        run.written(raise);
    }

    private void assertLoses(TestRun run, Append append, AppendResult expected) {
        RunRow before = row(run.ref());
        assertThat(append(append)).isEqualTo(expected);
        assertThat(row(run.ref())).isEqualTo(before);
        assertThat(journal().read(run.key(), 0, 1000, SOON)).isEqualTo(run.events());
    }
}
