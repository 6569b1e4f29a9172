package dev.lantern.testkit.contract;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lantern.core.format.Chain;
import dev.lantern.journal.Append;
import dev.lantern.journal.AppendResult.Appended;
import dev.lantern.journal.Create;
import dev.lantern.journal.CreateResult;
import dev.lantern.journal.Event;
import dev.lantern.journal.Head;
import dev.lantern.journal.InboxMessage;
import dev.lantern.journal.RunRow;
import dev.lantern.value.RunRef;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Many threads as rival hosts. What they were told must agree with what stands at the end. */
interface JournalRaces extends JournalFixture {
    int RIVALS = 6;

    @Test
    default void of_rivals_for_one_place_exactly_one_wins() throws Exception {
        long host = joined();
        TestRun run = created("acme", "contested", host);
        for (int round = 0; round < 30; round++) {
            List<Append> rivals = IntStream.range(0, RIVALS)
                    .mapToObj(i -> run.append(host, "event " + (run.head().seq() + 1) + " of rival " + i))
                    .toList();

            List<Boolean> won = Rivals.race(RIVALS, i -> append(rivals.get(i)) instanceof Appended);

            assertThat(won).containsOnlyOnce(true);
            run.written(rivals.get(won.indexOf(true)));
            assertThat(row(run.ref()).head()).isEqualTo(run.head());
        }
        assertThat(journal().read(run.key(), 0, 100, SOON)).isEqualTo(run.events());
    }

    @Test
    default void of_equal_appends_sent_at_once_exactly_one_is_written_and_all_stand() throws Exception {
        long host = joined();
        TestRun run = created("acme", "repeated", host);
        for (int round = 0; round < 30; round++) {
            Append append = run.append(host, "event " + round);

            List<String> answers =
                    Rivals.race(RIVALS, i -> append(append).getClass().getSimpleName());

            assertThat(answers).containsOnlyOnce("Appended");
            assertThat(answers).containsOnly("Appended", "Replayed");
            run.written(append);
        }
        assertThat(journal().read(run.key(), 0, 100, SOON)).isEqualTo(run.events());
    }

    @Test
    default void of_rivals_creating_one_run_exactly_one_wins() throws Exception {
        List<Long> hosts = Rivals.race(RIVALS, i -> joined());
        for (int round = 0; round < 20; round++) {
            RunRef name = new RunRef("acme", "contested-" + round);
            RunRef own = new RunRef("acme", "own-" + round);
            List<Create> rivals = hosts.stream()
                    .map(host -> new TestRun(name).create(host, "created by " + host))
                    .toList();

            List<List<CreateResult>> results = Rivals.race(
                    RIVALS,
                    i -> journal()
                            .create(
                                    List.of(
                                            rivals.get(i),
                                            new TestRun(new RunRef(own.tenant(), own.run() + "-" + i))
                                                    .create(hosts.get(i), "neighbour")),
                                    SOON));

            List<Boolean> won = results.stream()
                    .map(result -> result.get(0) instanceof CreateResult.Created)
                    .toList();
            assertThat(won).containsOnlyOnce(true);
            assertThat(results).allMatch(result -> result.get(1) instanceof CreateResult.Created);
            Create winner = rivals.get(won.indexOf(true));
            RunRow row = row(name);
            assertThat(row.host()).hasValue(winner.host());
            assertThat(journal().read(row.key(), 0, 10, SOON)).isEqualTo(winner.events());
        }
    }

    @Test
    default void two_claimants_never_share_a_run() throws Exception {
        for (int round = 0; round < 5; round++) {
            long gone = lapsed();
            for (int i = 0; i < 40; i++) {
                created("acme", "left-" + round + "-" + i, gone);
            }
            List<Long> hosts = Rivals.race(RIVALS, i -> joined());

            List<List<RunRow>> claimed = Rivals.race(RIVALS, i -> claimAll(hosts.get(i)));

            List<RunRow> all = claimed.stream().flatMap(List::stream).toList();
            assertThat(all).extracting(RunRow::key).doesNotHaveDuplicates().hasSize(40);
            for (int i = 0; i < RIVALS; i++) {
                long host = hosts.get(i);
                assertThat(claimed.get(i)).allSatisfy(row -> {
                    assertThat(row.host()).hasValue(host);
                    assertThat(row(row.run()).host()).hasValue(host);
                });
            }
        }
    }

    @Test
    default void of_claims_on_one_owners_run_exactly_one_wins() throws Exception {
        List<Long> hosts = Rivals.race(RIVALS, i -> joined());
        long owner = joined();
        TestRun run = created("acme", "wanted", owner);
        for (int round = 0; round < 30; round++) {

            List<Long> owners = Rivals.race(
                    RIVALS,
                    i -> journal()
                            .claim(run.key(), owner, hosts.get(i), SOON)
                            .orElseThrow()
                            .host()
                            .getAsLong());

            long winner = row(run.ref()).host().getAsLong();
            assertThat(hosts).contains(winner);
            assertThat(owners).containsOnly(winner);
            journal().claim(run.key(), winner, owner, SOON);
        }
    }

    /** Who renews after a lapse is told by {@code owned}, then and for good, what it has lost. */
    @Test
    default void of_a_renewal_and_claims_at_the_same_moment_each_knows_whose_the_runs_are() throws Exception {
        for (int round = 0; round < 20; round++) {
            long owner = lapsed();
            for (int i = 0; i < 6; i++) {
                created("acme", "late-" + round + "-" + i, owner);
            }
            List<Long> hosts = List.of(joined(), joined());

            List<List<RunRow>> held = Rivals.race(3, i -> {
                if (i > 0) {
                    return journal().claimLapsed(hosts.get(i - 1), 4, SOON);
                }
                journal().renew(owner, LONG, SOON);
                return journal().owned(owner, 0, 100, SOON);
            });

            List<Long> keys =
                    held.stream().flatMap(List::stream).map(RunRow::key).toList();
            assertThat(keys).doesNotHaveDuplicates().hasSize(6);
            assertThat(journal().owned(owner, 0, 100, SOON)).isEqualTo(held.get(0));
            assertThat(journal().claimLapsed(hosts.get(0), 100, SOON)).isEmpty();
            journal().leave(owner, SOON);
            hosts.forEach(host -> journal().leave(host, SOON));
            long heir = joined();
            assertThat(claimAll(heir)).hasSize(6);
            journal().owned(heir, 0, 100, SOON).forEach(row -> {
                TestRun run = new TestRun(row.run());
                run.written(row.key(), journal().read(row.key(), 0, 1, SOON));
                closed(run, heir);
            });
        }
    }

    @Test
    default void groups_in_opposite_orders_neither_deadlock_nor_harm_each_other() throws Exception {
        long host = joined();
        List<TestRun> runs = new ArrayList<>();
        for (int i = 0; i < 24; i++) {
            runs.add(created("acme", "run-" + i, host));
        }
        for (int round = 0; round < 20; round++) {
            List<List<Append>> groups = IntStream.range(0, RIVALS)
                    .mapToObj(i -> {
                        List<TestRun> order = new ArrayList<>(runs);
                        Collections.rotate(order, i * 5);
                        if (i % 2 == 1) {
                            Collections.reverse(order);
                        }
                        return order.stream()
                                .map(run -> run.append(
                                        host, "rival " + i + " at " + run.head().seq()))
                                .toList();
                    })
                    .toList();

            List<List<Append>> winners = Rivals.race(RIVALS, i -> {
                var results = journal().append(groups.get(i), SOON);
                return IntStream.range(0, results.size())
                        .filter(at -> results.get(at) instanceof Appended)
                        .mapToObj(groups.get(i)::get)
                        .toList();
            });

            List<Append> won = winners.stream().flatMap(List::stream).toList();
            assertThat(won).extracting(Append::key).doesNotHaveDuplicates().hasSize(runs.size());
            won.forEach(append ->
                    runs.stream().filter(run -> run.key() == append.key()).forEach(run -> run.written(append)));
        }
        for (TestRun run : runs) {
            assertThat(journal().read(run.key(), 0, 100, SOON)).isEqualTo(run.events());
        }
    }

    @Test
    default void under_a_storm_of_rival_hosts_no_chain_forks_and_nothing_acknowledged_is_lost() throws Exception {
        Storm storm = new Storm(journal(), RIVALS, 5, 250, 20260101L);

        storm.run();

        assertThat(storm.acknowledged()).as("appends that won").isGreaterThan(100);
        assertThat(storm.takeovers()).as("ownership moves").isGreaterThan(10);
        storm.verify();
    }

    @Test
    default void messages_put_at_once_all_arrive_with_growing_numbers() throws Exception {
        long host = joined();
        TestRun run = created("acme", "busy", host);

        List<List<Long>> ids = Rivals.race(RIVALS, i -> {
            List<Long> own = new ArrayList<>();
            for (int n = 0; n < 20; n++) {
                own.add(journal().put(TestRun.message(run.key(), "signal", i + "/" + n), SOON));
            }
            return own;
        });

        assertThat(ids).allSatisfy(own -> assertThat(own).isSorted());
        assertThat(journal().inbox(host, 1000, SOON))
                .extracting(InboxMessage::id)
                .isSorted()
                .containsExactlyInAnyOrderElementsOf(
                        ids.stream().flatMap(List::stream).toList());
    }

    private List<RunRow> claimAll(long host) {
        List<RunRow> all = new ArrayList<>();
        while (true) {
            List<RunRow> claimed = journal().claimLapsed(host, 3, SOON);
            if (claimed.isEmpty()) {
                return all;
            }
            all.addAll(claimed);
        }
    }

    /** Recomputes a chain from its bytes. */
    static void assertUnbroken(RunRow row, List<Event> events) {
        Head at = Chain.genesis(row.run());
        for (Event event : events) {
            at = Chain.append(at, event.bytes());
            assertThat(new Head(event.seq(), event.hash())).isEqualTo(at);
        }
        assertThat(row.head()).isEqualTo(at);
    }
}
