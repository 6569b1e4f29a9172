package dev.lantern.crash;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lantern.Lantern;
import dev.lantern.LanternRuntime;
import dev.lantern.agent.wire.GatewayCall;
import dev.lantern.agent.wire.GatewayReply;
import dev.lantern.agent.wire.Problem;
import dev.lantern.core.local.LocalProcessSubstrate;
import dev.lantern.journal.jdbc.JdbcJournal;
import dev.lantern.run.AgentRun;
import dev.lantern.run.RunEvent;
import dev.lantern.run.RunResult;
import dev.lantern.run.RunStatus;
import dev.lantern.spec.AgentSpec;
import dev.lantern.spec.Isolation;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * An instance is stopped with SIGSTOP past its heartbeat, its successor finishes the run, and then it goes on: harness
 * and agent in a session of their own, speaking HTTP to the gateway, on a node that the host cannot reach.
 */
@Tag("long")
class ZombieTest {
    private static final Duration HEARTBEAT = Duration.ofMillis(300);
    private static final Duration SILENCE = Duration.ofSeconds(4);

    @TempDir
    Path directory;

    /** Where the first instance is when it stops, and which instance's result of step two the run ends with. */
    enum Place {
        BEFORE_THE_ANSWER_OF_BEGIN("nowhere", 2),
        INSIDE_THE_BODY("inside", 2),
        BEFORE_COMPLETE_IS_SENT("behind", 2),
        COMPLETE_IS_SENT_AND_HELD_UP("nowhere", 2),
        COMPLETE_IS_DURABLE_AND_UNANSWERED("nowhere", 1);

        private final String haltAt;
        private final int author;

        Place(String haltAt, int author) {
            this.haltAt = haltAt;
            this.author = author;
        }
    }

    @ParameterizedTest
    @EnumSource
    void a_zombie_is_refused_and_the_run_is_its_successors(Place place) throws Exception {
        List<Runnable> heldUp = new ArrayList<>();
        UnreachableNode node = new UnreachableNode(
                LocalProcessSubstrate.in(directory.resolve("instances")),
                (call, carryOn) -> onTheWay(place, call, carryOn, heldUp));
        try (LanternRuntime runtime = Lantern.runtime()
                .journal(JdbcJournal.embedded(directory.resolve("journal")))
                .substrate(node)
                .heartbeat(HEARTBEAT, SILENCE)
                .start()) {
            AgentRun run = Lantern.spawn(spec(place)).runId("zombie").on(runtime);
            stopWhenHalted(place);

            String output = output(run.await());
            int refusedBefore = node.answered().size();
            first().signal("CONT");
            Files.createFile(directory.resolve("go"));
            heldUp.forEach(Runnable::run);

            Wait.until(
                    "the zombie is told that it is stale", () -> refusals(node).contains(Problem.Code.STALE_EPOCH));
            assertThat(node.answered().subList(refusedBefore, node.answered().size()))
                    .as("everything that the zombie is told from now on")
                    .allSatisfy(answered -> assertThat(answered.reply()).isInstanceOf(GatewayReply.Refused.class));
            assertThat(output).isEqualTo("one by 1, two by " + place.author + ", three by 2");
            node.isReachableAgain();
            assertThat(run.onEnd().get()).isEqualTo(RunStatus.SUCCEEDED);
            assertNothingOfTheZombieIsJournaled(run);
            assertNoCompletionOfTheZombieCounted(place);
        }
    }

    private void onTheWay(Place place, GatewayCall call, Runnable carryOn, List<Runnable> heldUp) {
        boolean begin =
                call instanceof GatewayCall.Begin two && two.step().name().equals("two");
        boolean complete = call instanceof GatewayCall.Complete two
                && two.record().step().name().equals("two");
        if (place == Place.BEFORE_THE_ANSWER_OF_BEGIN && begin
                || place == Place.COMPLETE_IS_DURABLE_AND_UNANSWERED && complete) {
            first().signal("STOP");
            carryOn.run();
        } else if (place == Place.COMPLETE_IS_SENT_AND_HELD_UP && complete && heldUp.isEmpty()) {
            heldUp.add(carryOn);
            first().signal("STOP");
        } else {
            carryOn.run();
        }
    }

    private void stopWhenHalted(Place place) {
        if (!place.haltAt.equals("nowhere")) {
            Wait.until("the first instance halts", () -> Files.exists(directory.resolve("halted")));
            first().signal("STOP");
        }
    }

    private Session first() {
        return new Session(directory.resolve("pid.1"));
    }

    private AgentSpec spec(Place place) throws IOException {
        Path agent = directory.resolve("zombie.sh");
        try (var script = ZombieTest.class.getResourceAsStream("zombie.sh")) {
            Files.copy(script, agent);
        }
        return AgentSpec.builder("zombie")
                .image("lantern/zombie@sha256:" + "0".repeat(63) + "1")
                .isolation(Isolation.TRUSTED)
                .command(List.of("sh", agent.toString(), directory.toString(), place.haltAt))
                .build();
    }

    private static List<Problem.Code> refusals(UnreachableNode node) {
        return node.answered().stream()
                .filter(answered -> answered.reply() instanceof GatewayReply.Refused)
                .map(answered ->
                        ((GatewayReply.Refused) answered.reply()).problem().code())
                .toList();
    }

    private static String output(RunResult result) {
        assertThat(result).isInstanceOf(RunResult.Succeeded.class);
        return new String(((RunResult.Succeeded) result).output().bytes(), StandardCharsets.UTF_8);
    }

    private static void assertNothingOfTheZombieIsJournaled(AgentRun run)
            throws ExecutionException, InterruptedException {
        boolean lost = false;
        for (RunEvent event : run.events()) {
            lost |= event.kind().equals("instance_lost");
            assertThat(lost
                            && event.json().contains("\"record\":")
                            && event.json().contains("\"epoch\":1"))
                    .as("an event of the first instance behind its loss: %s", event.json())
                    .isFalse();
        }
        assertThat(lost).isTrue();
    }

    private void assertNoCompletionOfTheZombieCounted(Place place) throws IOException {
        List<String> completions = Files.readAllLines(directory.resolve("completed"));
        if (place.author == 2) {
            assertThat(completions).contains("two 2 200").doesNotContain("two 1 200");
        } else {
            assertThat(completions).doesNotContain("two 2 200");
        }
    }
}
