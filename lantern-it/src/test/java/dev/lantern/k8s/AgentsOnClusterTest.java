package dev.lantern.k8s;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.lantern.Lantern;
import dev.lantern.LanternRuntime;
import dev.lantern.crash.Wait;
import dev.lantern.operations.Databases;
import dev.lantern.run.AgentRun;
import dev.lantern.run.ChainVerdict;
import dev.lantern.run.RunEvent;
import dev.lantern.run.RunResult;
import dev.lantern.run.RunStatus;
import dev.lantern.run.RunUsage;
import dev.lantern.spec.AgentSpec;
import dev.lantern.spec.Isolation;
import java.io.IOException;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledIfEnvironmentVariable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The agents in {@code docs/agents} on a real cluster, as {@link RunsOnClusterTest} needs it. Each makes every call of the
 * protocol, dies once inside its charge and is gone on with in another pod. {@code LANTERN_TEST_SHELL_IMAGE} is a plain
 * busybox; {@code LANTERN_TEST_PYTHON_IMAGE} an image with {@code python3}; and {@code LANTERN_TEST_JAVA_IMAGE} one with
 * {@code sh}, a JDK of 17 or newer whose {@code java} is on the {@code PATH}, and lantern-agent's jar and what it depends on in
 * {@code /lantern/lib}. All by digest.
 */
@Tag("long")
@Timeout(value = 10, unit = TimeUnit.MINUTES)
@EnabledIfEnvironmentVariable(
        named = TestNamespace.KUBECONFIG,
        matches = ".+",
        disabledReason = "skipped: the agents of the manual on a real cluster")
@EnabledIfEnvironmentVariable(
        named = "LANTERN_TEST_HARNESS_IMAGE",
        matches = ".+",
        disabledReason = "skipped: the agents of the manual on a real cluster")
@EnabledIfEnvironmentVariable(
        named = "LANTERN_TEST_GATEWAY_ADDRESS",
        matches = ".+",
        disabledReason = "skipped: the agents of the manual on a real cluster")
class AgentsOnClusterTest {
    private static final Duration PATIENCE = Duration.ofMinutes(5);
    private static final String OUTPUT =
            "{\"ticket\":4711,\"summary\":\"ticket 4711: login fails\",\"team\":\"identity\",\"receipt\":\"receipt 4711\"}";

    private final TestNamespace place;
    private final String here;
    private @Nullable LanternRuntime runtime;

    /** An agent, the variable that names its image, and what starts its text. */
    enum Language {
        SHELL("agent.sh", "LANTERN_TEST_SHELL_IMAGE", "64Mi") {
            @Override
            AgentSpec.Builder with(AgentSpec.Builder spec, String text) {
                return spec.command(List.of("sh", "-c", text));
            }
        },
        PYTHON("agent.py", "LANTERN_TEST_PYTHON_IMAGE", "128Mi") {
            @Override
            AgentSpec.Builder with(AgentSpec.Builder spec, String text) {
                return spec.command(List.of("python3", "-c", text));
            }
        },
        JAVA("TriageAgent.java", "LANTERN_TEST_JAVA_IMAGE", "512Mi") {
            @Override
            AgentSpec.Builder with(AgentSpec.Builder spec, String text) {
                String start = "printf %s \"$SOURCE\" > /tmp/TriageAgent.java"
                        + " && exec java -XX:TieredStopAtLevel=1 -cp '/lantern/lib/*' /tmp/TriageAgent.java";
                return spec.command(List.of("sh", "-c", start)).env("SOURCE", text);
            }
        };

        private final String file;
        private final String image;
        private final String memory;

        Language(String file, String image, String memory) {
            this.file = file;
            this.image = image;
            this.memory = memory;
        }

        abstract AgentSpec.Builder with(AgentSpec.Builder spec, String text);

        AgentSpec spec(Isolation isolation) throws IOException {
            assumeTrue(System.getenv(image) != null, image + " is not set; skipped: " + file + " on a real cluster");
            AgentSpec.Builder spec = AgentSpec.builder("manual-agent")
                    .image(System.getenv(image))
                    .isolation(isolation)
                    .env("DIE_ONCE", "yes")
                    .limits(limits -> limits.memory(memory).vcpu("500m"));
            return with(spec, Files.readString(agents().resolve(file))).build();
        }
    }

    AgentsOnClusterTest() throws IOException {
        String host = System.getenv("LANTERN_TEST_GATEWAY_ADDRESS");
        int port;
        try (ServerSocket free = new ServerSocket(0)) {
            port = free.getLocalPort();
        }
        here = "https://" + host + ":" + port;
        place = TestNamespace.make(empty -> empty.gatewayAt(host + "/32", port));
    }

    @BeforeEach
    void start() {
        runtime = ClusterHost.start(Databases.postgres(), place.name(), here);
    }

    @AfterEach
    void nothing_is_left() {
        try (TestNamespace closing = place) {
            if (runtime != null) {
                Wait.until(PATIENCE, "pods are gone", () -> closing.pods().isEmpty());
                runtime.close();
            }
        }
    }

    @ParameterizedTest
    @MethodSource
    void agent_of_the_manual_makes_every_call(Language language, Isolation isolation) throws Exception {
        AgentRun run = Lantern.spawn(language.spec(isolation))
                .input(Map.of("id", 4711))
                .on(Objects.requireNonNull(runtime));
        List<String> lines = new ArrayList<>();
        run.logs().forEach(line -> lines.add(line.text()));

        RunResult result = run.await(PATIENCE).orElseThrow(() -> new AssertionError(told(run, lines)));
        assertThat(result)
                .as(() -> told(run, lines))
                .isInstanceOfSatisfying(
                        RunResult.Succeeded.class,
                        success -> assertThat(new String(success.output().bytes(), StandardCharsets.UTF_8))
                                .isEqualTo(OUTPUT));
        assertThat(run.onEnd().get(PATIENCE.toSeconds(), TimeUnit.SECONDS)).isEqualTo(RunStatus.SUCCEEDED);
        RunUsage usage = run.usage();
        assertThat(List.of(usage.steps(), usage.instances())).containsExactly(3, 2);
        assertThat(List.of(usage.inputTokens(), usage.outputTokens())).containsExactly(812L + 120, 64L);
        assertThat(usage.costUsd()).isEqualByComparingTo("0.0041");
        assertThat(run.events().stream().map(RunEvent::kind))
                .as(() -> told(run, lines))
                .contains("step_failed", "step_resolved", "usage_recorded");
        assertThat(run.verify()).isInstanceOf(ChainVerdict.Intact.class);
    }

    static Stream<Arguments> agent_of_the_manual_makes_every_call() {
        return Stream.of(Language.values()).flatMap(language -> {
            return Stream.of(Isolation.TRUSTED, Isolation.UNTRUSTED)
                    .map(isolation -> Arguments.of(language, isolation));
        });
    }

    /** Its story, for whoever has to find out what went wrong. */
    private static String told(AgentRun run, List<String> lines) {
        StringBuilder story = new StringBuilder(run.ref() + " is " + run.status());
        run.events().forEach(event -> story.append('\n').append(event.json()));
        lines.forEach(line -> story.append("\n> ").append(line));
        return story.toString();
    }

    private static Path agents() {
        Path here = Path.of("").toAbsolutePath();
        while (!Files.isDirectory(here.resolve("docs/agents"))) {
            here = here.getParent();
        }
        return here.resolve("docs/agents");
    }
}
