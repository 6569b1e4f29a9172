package dev.lantern.testkit.sim;

import static org.assertj.core.api.Assertions.assertThat;

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
