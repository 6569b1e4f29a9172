package dev.lantern.agent.harness.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lantern.agent.Agent;
import dev.lantern.agent.AgentMain;
import dev.lantern.agent.harness.ModelOwner;
import dev.lantern.agent.transport.ModelGateway;
import dev.lantern.agent.transport.ModelGateway.Fate;
import dev.lantern.agent.wire.GatewayCall;
import dev.lantern.agent.wire.StepId;
import dev.lantern.value.LanternException;
import java.io.ByteArrayInputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The harness and its agents as real processes before a gateway on sockets. */
final class HarnessMainTest {
    @TempDir
    private Path folder;

    private final ModelOwner owner = new ModelOwner();
    private ModelGateway gateway;
    private Process running;

    record Ticket(int id) {}

    /** An agent in its own JVM. */
    public static final class Triage {
        private Triage() {}

        public static void main(String[] args) {
            Agent<Ticket, String> agent = (steps, ticket) -> {
                String summary = steps.step("summarise", String.class, attempt -> "ticket " + ticket.id());
                return summary + " is triaged";
            };
            AgentMain.run(Ticket.class, agent);
        }
    }

    @BeforeEach
    void open() throws Exception {
        gateway = new ModelGateway(owner);
    }

    @AfterEach
    void close() throws Exception {
        gateway.close();
        if (running != null) {
            running.descendants().forEach(ProcessHandle::destroyForcibly);
            running.destroyForcibly();
        }
    }

    @Test
    void result_file_of_an_agent_that_ends_well_is_the_output() throws Exception {
        int code = exit("sh", "-c", "cat input.json > result.json");

        assertThat(code).as(errors()).isZero();
        assertThat(text(owner.output().bytes())).isEqualTo("{\"id\":4711}");
        assertThat(owner.output().mediaType()).isEqualTo("application/json");
    }

    @Test
    void output_that_the_agent_delivered_itself_stands() throws Exception {
        int code = exit(
                "sh", "-c", "echo file > result.json; curl -fsS -o out --data-binary posted $LANTERN_URL/v1/output");

        assertThat(code).as(errors()).isZero();
        assertThat(text(owner.output().bytes())).isEqualTo("posted");
    }

    @Test
    void harness_exits_with_the_agent_s_code_and_takes_no_result_of_a_failure() throws Exception {
        assertThat(exit("sh", "-c", "echo {} > result.json; exit 7"))
                .as(errors())
                .isEqualTo(7);
        assertThat(owner.output()).isNull();
    }

    @Test
    void agent_finds_neither_secret_nor_gateway() throws Exception {
        int code = exit("sh", "-c", "env > environment; cat > stdin; tr '\\0' ' ' < /proc/$PPID/cmdline > cmdline");

        assertThat(code).as(errors()).isZero();
        assertThat(Files.readString(folder.resolve("environment")))
                .contains("LANTERN_URL=http://127.0.0.1:", "LANTERN_RUN=ticket-4711")
                .doesNotContain("s3cret", "LANTERN_GATEWAY", "LANTERN_ENROLMENT_FILE");
        assertThat(folder.resolve("stdin")).isEmptyFile();
        assertThat(Files.readString(folder.resolve("cmdline")))
                .doesNotContain("s3cret")
                .contains("HarnessMain");
    }

    @Test
    void java_agent_with_records_runs_in_its_own_process() throws Exception {
        int code = exit(HarnessJvm.java(), "-cp", HarnessJvm.classPath(), Triage.class.getName());

        assertThat(code).as(errors()).isZero();
        assertThat(text(owner.output().bytes())).isEqualTo("\"ticket 4711 is triaged\"");
        assertThat(text(owner.results().get(StepId.occurrence("summarise", 1)).bytes()))
                .isEqualTo("\"ticket 4711\"");
    }

    @Test
    void lost_answers_at_every_call_change_nothing() throws Exception {
        gateway.next(
                Fate.CARRY_OUT_AND_HANG_UP,
                Fate.HALF_AN_ANSWER,
                Fate.ANSWER,
                Fate.CARRY_OUT_AND_HANG_UP,
                Fate.ANSWER,
                Fate.CARRY_OUT_AND_HANG_UP,
                Fate.BAD_GATEWAY,
                Fate.ANSWER,
                Fate.CARRY_OUT_AND_HANG_UP);
        int code = exit(
                "sh",
                "-c",
                "curl -fsS -o k -X POST $LANTERN_URL/v1/steps/a/begin && curl -fsS -o o --data-binary r"
                        + " $LANTERN_URL/v1/steps/a/complete && curl -fsS -o o --data-binary out $LANTERN_URL/v1/output");

        assertThat(code).as(errors()).isZero();
        assertThat(owner.completions()).hasSize(1);
        assertThat(text(owner.output().bytes())).isEqualTo("out");
    }

    @Test
    void sigterm_stops_the_agent_first_and_lets_it_finish_its_step() throws Exception {
        start("sh", "-c", """
                curl -fsS -o k -X POST $LANTERN_URL/v1/steps/a/begin
                trap 'curl -fsS -o o --data-binary late $LANTERN_URL/v1/steps/a/complete; exit 3' TERM
                touch ready
                while :; do sleep 0.05; done
                """);
        assertThat(gateway.taken()).isInstanceOf(GatewayCall.Enrol.class);
        assertThat(gateway.taken()).isInstanceOf(GatewayCall.Begin.class);
        await(folder.resolve("ready"));
        running.destroy();

        assertThat(running.waitFor(20, TimeUnit.SECONDS)).isTrue();
        assertThat(running.exitValue()).as(errors()).isEqualTo(3);
        assertThat(text(owner.results().get(StepId.occurrence("a", 1)).bytes())).isEqualTo("late");
    }

    @Test
    void agent_that_ignores_sigterm_is_killed_after_its_grace() throws Exception {
        start("sh", "-c", "trap '' TERM; touch ready; while :; do sleep 0.05; done");
        await(folder.resolve("ready"));
        running.destroy();

        assertThat(running.waitFor(20, TimeUnit.SECONDS)).isTrue();
        assertThat(running.exitValue()).as(errors()).isEqualTo(137);
    }

    @Test
    void harness_without_a_command_leaves_the_url_to_its_user_alone() throws Exception {
        start();
        Path url = folder.resolve("url");
        await(url);

        assertThat(Files.readString(url)).matches("http://127\\.0\\.0\\.1:[0-9]+/[0-9a-f]{32}\n");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(url)))
                .isEqualTo("rw-------");
        running.destroy();
        assertThat(running.waitFor(20, TimeUnit.SECONDS)).isTrue();
        assertThat(running.exitValue()).as(errors()).isZero();
    }

    @Test
    void instance_that_is_refused_starts_no_agent() throws Exception {
        gateway.close();
        gateway = new ModelGateway(owner);
        owner.answer(new GatewayCall.Enrol(dev.lantern.agent.harness.HarnessFixture.RUN, 3, new byte[32], 1, 1));

        assertThat(exit("touch", "started")).as(errors()).isEqualTo(69);
        assertThat(folder.resolve("started")).doesNotExist();
    }

    @Test
    void configuration_is_refused_by_name() {
        Map<String, String> environment = environment();
        assertThat(config(environment, "s3cret\n").secret()).isEqualTo("s3cret");
        assertThat(config(environment, "s3cret\n")).hasToString("HarnessConfig[acme/ticket-4711, epoch 3]");
        for (String name : List.of("LANTERN_GATEWAY", "LANTERN_TENANT", "LANTERN_RUN", "LANTERN_EPOCH")) {
            Map<String, String> without = environment();
            without.remove(name);
            assertThatThrownBy(() -> config(without, "s3cret"))
                    .isInstanceOf(LanternException.class)
                    .hasMessageStartingWith(name + " is not set");
        }
        environment.put("LANTERN_EPOCH", "0");
        assertThatThrownBy(() -> config(environment, "s3cret")).hasMessage("LANTERN_EPOCH must be a number from 1 up");
        assertThatThrownBy(() -> config(environment(), "two words"))
                .hasMessageStartingWith("the enrolment secret must be one word of printable ASCII");
        assertThatThrownBy(() -> config(environment(), "")).isInstanceOf(LanternException.class);
    }

    @Test
    void start_up_is_measured() throws Exception {
        List<Long> millis = new ArrayList<>();
        for (int i = 0; i < 5; i++) {
            long before = System.nanoTime();
            int code = exit("sh", "-c", "curl -fsS -o run $LANTERN_URL/v1/run; date +%s%N > answered");
            long started = System.currentTimeMillis() * 1_000_000 - (System.nanoTime() - before);
            assertThat(code).as(errors()).isZero();
            millis.add(
                    (Long.parseLong(Files.readString(folder.resolve("answered")).trim()) - started) / 1_000_000);
            owner.forgetKey();
        }
        System.out.println("harness start to the agent's first answer, ms: " + millis);
        assertThat(millis).allMatch(one -> one < 15_000);
    }

    private static HarnessConfig config(Map<String, String> environment, String in) {
        return HarnessConfig.of(
                environment, new ByteArrayInputStream(in.getBytes(StandardCharsets.US_ASCII)), List.of("true"));
    }

    private static Map<String, String> environment() {
        Map<String, String> environment = new LinkedHashMap<>();
        environment.put("LANTERN_GATEWAY", "http://127.0.0.1:1");
        environment.put("LANTERN_TENANT", "acme");
        environment.put("LANTERN_RUN", "ticket-4711");
        environment.put("LANTERN_EPOCH", "3");
        return environment;
    }

    private int exit(String... command) throws Exception {
        start(command);
        assertThat(running.waitFor(60, TimeUnit.SECONDS)).as(errors()).isTrue();
        return running.exitValue();
    }

    private void start(String... command) throws Exception {
        List<String> line = HarnessJvm.command(List.of(), command);
        ProcessBuilder builder = new ProcessBuilder(line).directory(folder.toFile());
        builder.environment().putAll(environment());
        builder.environment().put("LANTERN_GATEWAY", gateway.url());
        builder.environment()
                .put("LANTERN_RESULT_FILE", folder.resolve("result.json").toString());
        builder.environment()
                .put("LANTERN_INPUT_FILE", folder.resolve("input.json").toString());
        builder.environment().put("LANTERN_URL_FILE", folder.resolve("url").toString());
        builder.environment().put("LANTERN_GRACE_SECONDS", "1");
        builder.redirectError(folder.resolve("errors").toFile());
        builder.redirectOutput(folder.resolve("output").toFile());
        running = builder.start();
        try (OutputStream in = running.getOutputStream()) {
            in.write("s3cret\n".getBytes(StandardCharsets.US_ASCII));
        }
    }

    private String errors() {
        try {
            return Files.readString(folder.resolve("errors"));
        } catch (java.io.IOException e) {
            return "no standard error: " + e;
        }
    }

    private static void await(Path file) throws Exception {
        long until = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
        while (!Files.exists(file) && System.nanoTime() < until) {
            java.util.concurrent.locks.LockSupport.parkNanos(2_000_000);
        }
        assertThat(file).exists();
    }

    private static String text(byte[] bytes) {
        return new String(bytes, StandardCharsets.UTF_8);
    }
}
