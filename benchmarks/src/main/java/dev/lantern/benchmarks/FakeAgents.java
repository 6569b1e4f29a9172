package dev.lantern.benchmarks;

import dev.lantern.k8s.NamespaceBaseline;
import dev.lantern.testkit.kubernetes.FakeKubernetes;
import dev.lantern.testkit.kubernetes.PodScript;
import dev.lantern.testkit.kubernetes.SeenRequest;
import io.kubernetes.client.util.Yaml;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/** A fake cluster in everybody's time, whose pods start and whose agents wait for ever. */
final class FakeAgents implements AutoCloseable {
    static final String NAMESPACE = "agents";
    private static final long BEAT_MILLIS = 20;

    private final FakeKubernetes kubernetes;
    private final ScheduledThreadPoolExecutor controllers = new ScheduledThreadPoolExecutor(1);

    private FakeAgents(FakeKubernetes kubernetes) {
        this.kubernetes = kubernetes;
    }

    static FakeAgents start() {
        FakeKubernetes kubernetes =
                FakeKubernetes.builder().clock(InstantSource.system()).start();
        for (int node = 0; node < 20; node++) {
            kubernetes.addNode("node-" + node);
        }
        try {
            for (Object manifest : Yaml.loadAll(NamespaceBaseline.in(NAMESPACE)
                    .gatewayAt("192.0.2.9/32", 7410)
                    .yaml())) {
                kubernetes.create(io.kubernetes.client.openapi.JSON.serialize(manifest));
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        kubernetes.script(pod -> PodScript.starts());
        FakeAgents agents = new FakeAgents(kubernetes);
        agents.controllers.scheduleWithFixedDelay(kubernetes::tick, BEAT_MILLIS, BEAT_MILLIS, TimeUnit.MILLISECONDS);
        return agents;
    }

    Path kubeconfig(Path directory) throws IOException {
        return Files.writeString(directory.resolve("kubeconfig"), kubernetes.kubeconfig());
    }

    /** How many pods no gate holds. */
    long letGo() {
        return kubernetes.list("pods", NAMESPACE).stream()
                .filter(pod -> pod.path("spec").path("schedulingGates").isEmpty())
                .count();
    }

    /** Jobs and pods. */
    long standing() {
        return (long) kubernetes.list("pods", NAMESPACE).size()
                + kubernetes.list("jobs.batch", NAMESPACE).size();
    }

    void awaitLetGo(int pods, Duration patience) throws InterruptedException {
        long end = System.nanoTime() + patience.toNanos();
        while (letGo() < pods) {
            if (System.nanoTime() > end) {
                throw new IllegalStateException(letGo() + " of " + pods + " pods were let go within " + patience);
            }
            TimeUnit.MILLISECONDS.sleep(100);
        }
    }

    List<SeenRequest> requests() {
        return kubernetes.requests();
    }

    void forgetRequests() {
        kubernetes.forgetRequests();
    }

    @Override
    public void close() {
        controllers.shutdownNow();
        kubernetes.close();
    }
}
