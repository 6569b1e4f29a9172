package dev.lantern.benchmarks;

import dev.lantern.Lantern;
import dev.lantern.LanternRuntime;
import dev.lantern.core.keys.FileKeyStore;
import dev.lantern.k8s.KubernetesSubstrate;
import dev.lantern.run.AgentRun;
import dev.lantern.run.RunEvent;
import dev.lantern.run.RunStatus;
import dev.lantern.testkit.kubernetes.SeenRequest;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;

/**
 * What spawning on Kubernetes costs: from {@code on} to the answer that lets the pod go, the calls that it takes, a burst of
 * a thousand at once, and how quiet a host is while their agents are. On the fake API server, in one JVM with the host,
 * whose heap is bounded; the first also on the cluster that {@code LANTERN_TEST_KUBECONFIG} names, in the namespace
 * {@code LANTERN_BENCH_NAMESPACE}, which is prepared for the gateway {@code https://192.0.2.9:7410}.
 *
 * <p>Run without arguments it starts itself again in a JVM of that size.
 */
public final class BenchSpawn {
    private static final int HEAP_MIB = 384;
    private static final int IDLE_SPAWNS = 30;
    private static final int BURST = 1_000;
    private static final int CALLERS = 16;
    private static final Duration QUIET = Duration.ofSeconds(30);
    private static final Duration PATIENCE = Duration.ofMinutes(10);
    /** Nobody calls: agents do not start here, and what is measured ends before that. */
    private static final String GATEWAY = "https://192.0.2.9:7410";

    private BenchSpawn() {}

    public static void main(String[] args) throws Exception {
        if (args.length == 0) {
            System.exit(inJvmOfSize());
        }
        onTheFake();
        String kubeconfig = System.getenv("LANTERN_TEST_KUBECONFIG");
        String namespace = System.getenv("LANTERN_BENCH_NAMESPACE");
        if (kubeconfig == null || namespace == null) {
            System.out.println(
                    "left out, LANTERN_TEST_KUBECONFIG or LANTERN_BENCH_NAMESPACE is not set: a real API server");
        } else {
            onTheCluster(Path.of(kubeconfig), namespace);
        }
    }

    private static int inJvmOfSize() throws IOException, InterruptedException {
        return new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xmx" + HEAP_MIB + "m",
                        "-Dorg.slf4j.simpleLogger.defaultLogLevel=warn",
                        "-cp",
                        System.getProperty("java.class.path"),
                        BenchSpawn.class.getName(),
                        "inside")
                .inheritIO()
                .start()
                .waitFor();
    }

    private static void onTheFake() throws Exception {
        Path directory = Files.createTempDirectory("lantern-bench-spawn");
        try (FakeAgents cluster = FakeAgents.start();
                LanternRuntime runtime =
                        runtime(directory, cluster.kubeconfig(directory), FakeAgents.NAMESPACE, Specs.digest("b"))) {
            idle("fake", runtime, Specs.digest("a"));
            cluster.forgetRequests();
            burst(cluster, runtime);
        }
        Directories.delete(directory);
    }

    private static void onTheCluster(Path kubeconfig, String namespace) throws Exception {
        Path directory = Files.createTempDirectory("lantern-bench-spawn");
        String harness = System.getenv("LANTERN_TEST_HARNESS_IMAGE");
        try (LanternRuntime runtime = runtime(directory, kubeconfig, namespace, harness)) {
            idle("cluster", runtime, System.getenv("LANTERN_TEST_SHELL_IMAGE"));
        }
        Directories.delete(directory);
    }

    private static LanternRuntime runtime(Path directory, Path kubeconfig, String namespace, String harness)
            throws IOException {
        int port;
        try (ServerSocket free = new ServerSocket(0)) {
            port = free.getLocalPort();
        }
        return Lantern.runtime()
                .journal(Journals.h2(directory.resolve("journal")))
                .substrate(KubernetesSubstrate.builder()
                        .kubeconfig(kubeconfig)
                        .namespace(namespace)
                        .gateway(GATEWAY)
                        .forbidden("192.0.2.1:443")
                        .harness(harness)
                        .grace(Duration.ofSeconds(1))
                        .build())
                .gateway(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), GATEWAY)
                .keys(FileKeyStore.openOrCreate(directory.resolve("authority.keys")))
                .start();
    }

    // -- one after the other

    private static void idle(String where, LanternRuntime runtime, String image) throws Exception {
        List<Double> millis = new ArrayList<>();
        for (int i = 0; i < IDLE_SPAWNS; i++) {
            Instant begun = Instant.now();
            AgentRun run = Lantern.spawn(Specs.waiting(image)).on(runtime);
            Instant letGo = letGo(run);
            millis.add(Duration.between(begun, letGo).toNanos() / 1e6);
            run.cancel("measured");
            run.onEnd().get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
        }
        // The first ones compile the host's code.
        double[] sorted = millis.subList(10, IDLE_SPAWNS).stream()
                .mapToDouble(Double::doubleValue)
                .sorted()
                .toArray();
        System.out.printf(
                Locale.ROOT,
                "%s: from on() to the answer that lets the pod go, ms: median %.1f, slowest of %d %.1f; the very first %.1f%n",
                where,
                median(sorted),
                sorted.length,
                sorted[sorted.length - 1],
                millis.get(0));
        Figure.atMost("spawn.to_ungating_" + where, median(sorted), "ms", 150).print();
    }

    /** When the checkpoint behind that answer was written. */
    private static Instant letGo(AgentRun run) throws InterruptedException {
        long end = System.nanoTime() + PATIENCE.toNanos();
        while (System.nanoTime() < end) {
            for (RunEvent event : run.events()) {
                if (event.kind().equals("boundary_verified") && event.json().contains("\"checkpoint\":\"pod\"")) {
                    return event.time();
                }
                if (event.kind().equals("run_refused") || event.kind().equals("instance_lost")) {
                    throw new IllegalStateException("not started: " + event.json());
                }
            }
            TimeUnit.MILLISECONDS.sleep(5);
        }
        throw new IllegalStateException(run.ref() + " was not let go within " + PATIENCE);
    }

    // -- all at once

    private static void burst(FakeAgents cluster, LanternRuntime runtime) throws Exception {
        long begun = System.nanoTime();
        List<AgentRun> runs = spawnAll(runtime);
        double spawned = seconds(begun);
        cluster.awaitLetGo(BURST, PATIENCE);
        double letGo = seconds(begun);
        List<SeenRequest> requests = cluster.requests();
        long jobs = requests.stream()
                .filter(one -> one.verb().equals("create")
                        && one.resource().equals("jobs.batch")
                        && !one.query().contains("dryRun"))
                .count();
        long writes = requests.stream().filter(BenchSpawn::writes).count();
        System.out.printf(
                Locale.ROOT,
                "burst of %d: acknowledged in %.1f s, all let go after %.1f s (%.0f/s), %d Jobs made, %.1f requests each%n",
                BURST,
                spawned,
                letGo,
                BURST / letGo,
                jobs,
                requests.size() / (double) BURST);
        Figure.atMost("spawn.writes_each", writes / (double) BURST, "calls", 4).print();
        Figure.atMost("spawn.jobs_of_1000", (double) jobs, "jobs", BURST).print();
        Figure.atLeast("spawn.pods_let_go_of_1000", (double) cluster.letGo(), "pods", BURST)
                .print();
        quiet(cluster);
        for (AgentRun run : runs) {
            run.cancel("measured");
        }
        Map<RunStatus, Long> ends = new TreeMap<>();
        for (AgentRun run : runs) {
            ends.merge(run.onEnd().get(PATIENCE.toSeconds(), TimeUnit.SECONDS), 1L, Long::sum);
        }
        System.out.println("ended " + ends + ", left standing: " + cluster.standing());
        Figure.atMost("spawn.left_standing", (double) cluster.standing(), "objects", 0)
                .print();
        Figure.atMost("spawn.heap_host_and_fake", Runtime.getRuntime().maxMemory() / 1024.0 / 1024.0, "MiB", HEAP_MIB)
                .print();
    }

    private static List<AgentRun> spawnAll(LanternRuntime runtime) throws InterruptedException {
        List<AgentRun> runs = new ArrayList<>();
        List<Thread> callers = new ArrayList<>();
        for (int caller = 0; caller < CALLERS; caller++) {
            int first = caller;
            Thread thread = new Thread(() -> {
                for (int i = first; i < BURST; i += CALLERS) {
                    AgentRun run = Lantern.spawn(Specs.waiting(Specs.digest("a")))
                            .runId("burst-" + i)
                            .on(runtime);
                    synchronized (runs) {
                        runs.add(run);
                    }
                }
            });
            thread.start();
            callers.add(thread);
        }
        for (Thread caller : callers) {
            caller.join();
        }
        return runs;
    }

    /** What a thousand agents that nobody follows cost while they do nothing. */
    private static void quiet(FakeAgents cluster) throws InterruptedException {
        // What follows from the last starts.
        TimeUnit.SECONDS.sleep(5);
        cluster.forgetRequests();
        TimeUnit.MILLISECONDS.sleep(QUIET.toMillis());
        Map<String, Long> kinds = cluster.requests().stream()
                .collect(Collectors.groupingBy(
                        one -> one.verb() + " " + one.resource(), TreeMap::new, Collectors.counting()));
        long pods = kinds.entrySet().stream()
                .filter(kind ->
                        !kind.getKey().startsWith("watch") && !kind.getKey().startsWith("list"))
                .mapToLong(Map.Entry::getValue)
                .sum();
        System.out.println("while all are quiet, in " + QUIET.toSeconds() + " s: " + kinds);
        Figure.atMost("spawn.requests_for_single_objects_while_quiet", (double) pods, "requests", 0)
                .print();
    }

    private static boolean writes(SeenRequest one) {
        return List.of("create", "update", "patch", "delete").contains(one.verb());
    }

    private static double median(double... sorted) {
        double[] copy = Arrays.copyOf(sorted, sorted.length);
        return copy[copy.length / 2];
    }

    private static double seconds(long since) {
        return (System.nanoTime() - since) / 1e9;
    }
}
