package dev.lantern.testkit.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lantern.gate.ClusterFacts;
import dev.lantern.gate.Fact;
import dev.lantern.gate.Facts;
import dev.lantern.gate.HostFacts;
import dev.lantern.substrate.InstanceEnd;
import dev.lantern.substrate.InstanceRef;
import dev.lantern.substrate.InstanceStart;
import dev.lantern.substrate.Substrate;
import dev.lantern.value.LanternException;
import dev.lantern.value.RunRef;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * What every {@link Substrate} does. A backend's test extends this class, says how to make one, and how its agents
 * behave:
 *
 * <pre>{@code
 * class MySubstrateTest extends SubstrateContract {
 *     @Override
 *     protected Substrate make() {
 *         return new MySubstrate(freshPlace());
 *     }
 *
 *     @Override
 *     protected InstanceStart start(InstanceRef instance, InstanceBehaviour behaviour) {
 *         return …;
 *     }
 *
 *     @Override
 *     protected boolean runs(InstanceRef instance) {
 *         return …;
 *     }
 * }
 * }</pre>
 *
 * <p>A backend that deviates overrides the test and disables it with the reason.
 */
public abstract class SubstrateContract {
    /** Longer than any call takes. */
    protected static final Duration SOON = Duration.ofSeconds(30);

    private static final int RACERS = 6;
    private static final int ROUNDS = 20;

    private final Overheard overheard = new Overheard();
    private Substrate substrate;

    /** Only subclasses make one. */
    protected SubstrateContract() {}

    /** A new one that runs nothing and is not open. */
    protected abstract Substrate make() throws Exception;

    /** The start of an instance whose agent behaves like this. */
    protected abstract InstanceStart start(InstanceRef instance, InstanceBehaviour behaviour);

    /** Whether anything of this instance runs, told without asking the substrate. */
    protected abstract boolean runs(InstanceRef instance);

    /** What it calls the stream that an agent's standard output is told in. */
    protected String standardOutput() {
        return "stdout";
    }

    /** How long an instance may take to be up, to end, and to be gone. */
    protected Duration patience() {
        return Duration.ofSeconds(20);
    }

    /** The installation that the instances belong to: one of its own for each test, where tests share a place. */
    protected String installation() {
        return "contract-test";
    }

    /** The open one. */
    protected final Substrate substrate() {
        return substrate;
    }

    @BeforeEach
    final void openSubstrate() throws Exception {
        substrate = make();
        substrate.open(new TestSubstrateHost(installation(), overheard, overheard::position));
    }

    @AfterEach
    final void closeSubstrate() {
        // Else the failure to make one would be told as another one.
        if (substrate != null) {
            substrate.close();
        }
    }

    @Test
    void what_was_started_runs_and_stands_until_it_is_stopped() {
        InstanceRef instance = started("runs", 1, InstanceBehaviour.RUNS_UNTIL_ASKED);

        assertThat(runs(instance)).isTrue();
        assertThat(substrate.standing(SOON)).containsExactly(instance);
        stop(instance, SOON, SOON.multipliedBy(2));

        assertThat(runs(instance)).isFalse();
        assertThat(substrate.standing(SOON)).isEmpty();
        assertThat(overheard.ends(instance))
                .as("an end that was asked for is no news")
                .isEmpty();
    }

    @Test
    void start_is_idempotent_by_run_and_epoch() {
        InstanceRef instance = started("twice", 1, InstanceBehaviour.RUNS_UNTIL_ASKED);

        substrate.start(start(instance, InstanceBehaviour.RUNS_UNTIL_ASKED), SOON);
        substrate.start(start(instance, InstanceBehaviour.RUNS_UNTIL_ASKED), SOON);

        assertThat(substrate.standing(SOON)).containsExactly(instance);
        stop(instance, Duration.ZERO, SOON);
        assertThat(runs(instance)).isFalse();
        assertThat(overheard.lines(instance)).containsOnlyOnce(standardOutput() + ": up");
    }

    @Test
    void stop_is_idempotent_and_stopping_what_does_not_stand_is_no_error() {
        InstanceRef instance = started("stopped", 1, InstanceBehaviour.RUNS_UNTIL_ASKED);

        stop(instance, Duration.ZERO, SOON);
        stop(instance, Duration.ZERO, SOON);
        stop(ref("never-started", 1), Duration.ZERO, SOON);

        assertThat(substrate.standing(SOON)).isEmpty();
    }

    @Test
    void what_does_not_end_when_it_is_asked_is_killed_after_the_grace() {
        InstanceRef instance = started("stubborn", 1, InstanceBehaviour.RUNS_UNTIL_KILLED);
        Duration grace = Duration.ofMillis(300);
        long before = System.nanoTime();

        stop(instance, grace, SOON);

        assertThat(Duration.ofNanos(System.nanoTime() - before)).isGreaterThanOrEqualTo(grace);
        assertThat(runs(instance)).isFalse();
    }

    @Test
    void exit_is_told_with_its_code() {
        InstanceRef instance = ref("exits", 1);
        substrate.start(start(instance, InstanceBehaviour.EXITS_WITH_3), SOON);

        assertThat(end(instance)).isEqualTo(new InstanceEnd.Exited(3));
        assertThat(runs(instance)).isFalse();
        stop(instance, Duration.ZERO, SOON);
        assertThat(substrate.standing(SOON)).isEmpty();
    }

    @Test
    void what_has_ended_is_not_started_again_before_it_was_stopped() {
        InstanceRef instance = ref("ended", 1);
        InstanceStart start = start(instance, InstanceBehaviour.WRITES_THREE_LINES);
        substrate.start(start, SOON);
        end(instance);

        substrate.start(start, SOON);
        stop(instance, Duration.ZERO, SOON);

        assertThat(overheard.lines(instance)).containsOnlyOnce(standardOutput() + ": one");
    }

    /** Whoever cannot tell this overrides it, and says so. */
    @Test
    protected void start_that_can_never_succeed_is_told_so() {
        InstanceRef instance = ref("impossible", 1);
        substrate.start(start(instance, InstanceBehaviour.CANNOT_START), SOON);

        assertThat(end(instance)).isInstanceOfSatisfying(InstanceEnd.StartFailed.class, failed -> {
            assertThat(failed.forGood()).isTrue();
            assertThat(failed.cause()).isNotBlank();
        });
        stop(instance, Duration.ZERO, SOON);
        assertThat(substrate.standing(SOON)).isEmpty();
    }

    @Test
    void lines_are_told_once_in_order_until_it_is_gone() {
        InstanceRef instance = ref("writes", 1);
        substrate.start(start(instance, InstanceBehaviour.WRITES_THREE_LINES), SOON);
        assertThat(end(instance)).isEqualTo(new InstanceEnd.Exited(0));

        stop(instance, Duration.ZERO, SOON);

        assertThat(overheard.lines(instance))
                .filteredOn(line -> line.startsWith(standardOutput()))
                .containsExactly(standardOutput() + ": one", standardOutput() + ": two", standardOutput() + ": three");
    }

    @Test
    void lines_of_what_is_followed_are_told_while_it_runs() {
        InstanceRef instance = started("followed", 1, InstanceBehaviour.RUNS_UNTIL_ASKED);

        substrate.unfollow(instance);
        substrate.follow(instance);
        substrate.follow(instance);
        stop(instance, Duration.ZERO, SOON);

        assertThat(overheard.lines(instance)).containsOnlyOnce(standardOutput() + ": up");
    }

    @Test
    void epochs_of_one_run_stand_apart() {
        InstanceRef first = started("epochs", 1, InstanceBehaviour.RUNS_UNTIL_ASKED);
        InstanceRef second = started("epochs", 2, InstanceBehaviour.RUNS_UNTIL_ASKED);
        assertThat(substrate.standing(SOON)).containsExactlyInAnyOrder(first, second);

        stop(first, Duration.ZERO, SOON);

        assertThat(runs(first)).isFalse();
        assertThat(runs(second)).isTrue();
        assertThat(substrate.standing(SOON)).containsExactly(second);
    }

    @Test
    void facts_have_a_source_and_a_boundary_with_its_evidence() {
        Facts facts = substrate.facts(ref("facts", 1).run().tenant(), SOON);

        assertThat(facts.source()).isNotBlank();
        if (facts instanceof HostFacts host) {
            assertThat(host.gaps()).isEmpty();
            assertThat(host.handlers())
                    .isNotEmpty()
                    .allSatisfy(handler -> assertThat(handler.evidence()).isNotBlank());
        } else {
            assertThat(((ClusterFacts) facts).nodes()).isInstanceOf(Fact.Seen.class);
        }
    }

    @Test
    void starts_and_stops_from_everywhere_leave_what_the_last_one_says() throws Exception {
        for (int round = 1; round <= ROUNDS; round++) {
            InstanceRef instance = ref("raced", round);
            CountDownLatch done = new CountDownLatch(RACERS);
            List<Throwable> failures = new ArrayList<>();
            for (int racer = 0; racer < RACERS; racer++) {
                boolean starts = racer % 2 == 0;
                Thread thread = new Thread(() -> {
                    try {
                        if (starts) {
                            substrate.start(start(instance, InstanceBehaviour.RUNS_UNTIL_KILLED), SOON);
                        } else {
                            stop(instance, Duration.ZERO, SOON);
                        }
                    } catch (RuntimeException | Error e) {
                        synchronized (failures) {
                            failures.add(e);
                        }
                    } finally {
                        done.countDown();
                    }
                });
                thread.start();
            }
            done.await();
            assertThat(failures).isEmpty();

            stop(instance, Duration.ZERO, SOON);

            assertThat(runs(instance)).isFalse();
            assertThat(substrate.standing(SOON)).isEmpty();
        }
    }

    @Test
    void close_is_idempotent_and_nothing_is_told_or_done_afterwards() {
        InstanceRef instance = started("closing", 1, InstanceBehaviour.RUNS_UNTIL_ASKED);

        substrate.close();
        int told = overheard.count();
        substrate.close();

        assertThatThrownBy(() -> substrate.start(start(ref("late", 1), InstanceBehaviour.EXITS_WITH_3), SOON))
                .isInstanceOf(LanternException.class);
        assertThat(runs(ref("late", 1))).isFalse();
        assertThat(overheard.ends(instance)).isEmpty();
        assertThat(overheard.count()).isEqualTo(told);
    }

    @Test
    void nothing_is_started_before_it_is_open() throws Exception {
        try (Substrate unopened = make()) {
            assertThatThrownBy(() -> unopened.start(start(ref("early", 1), InstanceBehaviour.EXITS_WITH_3), SOON))
                    .isInstanceOf(LanternException.class);
        }
        assertThat(runs(ref("early", 1))).isFalse();
    }

    @Test
    void it_has_a_name() {
        assertThat(substrate.name()).isNotBlank();
    }

    /** Again and again until it is gone, as the engine does. */
    private void stop(InstanceRef instance, Duration grace, Duration within) {
        Await.until(instance + " to be gone", patience(), () -> substrate.stop(instance, grace, within));
    }

    private InstanceRef started(String run, int epoch, InstanceBehaviour behaviour) {
        InstanceRef instance = ref(run, epoch);
        substrate.start(start(instance, behaviour), SOON);
        substrate.follow(instance);
        Await.until(
                instance + " to be up",
                patience(),
                () -> overheard.lines(instance).contains(standardOutput() + ": up"));
        return instance;
    }

    private InstanceEnd end(InstanceRef instance) {
        Await.until(
                instance + " to end",
                patience(),
                () -> !overheard.ends(instance).isEmpty());
        return overheard.ends(instance).get(0);
    }

    private static InstanceRef ref(String run, int epoch) {
        return new InstanceRef(new RunRef("acme", run), epoch);
    }
}
