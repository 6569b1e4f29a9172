package dev.lantern.core.local;

import static dev.lantern.core.local.Agents.ref;
import static dev.lantern.core.local.Agents.spec;
import static org.assertj.core.api.Assertions.assertThat;

import dev.lantern.agent.wire.GatewayCall;
import dev.lantern.agent.wire.GatewayReply;
import dev.lantern.agent.wire.Problem;
import dev.lantern.core.gateway.GatewayServer;
import dev.lantern.substrate.InstanceEnd;
import dev.lantern.substrate.InstanceRef;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class HarnessBesideTest {
    private static final Duration SOON = Duration.ofSeconds(20);
    private static final InstanceRef FIRST = ref("run-1", 1);

    @TempDir
    Path directory;

    private final Heard heard = new Heard();
    private final ScriptedDoor door = new ScriptedDoor("{\"question\":42}").heartbeatEvery(Duration.ofMillis(50));
    private final GatewayServer gateway = GatewayServer.open(door);
    private LocalProcessSubstrate substrate;

    @BeforeEach
    void open() {
        substrate = LocalProcessSubstrate.in(directory).harnessInOwnProcess();
        assertThat(substrate.overSockets()).isTrue();
        substrate.gateway(door, gateway.address());
        substrate.open(new ListeningHost(heard));
    }

    @AfterEach
    void close() {
        substrate.close();
        gateway.close();
        assertThat(Processes.mentioning("LANTERN_RESULT_FILE=" + directory)).isEmpty();
    }

    @Test
    void agent_works_its_steps_over_http() {
        start("set -e; cat $LANTERN_INPUT_FILE; curl -sf -X POST $LANTERN_URL/v1/steps/plan/begin;"
                + " curl -sf --data '{\"n\":1}' $LANTERN_URL/v1/steps/plan/complete;"
                + " echo '{\"done\":true}' > $LANTERN_RESULT_FILE");

        assertThat(heard.end()).isEqualTo(new InstanceEnd.Exited(0));
        assertThat(door.calls().stream().map(call -> call.getClass().getSimpleName()))
                .containsExactly("Enrol", "Begin", "Complete", "Output");
        assertThat(door.outputs()).containsExactly("{\"done\":true}\n");
        assertThat(heard.lines().get(0)).startsWith("stdout: {\"question\":42}");
    }

    @Test
    void agent_sees_neither_the_secret_nor_the_gateway() {
        start("env; cat /proc/$PPID/cmdline | tr '\\0' ' '; cat /proc/$PPID/environ | tr '\\0' '\\n'");

        assertThat(heard.end()).isEqualTo(new InstanceEnd.Exited(0));
        assertThat(heard.lines()).noneMatch(line -> line.contains(Agents.SECRET));
    }

    @Test
    void agents_own_exit_code_is_told() {
        start("exit 5");

        assertThat(heard.end()).isEqualTo(new InstanceEnd.Exited(5));
    }

    @Test
    void killed_group_is_a_lost_instance() throws Exception {
        start("echo up; exec sleep 300");
        heard.line("stdout: up");

        Processes.signal("KILL", "-" + leader());

        assertThat(heard.end())
                .isEqualTo(new InstanceEnd.Lost("killed by signal 9 (SIGKILL) that Lantern did not send:"
                        + " by somebody, or by the kernel for lack of memory"));
    }

    @Test
    void stopped_group_says_nothing_until_it_goes_on() throws Exception {
        start("echo up; exec sleep 300");
        heard.line("stdout: up");
        long paused = leader();
        InstanceRef other = ref("run-2", 1);
        substrate.start(
                Agents.start(other, spec().command(List.of("/bin/sleep", "300")).build(), gateway.address()), SOON);
        Processes.within(SOON, "heartbeats of both", () -> door.heartbeats(FIRST) > 2 && door.heartbeats(other) > 2);

        Processes.signal("STOP", "-" + paused);
        Processes.within(SOON, "the group is stopped", () -> Processes.isStopped(paused));
        beats(other, 3);
        int before = door.heartbeats(FIRST);
        beats(other, 10);
        assertThat(door.heartbeats(FIRST)).isEqualTo(before);

        Processes.signal("CONT", "-" + paused);
        beats(FIRST, 3);
        assertThat(heard.ends()).isEmpty();
    }

    @Test
    void zombie_is_told_and_ends() {
        door.answeringBegin(new GatewayReply.Refused(Problem.of(Problem.Code.STALE_EPOCH, "epoch 2 has taken over")));
        start("curl -s -X POST $LANTERN_URL/v1/steps/a/begin; exec sleep 300");

        assertThat(heard.end()).isInstanceOf(InstanceEnd.class);
        assertThat(door.calls()).noneMatch(GatewayCall.Output.class::isInstance);
    }

    @Test
    void refused_enrolment_is_a_lost_instance() {
        door.answeringEnrol(new GatewayReply.Refused(Problem.of(Problem.Code.STALE_EPOCH, "epoch 2 has taken over")));
        start("echo up");

        assertThat(heard.end())
                .isEqualTo(new InstanceEnd.Lost("the harness was refused, or ended before the agent; see its log"));
        assertThat(heard.lines()).noneMatch(line -> line.equals("stdout: up"));
    }

    @Test
    void stop_ends_harness_and_agent() {
        start("trap 'echo asked; exit 0' TERM; echo up; while :; do sleep 0.05; done");
        heard.line("stdout: up");

        substrate.stop(FIRST, SOON, SOON.multipliedBy(2));

        assertThat(heard.lines()).contains("stdout: asked");
        assertThat(heard.ends()).isEmpty();
        assertThat(substrate.standing(SOON)).isEmpty();
    }

    private void start(String script) {
        substrate.start(
                Agents.start(
                        FIRST, spec().command(List.of("/bin/sh", "-c", script)).build(), gateway.address()),
                SOON);
    }

    /** An instance that lives is the clock for one that must not. */
    private void beats(InstanceRef instance, int count) {
        int before = door.heartbeats(instance);
        Processes.within(SOON, count + " heartbeats", () -> door.heartbeats(instance) >= before + count);
    }

    private long leader() {
        try (Stream<Path> all = Files.walk(directory)) {
            Path note = all.filter(path -> path.endsWith("process")).findFirst().orElseThrow();
            String text = Files.readString(note);
            return Long.parseLong(text.substring(0, text.indexOf(' ')));
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }
}
