package dev.lantern.k8s;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonObject;
import dev.lantern.Lantern;
import dev.lantern.LanternRuntime;
import dev.lantern.crash.Wait;
import dev.lantern.operations.Databases;
import dev.lantern.run.AgentRun;
import dev.lantern.run.ChainVerdict;
import dev.lantern.run.RunEvent;
import dev.lantern.run.RunResult;
import dev.lantern.run.RunStatus;
import dev.lantern.spec.Isolation;
import java.io.IOException;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledIfEnvironmentVariable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.postgresql.ds.PGSimpleDataSource;

/**
 * Whole runs on the cluster that {@code LANTERN_TEST_KUBECONFIG} names, with steps, logs and everything that may come in
 * between. {@code LANTERN_TEST_HARNESS_IMAGE} is the harness ({@code deploy/harness/image}), {@code LANTERN_TEST_SHELL_IMAGE}
 * an image with {@code sh} and {@code nc}, both by digest, and {@code LANTERN_TEST_GATEWAY_ADDRESS} an address of this
 * machine that pods reach. {@code LANTERN_TEST_CLUSTER_CONTROL} is a program that takes {@code kubelet-stop NODE},
 * {@code kubelet-start NODE}, {@code api-stop} and {@code api-start}, and returns when that is done; with 2 if it does not
 * know how.
 */
@Tag("long")
@Timeout(value = 10, unit = TimeUnit.MINUTES)
@EnabledIfEnvironmentVariable(
        named = TestNamespace.KUBECONFIG,
        matches = ".+",
        disabledReason = "skipped: whole runs on a real cluster")
@EnabledIfEnvironmentVariable(
        named = "LANTERN_TEST_HARNESS_IMAGE",
        matches = ".+",
        disabledReason = "skipped: whole runs on a real cluster")
@EnabledIfEnvironmentVariable(
        named = "LANTERN_TEST_SHELL_IMAGE",
        matches = ".+",
        disabledReason = "skipped: whole runs on a real cluster")
@EnabledIfEnvironmentVariable(
        named = "LANTERN_TEST_GATEWAY_ADDRESS",
        matches = ".+",
        disabledReason = "skipped: whole runs on a real cluster")
class RunsOnClusterTest {
    private static final Duration PATIENCE = Duration.ofMinutes(3);

    private final PGSimpleDataSource database = Databases.postgres();
    private final String here;
    private final TestNamespace place;
    private @Nullable LanternRuntime runtime;

    RunsOnClusterTest() throws IOException {
        String host = System.getenv("LANTERN_TEST_GATEWAY_ADDRESS");
        int port = freePort();
        here = "https://" + host + ":" + port;
        place = TestNamespace.make(empty -> empty.gatewayAt(host + "/32", port));
    }

    private static int freePort() throws IOException {
        try (ServerSocket free = new ServerSocket(0)) {
            return free.getLocalPort();
        }
    }

    @BeforeEach
    void start() {
        runtime = ClusterHost.start(database, place.name(), here);
    }

    /** Nothing is left of any run but the namespace's baseline; then that goes, too. */
    @AfterEach
    void nothing_is_left() {
        try (TestNamespace closing = place) {
            if (runtime != null) {
                Wait.until(
                        PATIENCE,
                        "Jobs and pods are gone",
                        () -> closing.list("apis/batch/v1", "jobs").isEmpty()
                                && closing.pods().isEmpty());
                assertThat(closing.list("apis/networking.k8s.io/v1", "networkpolicies"))
                        .extracting(policy -> text(policy, "metadata", "name"))
                        .containsExactlyInAnyOrder("lantern-deny-all", "lantern-gateway");
                assertThat(closing.list("api/v1", "persistentvolumeclaims")).isEmpty();
                runtime.close();
            }
        }
    }

    // -- to the end

    @ParameterizedTest
    @EnumSource(
            value = Isolation.class,
            names = {"TRUSTED", "STANDARD", "UNTRUSTED"})
    void run_goes_to_its_end_with_steps_and_logs(Isolation isolation) throws Exception {
        AgentRun run = spawn(isolation, "through");
        List<String> lines = new ArrayList<>();
        AtomicLong slowest = new AtomicLong();
        run.logs().forEach(line -> {
            slowest.accumulateAndGet(
                    Duration.between(line.time(), Instant.now()).toMillis(), Math::max);
            lines.add(line.text());
        });

        assertSucceeded(run, "through", 2);
        assertThat(run.usage().instances()).isEqualTo(1);
        assertThat(lines).contains("step one runs", "step two runs").doesNotContain("step one was recorded");
        assertThat(lines.get(0)).as("the kernel that the agent saw").startsWith("Linux version");
        if (isolation != Isolation.TRUSTED) {
            assertThat(lines.get(0)).as("no node's").doesNotContain(kernels());
        }
        List<String> kinds = run.events().stream().map(RunEvent::kind).toList();
        assertThat(kinds.indexOf("boundary_verified"))
                .as("%s", kinds)
                .isPositive()
                .isLessThan(kinds.indexOf("instance_enrolled"));
        System.out.println("figure log-lines-told-within-of-" + isolation.text() + " " + slowest + " ms");
    }

    @Test
    void class_that_one_node_has_lands_there_only() throws Exception {
        List<String> sandboxes = place.items("/api/v1/nodes").stream()
                .filter(node -> node.getAsJsonObject("status").toString().contains("\"name\":\"runsc\""))
                .map(node -> text(node, "metadata", "name"))
                .toList();
        assertThat(sandboxes).isNotEmpty();
        List<AgentRun> runs = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            runs.add(spawn(Isolation.UNTRUSTED, "through"));
        }
        for (AgentRun run : runs) {
            assertSucceeded(run, "through", 2);
            assertThat(run.events())
                    .filteredOn(event -> event.kind().equals("boundary_verified")
                            && event.json().contains("\"data\":{\"checkpoint\":\"node\""))
                    .hasSize(1)
                    .allSatisfy(event ->
                            assertThat(sandboxes).anyMatch(node -> event.json().contains("\"name\":\"" + node + "\"")));
        }
    }

    @Test
    void class_that_no_node_has_is_refused_with_what_was_seen() throws Exception {
        AgentRun run = spawn(Isolation.HOSTILE, "through");

        assertThat(run.await()).isInstanceOf(RunResult.Refused.class);
        assertThat(run.onEnd().get()).isEqualTo(RunStatus.REFUSED);
        assertThat(run.events())
                .filteredOn(event -> event.kind().equals("run_refused"))
                .hasSize(1)
                .allSatisfy(event -> assertThat(event.json()).contains("\"evidence\":[{"));
        assertThat(place.list("apis/batch/v1", "jobs")).isEmpty();
    }

    /** The gateway is reached, or the run would not succeed; something beside it at the same address is not. */
    @ParameterizedTest
    @EnumSource(
            value = Isolation.class,
            names = {"TRUSTED", "UNTRUSTED"})
    void agent_reaches_the_gateway_and_nothing_else(Isolation isolation) throws Exception {
        try (ServerSocket forbidden = new ServerSocket(0)) {
            String address = System.getenv("LANTERN_TEST_GATEWAY_ADDRESS") + ":" + forbidden.getLocalPort();
            AgentRun run = Lantern.spawn(ClusterHost.spec(isolation, "fence").toBuilder()
                            .env("FORBIDDEN", address)
                            .build())
                    .on(Objects.requireNonNull(runtime));
            List<String> lines = new ArrayList<>();
            run.logs().forEach(line -> lines.add(line.text()));

            assertSucceeded(run, "fence", 1);
            assertThat(lines)
                    .as("this cluster's network plugin does not enforce NetworkPolicies: the agent reaches " + address)
                    .contains("the forbidden address is not reached");
        }
    }

    @Test
    void run_that_is_cancelled_leaves_nothing() throws Exception {
        AgentRun run = spawn(Isolation.TRUSTED, "held");
        Follower lines = new Follower(run);
        lines.await("held");

        run.cancel("nobody needs it");

        assertThat(run.await()).isInstanceOf(RunResult.Cancelled.class);
        assertThat(run.onEnd().get()).isEqualTo(RunStatus.CANCELLED);
    }

    // -- what comes in between

    @ParameterizedTest
    @EnumSource(
            value = Isolation.class,
            names = {"TRUSTED", "UNTRUSTED"})
    void run_goes_on_after_its_pod_was_deleted_by_force(Isolation isolation) throws Exception {
        AgentRun run = spawn(isolation, "held");
        Follower lines = new Follower(run);
        lines.await("held");

        place.call("DELETE", "pods/" + text(pod(run), "metadata", "name"), """
                {"apiVersion": "v1", "kind": "DeleteOptions", "gracePeriodSeconds": 0}
                """);

        assertResumed(run, lines);
    }

    @Test
    void run_goes_on_after_an_eviction() throws Exception {
        AgentRun run = spawn(Isolation.TRUSTED, "held");
        Follower lines = new Follower(run);
        lines.await("held");
        String pod = text(pod(run), "metadata", "name");

        place.call("POST", "pods/" + pod + "/eviction", """
                {"apiVersion": "policy/v1", "kind": "Eviction", "metadata": {"name": "%s", "namespace": "%s"}}
                """.formatted(pod, place.name()));

        assertResumed(run, lines);
        assertThat(run.events())
                .filteredOn(event -> event.kind().equals("instance_lost"))
                .hasSize(1)
                .allSatisfy(event -> assertThat(event.json()).contains("evicted"));
    }

    @Test
    void run_goes_on_elsewhere_after_its_nodes_kubelet_has_stopped() throws Exception {
        AgentRun run = spawn(Isolation.TRUSTED, "held");
        Follower lines = new Follower(run);
        lines.await("held");
        String node = text(pod(run), "spec", "nodeName");

        ClusterControl.call("kubelet-stop", node);
        try {
            assertResumed(run, lines);
            assertThat(run.events())
                    .filteredOn(event -> event.kind().equals("boundary_verified")
                            && event.epoch() == 2
                            && event.json().contains("\"data\":{\"checkpoint\":\"node\""))
                    .hasSize(1)
                    .allSatisfy(event -> assertThat(event.json()).doesNotContain("\"name\":\"" + node + "\""));
        } finally {
            ClusterControl.call("kubelet-start", node);
        }
    }

    @Test
    void api_server_that_restarts_harms_nothing() throws Exception {
        AgentRun run = spawn(Isolation.TRUSTED, "slow");
        Follower lines = new Follower(run);
        lines.await("step second-3 runs");

        ClusterControl.call("api-stop");
        try {
            lines.awaitSteps(run, 8);
        } finally {
            ClusterControl.call("api-start");
        }

        assertSucceeded(run, "slow", 20);
        assertThat(run.usage().instances()).isEqualTo(1);
    }

    /** Killed anywhere on the way from a spawn to a start, and from a stop to the end; the next host takes up what it finds. */
    @Test
    void hosts_that_are_killed_at_any_moment_lose_and_double_nothing() throws Exception {
        Objects.requireNonNull(runtime).close();
        runtime = null;
        Random moments = new Random(20_261_126);
        List<String> ids = new ArrayList<>();
        for (int host = 0; host < 10; host++) {
            List<String> own = List.of("of-" + host, ClusterHost.CANCELLED + "of-" + host);
            ids.addAll(own);
            Process process = host(own);
            try {
                assertThat(process.inputReader(StandardCharsets.UTF_8).readLine())
                        .isEqualTo("spawned");
                process.waitFor(moments.nextInt(2_000), TimeUnit.MILLISECONDS);
            } finally {
                process.destroyForcibly().waitFor();
            }
        }
        runtime = ClusterHost.start(database, place.name(), here);
        for (String id : ids) {
            AgentRun run = runtime.find("default", id).orElseThrow();
            if (id.startsWith(ClusterHost.CANCELLED)) {
                assertThat(run.onEnd().get(PATIENCE.toSeconds(), TimeUnit.SECONDS))
                        .isEqualTo(RunStatus.CANCELLED);
            } else {
                assertSucceeded(run, "through", 2);
            }
        }
    }

    private Process host(List<String> runs) throws IOException {
        List<String> command = new ArrayList<>(List.of(
                System.getProperty("java.home") + "/bin/java",
                "-Xmx256m",
                "-cp",
                System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")),
                ClusterHost.class.getName(),
                database.getURL(),
                place.name(),
                here));
        command.addAll(runs);
        return new ProcessBuilder(command)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
    }

    // -- helpers

    private List<String> kernels() {
        return place.items("/api/v1/nodes").stream()
                .map(node -> text(node, "status", "nodeInfo", "kernelVersion"))
                .toList();
    }

    private AgentRun spawn(Isolation isolation, String mode) {
        return Lantern.spawn(ClusterHost.spec(isolation, mode)).on(Objects.requireNonNull(runtime));
    }

    private static void assertSucceeded(AgentRun run, String mode, int steps) throws Exception {
        RunResult result = run.await(PATIENCE).orElseThrow(() -> new AssertionError(told(run)));
        assertThat(result)
                .as(() -> told(run))
                .isInstanceOfSatisfying(
                        RunResult.Succeeded.class,
                        success -> assertThat(new String(success.output().bytes(), StandardCharsets.UTF_8))
                                .isEqualTo("{\"mode\":\"" + mode + "\"}"));
        assertThat(run.onEnd().get(PATIENCE.toSeconds(), TimeUnit.SECONDS)).isEqualTo(RunStatus.SUCCEEDED);
        assertThat(run.usage().steps()).isEqualTo(steps);
        assertThat(run.verify()).isInstanceOf(ChainVerdict.Intact.class);
    }

    private static void assertResumed(AgentRun run, Follower lines) throws Exception {
        RunResult result = run.await(PATIENCE).orElseThrow(() -> new AssertionError(told(run)));
        assertThat(result).as(() -> told(run)).isInstanceOf(RunResult.Succeeded.class);
        assertThat(run.usage().steps()).isEqualTo(2);
        assertThat(run.usage().instances()).isEqualTo(2);
        lines.await("step two runs");
        assertThat(lines.all()).containsOnlyOnce("step one runs").contains("step one was recorded");
        assertThat(run.verify()).isInstanceOf(ChainVerdict.Intact.class);
    }

    /** Its story, for whoever has to find out what went wrong. */
    private static String told(AgentRun run) {
        StringBuilder story = new StringBuilder(run.ref() + " is " + run.status());
        run.events().forEach(event -> story.append('\n').append(event.json()));
        return story.toString();
    }

    /** The pod of its newest instance. */
    private JsonObject pod(AgentRun run) {
        Optional<JsonObject> newest = place.pods().stream()
                .filter(pod -> text(pod, "metadata", "annotations", Marks.RUN)
                        .equals(run.ref().run()))
                .max(Comparator.comparing(pod -> text(pod, "metadata", "labels", Marks.EPOCH)));
        return newest.orElseThrow();
    }

    private static String text(JsonObject object, String... path) {
        return ExpectedJob.text(object, path).orElseThrow();
    }

    /** A run's lines as they come, on a thread of their own that ends with the run. */
    private static final class Follower {
        private final List<String> lines = Collections.synchronizedList(new ArrayList<>());

        Follower(AgentRun run) {
            Thread reader = new Thread(() -> run.logs().forEach(line -> lines.add(line.text())), "follower");
            reader.setDaemon(true);
            reader.start();
        }

        void await(String line) {
            Wait.until(PATIENCE, "the line \"" + line + "\" in " + all(), () -> all().contains(line));
        }

        /** The API server is away, and with it the lines; the journal is not. */
        void awaitSteps(AgentRun run, int steps) {
            Wait.until(PATIENCE, steps + " steps", () -> run.usage().steps() >= steps);
        }

        List<String> all() {
            synchronized (lines) {
                return List.copyOf(lines);
            }
        }
    }
}
