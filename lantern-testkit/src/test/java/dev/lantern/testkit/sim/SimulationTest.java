package dev.lantern.testkit.sim;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** {@code make simulate SEEDS=n} runs more. */
class SimulationTest {
    private static final long SEEDS = Long.getLong("lantern.seeds", 300);
    private static final long FIRST = Long.getLong("lantern.seeds.first", 1);
    private static final long SECONDS = Long.getLong("lantern.seeds.seconds", 45);

    @Test
    @Timeout(value = 6, unit = TimeUnit.HOURS)
    void every_invariant_holds_in_every_seed() {
        Simulate simulate = new Simulate(System.out, System::nanoTime);

        simulate.run(FIRST, SEEDS, SECONDS);

        assertThat(simulate.failed()).as("failed seeds").isZero();
        assertThat(simulate.done()).as("seeds that were run").isGreaterThanOrEqualTo(Math.min(SEEDS, 60));
    }

    @Test
    void the_storm_is_a_storm() {
        Simulate simulate = new Simulate(System.out, System::nanoTime);

        simulate.run(500_001, 40, Long.MAX_VALUE / 1_000_000_000L);

        assertThat(simulate.endings().keySet())
                .as("every way to end is met")
                .contains("SUCCEEDED", "FAILED", "CANCELLED", "LIMIT_EXCEEDED", "REFUSED");
        assertThat(simulate.runs()).isGreaterThan(180);
        assertThat(simulate.instances()).as("instances lost and replaced").isGreaterThan(simulate.runs());
    }

    /** Else the rules about the gate hold for want of anything that could break them. */
    @Test
    void the_ground_moves_under_the_instances() {
        Set<String> unheard = new LinkedHashSet<>(List.of(
                "gate_passed, run_resumed, instance_started",
                "avoided: node-",
                "not avoided: node-",
                "and no weaker than the",
                "refused: ",
                "[no-node]",
                "[cannot-tell]",
                "[fence-missing]",
                "[facts-too-old]",
                "resume_refused",
                "were too old by the time it could be started",
                "not what was admitted (pod)",
                "not what was admitted (node)",
                "not what was admitted (drift)",
                "boundary_verified, instance_enrolled",
                "killed by the platform"));
        hear(unheard);
    }

    /** Else the rules about secrets hold for want of anybody who has any. */
    @Test
    void the_storm_reaches_the_secrets() {
        hear(new LinkedHashSet<>(List.of(
                "Vend -> Vended",
                "Vend -> Refused LEASE_CLOSED",
                "Vend -> Refused SECRET_REFUSED",
                "RenewLease -> Vended",
                "RenewLease -> Refused LEASE_CLOSED",
                "RenewLease -> Refused STALE_EPOCH",
                "ReturnLease -> Accepted",
                "/run-1-1 failed before its effect",
                "is rotated",
                "is removed",
                "[secret SECRET_1]",
                "wrote [line withheld",
                "rotation_owed, run_succeeded",
                "secret_refused, ")));
    }

    private static void hear(Set<String> unheard) {
        for (long seed = 600_001; seed <= 600_150 && !unheard.isEmpty(); seed++) {
            for (String line : new SimWorld(seed, new Seams(), true).run().timeline()) {
                unheard.removeIf(line::contains);
            }
        }
        assertThat(unheard).as("what no seed tells of").isEmpty();
    }

    @Test
    void a_seed_tells_the_same_story_twice() {
        SimResult first = new SimWorld(4711, new Seams(), true).run();
        SimResult second = new SimWorld(4711, new Seams(), true).run();

        assertThat(second.timeline()).isEqualTo(first.timeline());
        assertThat(second.digest()).isEqualTo(first.digest());
        assertThat(first.digest())
                .isNotEqualTo(new SimWorld(4712, new Seams(), false).run().digest());
    }
}
