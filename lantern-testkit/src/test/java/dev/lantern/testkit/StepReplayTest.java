package dev.lantern.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lantern.Lantern;
import dev.lantern.agent.StepRefusedException;
import dev.lantern.agent.StepSpec;
import dev.lantern.agent.Steps;
import dev.lantern.run.AgentRun;
import dev.lantern.run.RunResult;
import dev.lantern.spec.AgentSpec;
import dev.lantern.spec.Isolation;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** An agent that takes another path after a crash never gets the result of what it did not ask for. */
class StepReplayTest {
    private static final String IMAGE = "registry.example/wanderer";

    private record Path(String second) {}

    private final AtomicInteger instances = new AtomicInteger();
    private final List<String> bodies = new CopyOnWriteArrayList<>();

    @RegisterExtension
    final LanternExtension lantern = LanternExtension.inMemory().agent(IMAGE, Path.class, (steps, path) -> {
        if (instances.incrementAndGet() == 1) {
            step(steps, "look", "north");
            step(steps, "look", "south");
            throw new IllegalStateException("the first instance crashes");
        }
        return switch (path.second()) {
            case "same" -> step(steps, "look", "north") + ", " + step(steps, "look", "south");
            case "another input" -> answerOf(steps, "look", "east");
            case "another order" -> answerOf(steps, "look", "south");
            default -> step(steps, "listen", "north");
        };
    });

    private String step(Steps steps, String name, String input) throws Exception {
        return steps.step(StepSpec.named(name).withInput(input), String.class, attempt -> {
            bodies.add(name + " " + input);
            return name + "ed " + input;
        });
    }

    private String answerOf(Steps steps, String name, String input) throws Exception {
        try {
            return step(steps, name, input);
        } catch (StepRefusedException e) {
            return e.code();
        }
    }

    private String output(String second) throws Exception {
        AgentRun run = lantern.spawn(Lantern.spawn(AgentSpec.builder("wanderer")
                        .image(IMAGE + "@sha256:" + "ab".repeat(32))
                        .isolation(Isolation.STANDARD)
                        .build())
                .input(new Path(second)));
        RunResult result = run.await();
        assertThat(result).isInstanceOf(RunResult.Succeeded.class);
        return ((RunResult.Succeeded) result).output().as(String.class);
    }

    @Test
    void the_same_path_is_answered_from_the_journal() throws Exception {
        assertThat(output("same")).isEqualTo("looked north, looked south");
        assertThat(bodies).containsExactly("look north", "look south");
    }

    @Test
    void the_same_step_with_another_input_is_refused() throws Exception {
        assertThat(output("another input")).isEqualTo("diverged");
        assertThat(bodies).containsExactly("look north", "look south");
    }

    @Test
    void steps_of_one_name_in_another_order_are_refused() throws Exception {
        assertThat(output("another order")).isEqualTo("diverged");
        assertThat(bodies).containsExactly("look north", "look south");
    }

    @Test
    void a_step_of_another_name_is_another_step() throws Exception {
        assertThat(output("another name")).isEqualTo("listened north");
        assertThat(bodies).containsExactly("look north", "look south", "listen north");
    }
}
