package dev.lantern.k8s;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.lantern.gate.HandlerKind;
import dev.lantern.gate.IsolationPolicy;
import dev.lantern.gate.NodeId;
import dev.lantern.gate.Placement;
import dev.lantern.gate.RuntimeClassFact;
import dev.lantern.spec.AgentSpec;
import dev.lantern.spec.ImageRef;
import dev.lantern.spec.Isolation;
import dev.lantern.spec.Quantity;
import dev.lantern.substrate.InstanceEnd;
import dev.lantern.substrate.InstanceRef;
import dev.lantern.substrate.InstanceStart;
import dev.lantern.substrate.SubstrateListener;
import dev.lantern.substrate.Verified;
import dev.lantern.testkit.kubernetes.FakeKubernetes;
import dev.lantern.testkit.kubernetes.FakePod;
import dev.lantern.value.RunRef;
import io.kubernetes.client.openapi.ApiClient;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;
import java.util.UUID;
import okhttp3.Interceptor;

/** A fake cluster that is ready for agents, and hosts that start and stop them; each may have something in its way. */
final class LaunchSite implements AutoCloseable {
    static final String NAMESPACE = "lantern-acme";
    static final String INSTALLATION = "6f1c9d2e-8a47-4b5e-9c3d-0e2f4a6b8c1d";
    static final Duration PATIENCE = Duration.ofSeconds(30);
    static final Whereabouts WHEREABOUTS = new Whereabouts(INSTALLATION, TenantNamespaces.prefixed("lantern-"));
    static final PodRequests.Terms TERMS =
            new PodRequests.Terms(Duration.ofHours(24), Duration.ofMinutes(2), Duration.ofSeconds(10));

    final FakeKubernetes kubernetes = FakeKubernetes.builder().moving().start();
    final Ledger ledger = new Ledger();
    private final String classUid;

    LaunchSite() {
        kubernetes.addNode("plain");
        kubernetes.addNode("sand").handlers("", "runc", "runsc");
        Clusters.applyBaseline(kubernetes);
        ObjectNode made = kubernetes.create("""
                {"apiVersion": "node.k8s.io/v1", "kind": "RuntimeClass", "metadata": {"name": "gvisor"},
                 "handler": "runsc", "overhead": {"podFixed": {"cpu": "11m", "memory": "96Mi"}}}
                """);
        classUid = made.path("metadata").path("uid").asText();
        kubernetes.forgetRequests();
    }

    /** What was told. */
    static final class Ledger implements SubstrateListener {
        final List<InstanceEnd> ends = new ArrayList<>();
        final List<Verified> verified = new ArrayList<>();

        @Override
        public synchronized void verified(InstanceRef instance, Verified passed) {
            verified.add(passed);
        }

        @Override
        public synchronized void ended(InstanceRef instance, InstanceEnd end) {
            ends.add(end);
        }

        @Override
        public void logged(InstanceRef instance, Instant at, String stream, String line) {
            throw new AssertionError("nobody reads logs here");
        }

        synchronized void clear() {
            ends.clear();
            verified.clear();
        }
    }

    /** One that sees what the fake has, at once. */
    final class Eyes implements Lookout {
        final List<Expectation> expected = new ArrayList<>();
        final List<InstanceRef> forgotten = new ArrayList<>();
        boolean see = true;

        @Override
        public Optional<String> awaitPod(InstanceRef instance, Duration within) {
            return pods(instance).stream().findFirst().map(FakePod::name);
        }

        @Override
        public void expect(InstanceRef instance, Expectation expectation) {
            expected.add(expectation);
        }

        @Override
        public boolean sees(InstanceRef instance) {
            return see;
        }

        @Override
        public void forget(InstanceRef instance) {
            forgotten.add(instance);
        }

        @Override
        public boolean awaitGone(InstanceRef instance, Duration within) {
            return pods(instance).isEmpty() && job(instance).isEmpty();
        }
    }

    /** Whose logs are read in no time. */
    static final class NoLogs implements Drain {
        boolean over = true;

        @Override
        public void drain(InstanceRef instance) {
            // There are none.
        }

        @Override
        public boolean drained(InstanceRef instance) {
            return over;
        }
    }

    /** A host. */
    record Host(Launch launch, Teardown teardown, Eyes eyes, NoLogs logs) {}

    Host host(Interceptor... between) {
        return host("https://10.20.0.7:7410", between);
    }

    Host host(String gateway, Interceptor... between) {
        Calls calls = new Calls(server(between), kubernetes.clock(), new Random(1));
        Eyes eyes = new Eyes();
        NoLogs logs = new NoLogs();
        Launch launch = new Launch(
                calls,
                requests(gateway),
                new Workspaces(calls, INSTALLATION, new Workspaces.Storage(Quantity.parse("10Gi"), "")),
                new JobMaking(calls, WHEREABOUTS),
                new PodRelease(
                        calls,
                        eyes,
                        new PodRelease.Images(Map.of()),
                        new PodVerdict(ledger, kubernetes.clock(), namespace -> Optional.empty())),
                ledger);
        return new Host(launch, new Teardown(calls, WHEREABOUTS, eyes, logs), eyes, logs);
    }

    PodRequests requests(String gateway) {
        return new PodRequests(
                INSTALLATION,
                ImageRef.parse(Requests.HARNESS_IMAGE),
                new Reach(gateway, List.of("10.96.0.1:443")),
                TERMS,
                PodDefaults.usual(),
                Priority.NONE,
                IsolationPolicy.DedicatedNodes.SHIPPED,
                List.of());
    }

    ApiServer server(Interceptor... between) {
        ApiClient client = Clusters.client(kubernetes.kubeconfig());
        okhttp3.OkHttpClient.Builder http = client.getHttpClient().newBuilder();
        for (Interceptor interceptor : between) {
            http.addInterceptor(interceptor);
        }
        return new ApiServer(client.setHttpClient(http.build()));
    }

    static InstanceRef instance(int epoch) {
        return new InstanceRef(new RunRef("acme", "ticket-4711"), epoch);
    }

    InstanceStart start(int epoch) {
        return start(instance(epoch), Requests.agent(Isolation.UNTRUSTED, b -> b));
    }

    InstanceStart start(InstanceRef instance, AgentSpec spec) {
        return new InstanceStart(
                instance,
                spec,
                new Placement(
                        spec.isolation(),
                        HandlerKind.GVISOR,
                        Optional.of(new Placement.InCluster(
                                new Placement.NamespaceId(NAMESPACE, "its-uid"),
                                Optional.of(new RuntimeClassFact(
                                        "gvisor",
                                        classUid,
                                        "runsc",
                                        Optional.empty(),
                                        new TreeMap<>(Map.of("cpu", "11m", "memory", "96Mi")))),
                                List.of(new NodeId("sand", "uid-of-sand", "boot-of-sand")),
                                false))),
                "secret-"
                        + UUID.nameUUIDFromBytes(instance.toString().getBytes(java.nio.charset.StandardCharsets.UTF_8)),
                "https://of-this-host-only:1",
                spec.limits().timeout());
    }

    Optional<ObjectNode> job(InstanceRef instance) {
        Whereabouts.Place place = WHEREABOUTS.of(instance);
        return kubernetes.find("jobs.batch", place.namespace(), place.job());
    }

    List<FakePod> pods(InstanceRef instance) {
        String job = WHEREABOUTS.of(instance).job();
        return kubernetes.pods(NAMESPACE).stream()
                .filter(pod -> pod.name().startsWith(job + "-"))
                .toList();
    }

    /** Whether nothing at all stands of it. */
    boolean isGone(InstanceRef instance) {
        return job(instance).isEmpty() && pods(instance).isEmpty();
    }

    static boolean isHeld(FakePod pod) {
        return !pod.json().path("spec").path("schedulingGates").isEmpty();
    }

    /** Whether the agent's container runs or ran. */
    static boolean agentStarted(FakePod pod) {
        for (JsonNode status : pod.json().path("status").path("containerStatuses")) {
            JsonNode state = status.path("state");
            if (status.path("name").asText().equals("agent") && (state.has("running") || state.has("terminated"))) {
                return true;
            }
        }
        return false;
    }

    @Override
    public void close() {
        kubernetes.close();
    }
}
