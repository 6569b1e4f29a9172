package dev.lantern.k8s;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonObject;
import dev.lantern.gate.NodeId;
import dev.lantern.gate.Placement;
import dev.lantern.gate.RuntimeClassFact;
import dev.lantern.substrate.InstanceEnd;
import dev.lantern.substrate.InstanceRef;
import dev.lantern.substrate.LogPosition;
import dev.lantern.substrate.SubstrateHost;
import dev.lantern.substrate.SubstrateListener;
import dev.lantern.substrate.Verified;
import dev.lantern.testkit.kubernetes.FakeKubernetes;
import dev.lantern.testkit.kubernetes.FakePod;
import dev.lantern.value.RunRef;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.UnaryOperator;
import java.util.random.RandomGenerator;

/** A fake cluster with everything that was shipped, a host that remembers what it is told, and an observatory between them. */
final class WatchedCluster implements AutoCloseable {
    static final String NAMESPACE = "lantern-agents";
    static final WatchTimes TIMES = new WatchTimes(
            Duration.ofMinutes(2),
            Duration.ofSeconds(60),
            Duration.ofSeconds(30),
            Duration.ofMinutes(10),
            Duration.ofSeconds(5),
            Duration.ofMinutes(1),
            Duration.ofMillis(10));
    private static final Duration MINUTE = Duration.ofMinutes(1);
    private static final Pace PACE = new Pace(
            Duration.ofHours(1), MINUTE, MINUTE, Duration.ofHours(1), Duration.ofMillis(2), Duration.ofMillis(20));

    final FakeKubernetes kubernetes;
    final TestApiServer api;
    final LinkedBlockingQueue<Told> told = new LinkedBlockingQueue<>();
    private final List<FutureTask<Void>> threads = new ArrayList<>();
    private final Map<String, Integer> markers = new TreeMap<>();
    private Observatory observatory;
    /** What the gate is to have seen of a node, where that is not what the node is. */
    UnaryOperator<NodeId> admitted = UnaryOperator.identity();

    /** What the listener was told: an end or a passed checkpoint. */
    record Told(InstanceRef instance, Object what) {}

    WatchedCluster() throws IOException {
        kubernetes = FakeKubernetes.start();
        api = TestApiServer.of(kubernetes.kubeconfig());
        for (String node : List.of("node-a", "node-b")) {
            kubernetes
                    .addNode(node)
                    .handlers("", "runc", "runsc")
                    .label("node-restriction.kubernetes.io/gvisor", "true");
        }
        Manifests.example()
                .manifests()
                .forEach(manifest -> kubernetes.create(manifest.object().toString()));
        observatory = open();
    }

    /** One more, or the next one after a restart of the host. */
    Observatory open() {
        Observatory next = new Observatory(
                api.server(),
                new Observatory.Settings(
                        WatchScope.cluster(),
                        namespace -> Manifests.example(),
                        image -> List.of(),
                        List.of("kube-system"),
                        TIMES,
                        PACE),
                whereabouts(),
                new Host(),
                () -> Duration.between(Instant.EPOCH, kubernetes.clock().instant())
                        .toNanos());
        next.open();
        return next;
    }

    Observatory observatory() {
        return observatory;
    }

    /** The host dies and another one takes over, which knows of nothing. */
    void restart() {
        observatory.close();
        told.clear();
        observatory = open();
    }

    static Whereabouts whereabouts() {
        return new Whereabouts(request("trusted-runc", 1).key().installation(), TenantNamespaces.single(NAMESPACE));
    }

    @Override
    public void close() throws ExecutionException, TimeoutException {
        observatory.close();
        for (FutureTask<Void> thread : threads) {
            try {
                thread.get(1, TimeUnit.MINUTES);
            } catch (InterruptedException e) {
                throw new AssertionError(e);
            }
        }
        kubernetes.close();
    }

    // -- starting

    static InstanceRef instance(int epoch) {
        return new InstanceRef(new RunRef("acme", "ticket-4711"), epoch);
    }

    static PodRequest request(String name, int epoch) {
        PodRequest usual = Requests.all().get(name);
        return new PodRequest(
                new InstanceKey(usual.key().installation(), instance(epoch)),
                NAMESPACE,
                usual.spec(),
                usual.boundary(),
                usual.harness(),
                usual.reach(),
                usual.deadlines(),
                usual.defaults(),
                usual.priority(),
                usual.workspace());
    }

    JsonObject create(PodRequest request) {
        return api.post(jobs(), JobTemplate.of(request)).made();
    }

    /** Created, compared, expected and let go to node-a; its containers run as far as they can. */
    FakePod start(int epoch) {
        return start(request("trusted-runc", epoch));
    }

    FakePod start(PodRequest request) {
        JsonObject job = create(request);
        kubernetes.settle();
        JsonObject held = pod(job);
        ExpectedPod expected = ExpectedPod.held(JobTemplate.of(request), uid(job), request.priority());
        assertThat(expected.compare(held)).isEmpty();
        Ungating ungating = new Ungating(text(held, "resourceVersion"), List.of("node-a"));
        observatory.expect(
                request.key().instance(),
                new Expectation(
                        expected.letGo(ungating).bound(),
                        images(request),
                        place(request),
                        text(held, "name"),
                        uid(held)));
        api.mergePatch("/api/v1/namespaces/" + NAMESPACE + "/pods/" + text(held, "name"), ungating.patch())
                .made();
        kubernetes.settle();
        return kubernetes.pod(NAMESPACE, text(held, "name"));
    }

    /** The same, with the harness ready and the agent running, and the node verified. */
    FakePod running(int epoch) throws InterruptedException {
        FakePod pod = start(epoch);
        pod.passStartupProbe(PodSpec.HARNESS);
        verified(epoch);
        return pod;
    }

    private Placement.InCluster place(PodRequest request) {
        List<NodeId> nodes = new ArrayList<>();
        JsonObject node = Persisted.json(
                kubernetes.find("nodes", "", "node-a").orElseThrow().toString());
        nodes.add(admitted.apply(new NodeId(
                "node-a",
                uid(node),
                ExpectedJob.text(node, "status", "nodeInfo", "bootID").orElseThrow())));
        Optional<RuntimeClassFact> pinned = request.boundary()
                .runtimeClass()
                .map(found ->
                        new RuntimeClassFact(found.name(), found.uid(), "runsc", Optional.empty(), new TreeMap<>()));
        return new Placement.InCluster(
                new Placement.NamespaceId(NAMESPACE, "uid-of-namespace"),
                pinned,
                nodes,
                request.boundary().dedicated().isPresent());
    }

    private static RunningImages images(PodRequest request) {
        Map<String, RunningImages.Admitted> images = new LinkedHashMap<>();
        images.put(PodSpec.HARNESS, new RunningImages.Admitted(request.harness(), List.of()));
        images.put(PodSpec.AGENT, new RunningImages.Admitted(request.spec().image(), List.of()));
        return new RunningImages(images);
    }

    JsonObject pod(JsonObject job) {
        return TestApiServer.items(api.get("/api/v1/namespaces/" + NAMESPACE + "/pods?labelSelector=job-name%3D"
                                + text(job, "name"))
                        .made())
                .get(0);
    }

    static String jobs() {
        return "/apis/batch/v1/namespaces/" + NAMESPACE + "/jobs";
    }

    static String jobOf(int epoch) {
        return jobs() + "/" + request("trusted-runc", epoch).key().jobName();
    }

    private static String text(JsonObject object, String field) {
        return ExpectedJob.text(object, "metadata", field).orElseThrow();
    }

    private static String uid(JsonObject object) {
        return text(object, "uid");
    }

    // -- what is told

    Verified verified(int epoch) throws InterruptedException {
        return (Verified) next(epoch, Verified.class);
    }

    InstanceEnd ended(int epoch) throws InterruptedException {
        return (InstanceEnd) next(epoch, InstanceEnd.class);
    }

    /** The next end, while time goes on. */
    InstanceEnd endedInTime(int epoch) throws InterruptedException {
        for (int i = 0; i < 300; i++) {
            Told next = told.poll(50, TimeUnit.MILLISECONDS);
            if (next == null) {
                kubernetes.advance(Duration.ofSeconds(5));
            } else if (next.instance().equals(instance(epoch)) && next.what() instanceof InstanceEnd end) {
                return end;
            }
        }
        throw new AssertionError("no end of " + instance(epoch) + " is told");
    }

    /** The next of this kind; what was told of the same instance before it, is passed over. */
    private Object next(int epoch, Class<?> kind) throws InterruptedException {
        List<Told> passed = new ArrayList<>();
        while (true) {
            Told next = told.poll(30, TimeUnit.SECONDS);
            assertThat(next)
                    .as("nothing is told of %s, only %s", instance(epoch), passed)
                    .isNotNull();
            if (next.instance().equals(instance(epoch)) && kind.isInstance(next.what())) {
                return next.what();
            }
            passed.add(next);
        }
    }

    /** What was told by now: whatever happened before has been seen and judged. */
    List<Told> toldByNow() throws InterruptedException {
        List<Told> all = new ArrayList<>();
        // Seen by the same mirrors, after all that is to be found.
        int marker = 9000 + markers.merge("", 1, Integer::sum);
        FakePod pod = start(marker);
        pod.passStartupProbe(PodSpec.HARNESS);
        pod.exit(PodSpec.AGENT, 0);
        while (true) {
            Told next = told.poll(30, TimeUnit.SECONDS);
            assertThat(next).isNotNull();
            if (next.instance().equals(instance(marker)) && next.what() instanceof InstanceEnd) {
                observatory.forget(instance(marker));
                return all;
            }
            if (next.instance().epoch() < 9000) {
                all.add(next);
            }
        }
    }

    /** Remembers what it is told. */
    private final class Host implements SubstrateHost {
        @Override
        public String installation() {
            return whereabouts().installation();
        }

        @Override
        public SubstrateListener listener() {
            return new SubstrateListener() {
                @Override
                public void verified(InstanceRef instance, Verified verified) {
                    told.add(new Told(instance, verified));
                }

                @Override
                public void ended(InstanceRef instance, InstanceEnd end) {
                    told.add(new Told(instance, end));
                }

                @Override
                public void logged(InstanceRef instance, Instant at, String stream, String line) {
                    throw new AssertionError("an observatory reads no logs");
                }
            };
        }

        @Override
        public void work(String name, Runnable work) {
            FutureTask<Void> task = new FutureTask<>(work, null);
            threads.add(task);
            Thread thread = new Thread(task, name);
            thread.setDaemon(true);
            thread.start();
        }

        @Override
        public InstantSource clock() {
            return kubernetes.clock();
        }

        @Override
        public RandomGenerator chance() {
            return new Random(1);
        }

        @Override
        public LogPosition kept(InstanceRef instance) {
            return LogPosition.START;
        }
    }
}
