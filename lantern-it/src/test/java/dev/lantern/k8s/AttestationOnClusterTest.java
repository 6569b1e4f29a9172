package dev.lantern.k8s;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.lantern.Lantern;
import dev.lantern.LanternRuntime;
import dev.lantern.crash.Wait;
import dev.lantern.gate.HandlerKind;
import dev.lantern.gate.IsolationPolicy;
import dev.lantern.operations.Databases;
import dev.lantern.run.AgentRun;
import dev.lantern.run.RunEvent;
import dev.lantern.run.RunResult;
import dev.lantern.run.RunStatus;
import dev.lantern.spec.Isolation;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledIfEnvironmentVariable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.postgresql.ds.PGSimpleDataSource;

/**
 * What only the inside of a pod can show, on the cluster that {@code LANTERN_TEST_KUBECONFIG} names; the other variables are
 * those of {@link RunsOnClusterTest}. {@code LANTERN_TEST_DECOY_CLASS} is a RuntimeClass whose handler has a name that stands
 * for nothing and is plain runc, and {@code LANTERN_TEST_CLUSTER_CONTROL} takes {@code policies-stop} and
 * {@code policies-start} as well: between them nobody enforces NetworkPolicies.
 */
@Tag("long")
@Timeout(value = 10, unit = TimeUnit.MINUTES)
@EnabledIfEnvironmentVariable(
        named = TestNamespace.KUBECONFIG,
        matches = ".+",
        disabledReason = "skipped: the inside of real pods")
@EnabledIfEnvironmentVariable(
        named = "LANTERN_TEST_HARNESS_IMAGE",
        matches = ".+",
        disabledReason = "skipped: the inside of real pods")
@EnabledIfEnvironmentVariable(
        named = "LANTERN_TEST_SHELL_IMAGE",
        matches = ".+",
        disabledReason = "skipped: the inside of real pods")
@EnabledIfEnvironmentVariable(
        named = "LANTERN_TEST_GATEWAY_ADDRESS",
        matches = ".+",
        disabledReason = "skipped: the inside of real pods")
class AttestationOnClusterTest {
    private static final Duration PATIENCE = Duration.ofMinutes(3);
    private static final String GATEWAY = System.getenv("LANTERN_TEST_GATEWAY_ADDRESS");

    private final PGSimpleDataSource database = Databases.postgres();

    @ParameterizedTest
    @EnumSource(
            value = Isolation.class,
            names = {"TRUSTED", "UNTRUSTED"})
    void evidence_of_the_inside_stands_before_the_agent_starts(Isolation isolation) throws Exception {
        try (Place place = new Place(IsolationPolicy.safeDefaults())) {
            AgentRun run = place.spawn(isolation, "through", "");

            assertThat(run.await(PATIENCE).orElseThrow()).isInstanceOf(RunResult.Succeeded.class);
            List<RunEvent> events = run.events();
            int attested = index(events, "\"checkpoint\":\"attestation\"");
            assertThat(events.get(attested).kind()).isEqualTo("boundary_verified");
            assertThat(events.get(attested).json())
                    .contains(isolation == Isolation.TRUSTED ? "no boundary was admitted" : "gVisor: ")
                    .contains("the gateway answered and", "is what was let go, bound to node");
            assertThat(events.get(attested + 1).kind()).isEqualTo("instance_enrolled");
        }
    }

    /** The API shows a class with a handler that the operator takes for gVisor. Inside it is the node's own kernel. */
    @Test
    void handler_that_is_secretly_runc_starts_no_agent() throws Exception {
        String decoy = System.getenv("LANTERN_TEST_DECOY_CLASS");
        assumeTrue(decoy != null, "LANTERN_TEST_DECOY_CLASS is not set; skipped: a handler that is secretly runc");
        try (Place place = new Place(IsolationPolicy.safeDefaults())) {
            String handler = place.namespace.items("/apis/node.k8s.io/v1/runtimeclasses").stream()
                    .filter(one ->
                            ExpectedJob.text(one, "metadata", "name").orElse("").equals(decoy))
                    .map(one -> one.get("handler").getAsString())
                    .findFirst()
                    .orElseThrow();
            place.restart(IsolationPolicy.safeDefaults()
                    .handler(handler, HandlerKind.GVISOR)
                    .runtimeClasses(Isolation.UNTRUSTED, List.of(decoy)));

            AgentRun run = place.spawn(Isolation.UNTRUSTED, "through", "");

            assertViolated(run, "attestation-unsigned", "attestation-boot-id");
        }
    }

    @ParameterizedTest
    @EnumSource(
            value = Isolation.class,
            names = {"TRUSTED", "UNTRUSTED"})
    void agent_behind_policies_that_nobody_enforces_never_starts(Isolation isolation) throws Exception {
        try (Place place = new Place(IsolationPolicy.safeDefaults())) {
            ClusterControl.call("policies-stop");
            try {
                AgentRun run = place.spawn(isolation, "through", "");

                assertViolated(run, "fence-open");
            } finally {
                ClusterControl.call("policies-start");
            }
        }
    }

    /** The first packets of a new pod are what a policy that is enforced late lets out. */
    @ParameterizedTest
    @EnumSource(
            value = Isolation.class,
            names = {"TRUSTED", "UNTRUSTED"})
    void agent_that_dials_from_its_first_instruction_gets_nothing_out(Isolation isolation) throws Exception {
        try (Place place = new Place(IsolationPolicy.safeDefaults());
                Listener forbidden = new Listener()) {
            assertThat(forbidden.isReached()).as("from here").isTrue();
            for (int i = 0; i < 3; i++) {
                AgentRun run = place.spawn(isolation, "dial", forbidden.address());
                assertThat(run.await(PATIENCE).orElseThrow()).isInstanceOf(RunResult.Succeeded.class);
                run.onEnd().get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
                assertThat(lines(run)).contains("the forbidden address was reached 0 times");
            }
            assertThat(forbidden.count())
                    .as("connections beside the one from here")
                    .isEqualTo(1);
        }
    }

    private static void assertViolated(AgentRun run, String... codes) throws Exception {
        RunResult result = run.await(PATIENCE).orElseThrow();
        assertThat(result).isInstanceOf(RunResult.Failed.class);
        assertThat(run.onEnd().get(PATIENCE.toSeconds(), TimeUnit.SECONDS)).isEqualTo(RunStatus.FAILED);
        List<RunEvent> events = run.events();
        assertThat(events.get(index(events, "\"checkpoint\":\"attestation\"")).kind())
                .isEqualTo("boundary_violated");
        for (String code : codes) {
            assertThat(events).anyMatch(event -> event.json().contains("\"code\":\"" + code + "\""));
        }
        assertThat(events).extracting(RunEvent::kind).doesNotContain("instance_enrolled");
        assertThat(lines(run)).as("the harness's alone").allMatch(line -> line.startsWith("harness: "));
    }

    private static List<String> lines(AgentRun run) {
        List<String> lines = new ArrayList<>();
        run.logs().forEach(line -> lines.add(line.text()));
        return lines;
    }

    private static int index(List<RunEvent> events, String part) {
        for (int i = 0; i < events.size(); i++) {
            if (events.get(i).json().contains(part)) {
                return i;
            }
        }
        throw new AssertionError("no event has " + part + ": "
                + events.stream().map(RunEvent::json).toList());
    }

    /** A namespace with a runtime in front of it. Afterwards nothing of any run is left. */
    private final class Place implements AutoCloseable {
        private final String here;
        private final TestNamespace namespace;
        private LanternRuntime runtime;

        Place(IsolationPolicy policy) throws IOException {
            int port;
            try (ServerSocket free = new ServerSocket(0)) {
                port = free.getLocalPort();
            }
            here = "https://" + GATEWAY + ":" + port;
            namespace = TestNamespace.make(empty -> empty.gatewayAt(GATEWAY + "/32", port));
            runtime = ClusterHost.start(database, namespace.name(), here, policy);
        }

        void restart(IsolationPolicy policy) {
            runtime.close();
            runtime = ClusterHost.start(database, namespace.name(), here, policy);
        }

        AgentRun spawn(Isolation isolation, String mode, String forbidden) {
            return Lantern.spawn(ClusterHost.spec(isolation, mode).toBuilder()
                            .env("FORBIDDEN", forbidden)
                            .build())
                    .on(runtime);
        }

        @Override
        public void close() {
            try (TestNamespace closing = namespace) {
                Wait.until(
                        PATIENCE,
                        "Jobs and pods are gone",
                        () -> closing.list("apis/batch/v1", "jobs").isEmpty()
                                && closing.pods().isEmpty());
                runtime.close();
            }
        }
    }

    /** Somebody whom everybody reaches who can; beside the gateway, at another port. */
    private static final class Listener implements AutoCloseable {
        private final ServerSocket socket = new ServerSocket(0, 200, InetAddress.getByName(GATEWAY));
        private final AtomicInteger count = new AtomicInteger();

        Listener() throws IOException {
            Thread taking = new Thread(this::take, "forbidden");
            taking.setDaemon(true);
            taking.start();
        }

        private void take() {
            try {
                while (true) {
                    socket.accept().close();
                    count.incrementAndGet();
                }
            } catch (IOException closed) {
                // The test is over.
            }
        }

        String address() {
            return GATEWAY + ":" + socket.getLocalPort();
        }

        boolean isReached() throws IOException {
            try (Socket dialled = new Socket(GATEWAY, socket.getLocalPort())) {
                return dialled.getInputStream().read() < 0;
            }
        }

        int count() {
            return count.get();
        }

        @Override
        public void close() throws IOException {
            socket.close();
        }
    }
}
