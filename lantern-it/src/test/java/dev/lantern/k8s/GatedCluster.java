package dev.lantern.k8s;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonParser;
import dev.lantern.core.gate.Gate;
import dev.lantern.core.gate.PlainAgents;
import dev.lantern.gate.ClusterFacts;
import dev.lantern.gate.Decision;
import dev.lantern.gate.IsolationPolicy;
import dev.lantern.gate.Placement;
import dev.lantern.spec.Isolation;
import dev.lantern.testkit.kubernetes.FakeKubernetes;
import io.kubernetes.client.openapi.ApiClient;
import io.kubernetes.client.openapi.ApiException;
import io.kubernetes.client.util.ClientBuilder;
import io.kubernetes.client.util.KubeConfig;
import java.io.IOException;
import java.io.StringReader;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import okhttp3.Response;

/** A fake cluster with the shipped baseline for tenant acme, and the gate's decisions over it. */
final class GatedCluster implements AutoCloseable {
    static final String NAMESPACE = "lantern-acme";
    private static final Duration PATIENCE = Duration.ofMinutes(1);

    final FakeKubernetes kubernetes;

    /** With no nodes and no RuntimeClasses, and a time that stands. */
    GatedCluster() {
        this(FakeKubernetes.start());
    }

    private GatedCluster(FakeKubernetes kubernetes) {
        this.kubernetes = kubernetes;
        List<Manifest> manifests =
                new ArrayList<>(baseline(NAMESPACE).tenant("acme").manifests());
        manifests.addAll(AdmissionPolicies.all());
        for (Manifest manifest : manifests) {
            kubernetes.create(manifest.object().toString());
        }
    }

    /** The same, in the time of everybody. */
    static GatedCluster now() {
        return new GatedCluster(
                FakeKubernetes.builder().clock(InstantSource.system()).start());
    }

    /** plain has runc alone, sand has gVisor too, vault is dedicated and has Kata. */
    static GatedCluster full() {
        return new GatedCluster().filled();
    }

    GatedCluster filled() {
        kubernetes.addNode("plain");
        kubernetes.addNode("sand").handlers("", "runc", "runsc");
        kubernetes
                .addNode("vault")
                .handlers("", "kata-qemu")
                .label(
                        IsolationPolicy.DedicatedNodes.SHIPPED.label(),
                        IsolationPolicy.DedicatedNodes.SHIPPED.labelValue())
                .taint("lantern.dev/isolation", "hostile", "NoSchedule");
        return runtimeClass("gvisor", "runsc").runtimeClass("kata", "kata-qemu");
    }

    GatedCluster runtimeClass(String name, String handler) {
        kubernetes.create("""
                {"apiVersion": "node.k8s.io/v1", "kind": "RuntimeClass", "metadata": {"name": "%s"}, "handler": "%s"}
                """.formatted(name, handler));
        return this;
    }

    ClusterFacts facts() {
        return finder().facts("acme", PATIENCE);
    }

    FactFinder finder() {
        return finder(TenantNamespaces.prefixed("lantern-"));
    }

    FactFinder finder(TenantNamespaces namespaces) {
        return new FactFinder(
                new ApiServer(client(kubernetes.kubeconfig())), namespaces, GatedCluster::baseline, kubernetes.clock());
    }

    void deleteRuntimeClass(String name) {
        delete("/apis/node.k8s.io/v1/runtimeclasses/" + name);
    }

    void deletePolicy(String name) {
        delete("/apis/networking.k8s.io/v1/namespaces/" + NAMESPACE + "/networkpolicies/" + name);
    }

    void deleteAdmissionBinding(String name) {
        delete("/apis/admissionregistration.k8s.io/v1/validatingadmissionpolicybindings/" + name);
    }

    private void delete(String path) {
        call(client(kubernetes.kubeconfig()), "DELETE", path, "");
    }

    /** What stands there. */
    static String read(ApiClient client, String path) {
        return carriedOut(client, "GET", path, "");
    }

    /** Carries it out, or fails; what was answered. */
    static String call(ApiClient client, String method, String path, String body) {
        return carriedOut(client, method, path, body);
    }

    private static String carriedOut(ApiClient client, String method, String path, String body) {
        try (Response response = client.buildCall(
                        null,
                        path,
                        method,
                        List.of(),
                        List.of(),
                        body.isEmpty() ? null : JsonParser.parseString(body),
                        new TreeMap<>(Map.of("Content-Type", "application/json")),
                        new TreeMap<>(),
                        new TreeMap<>(),
                        new String[] {"BearerToken"},
                        null)
                .execute()) {
            String answer = response.body().string();
            assertThat(response.isSuccessful())
                    .as("%s %s: %s", method, path, answer)
                    .isTrue();
            return answer;
        } catch (IOException | ApiException e) {
            throw new IllegalStateException(method + " " + path, e);
        }
    }

    Decision decide(Isolation isolation) {
        return decide(isolation, facts());
    }

    Decision decide(Isolation isolation, ClusterFacts facts) {
        return Gate.decide(
                PlainAgents.of(isolation),
                IsolationPolicy.safeDefaults(),
                facts,
                kubernetes.clock().instant());
    }

    /** The place; the decision has to be a yes. */
    Placement.InCluster place(Isolation isolation) {
        Decision decision = decide(isolation);
        if (decision instanceof Decision.Admitted admitted) {
            return admitted.placement().cluster().orElseThrow();
        }
        throw new AssertionError("not admitted: " + decision);
    }

    static NamespaceBaseline baseline(String namespace) {
        return NamespaceBaseline.in(namespace)
                .gatewayPods(
                        "lantern-system", Collections.singletonMap("app.kubernetes.io/name", "lantern-gateway"), 7410);
    }

    static ApiClient client(String kubeconfig) {
        try {
            return ClientBuilder.kubeconfig(KubeConfig.loadKubeConfig(new StringReader(kubeconfig)))
                    .build();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() {
        kubernetes.close();
    }
}
