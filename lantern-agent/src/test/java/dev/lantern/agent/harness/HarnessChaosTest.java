package dev.lantern.agent.harness;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lantern.agent.ModelUsage;
import dev.lantern.agent.wire.GatewayReply;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** An agent of five steps over a network that loses, duplicates, delays and reorders, under one seed after another. */
final class HarnessChaosTest {
    private static final int SEEDS = 2000;
    private static final int STEPS = 5;

    @Test
    void every_seed_ends_with_each_step_recorded_once_and_the_output_delivered() {
        long sendings = 0;
        for (int seed = 0; seed < SEEDS; seed++) {
            Run run = new Run(seed);
            run.toTheEnd();
            assertThat(run.owner.results()).as("seed %s", seed).hasSize(STEPS);
            assertThat(run.owner.output()).as("seed %s", seed).isNotNull();
            assertThat(run.owner.reports()).as("seed %s", seed).isEqualTo(1);
            assertThat(run.stopped).as("seed %s", seed).isEmpty();
            assertThat(run.answers).as("seed %s", seed).isEqualTo(STEPS * 2 + 2);
            sendings += run.network.sendings();
        }
        System.out.println("harness chaos: " + SEEDS + " seeds, " + sendings + " sendings");
        assertThat(sendings).isGreaterThan(SEEDS * 20L);
    }

    @Test
    void same_seed_is_the_same_run() {
        Run first = new Run(7);
        Run second = new Run(7);
        first.toTheEnd();
        second.toTheEnd();

        assertThat(first.network.log()).isEqualTo(second.network.log()).hasSizeGreaterThan(10);
    }

    private static final class Run implements AgentControl {
        private final ManualClockwork clockwork;
        private final ModelOwner owner = new ModelOwner();
        private final LossyNetwork network;
        private final Harness harness;
        private final List<String> stopped = new ArrayList<>();
        private int answers;
        private boolean delivered;

        Run(long seed) {
            clockwork = new ManualClockwork(seed);
            network = new LossyNetwork(seed, clockwork, owner::answer);
            harness = new Harness(HarnessFixture.RUN, 1, network, clockwork, new FakeSigner(), this);
        }

        void toTheEnd() {
            harness.start();
            for (int turns = 0; turns < 100_000 && !delivered; turns++) {
                if (!clockwork.next()) {
                    throw new AssertionError("the run is stuck");
                }
            }
            harness.close();
            stopped.remove("the harness of this instance has stopped");
        }

        @Override
        public void release(GatewayReply.Enrolled enrolled) {
            harness.used("model-call", List.of(ModelUsage.of("p", "m", 1, 1)), reply -> {
                accepted(reply);
                step(1);
            });
        }

        @Override
        public void stop(String why) {
            stopped.add(why);
        }

        private void step(int number) {
            if (number > STEPS) {
                harness.output(HarnessFixture.text("done"), reply -> {
                    accepted(reply);
                    delivered = true;
                });
                return;
            }
            harness.begin(HarnessFixture.token("work", "t" + number), begun -> {
                assertThat(begun).isInstanceOf(GatewayReply.RunIt.class);
                answers++;
                harness.complete(StepRef.named("work"), HarnessFixture.text("result " + number), reply -> {
                    accepted(reply);
                    step(number + 1);
                });
            });
        }

        private void accepted(GatewayReply reply) {
            assertThat(reply).isInstanceOf(GatewayReply.Accepted.class);
            answers++;
        }
    }
}
