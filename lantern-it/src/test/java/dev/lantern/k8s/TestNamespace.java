package dev.lantern.k8s;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import io.kubernetes.client.openapi.ApiClient;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.function.UnaryOperator;

/** A namespace with its baseline on the cluster that {@code LANTERN_TEST_KUBECONFIG} names, deleted when it is closed. */
final class TestNamespace implements AutoCloseable {
    static final String KUBECONFIG = "LANTERN_TEST_KUBECONFIG";

    private final ApiClient client;
    private final NamespaceBaseline baseline;
    private final String name;

    private TestNamespace(ApiClient client, NamespaceBaseline baseline, String name) {
        this.client = client;
        this.baseline = baseline;
        this.name = name;
    }

    /** Of a name that no other test has. */
    static TestNamespace make(UnaryOperator<NamespaceBaseline> complete) throws IOException {
        String name = "lantern-test-" + UUID.randomUUID().toString().substring(0, 8);
        NamespaceBaseline baseline = complete.apply(NamespaceBaseline.in(name));
        TestNamespace made = new TestNamespace(GatedCluster.client(Files.readString(kubeconfig())), baseline, name);
        for (Manifest manifest : baseline.manifests()) {
            GatedCluster.call(
                    made.client,
                    "POST",
                    made.collection(manifest),
                    manifest.object().toString());
        }
        return made;
    }

    static Path kubeconfig() {
        return Path.of(System.getenv(KUBECONFIG));
    }

    /**
     * What no agent may reach and everybody would without a fence: what {@code LANTERN_TEST_FORBIDDEN_ADDRESS} says, or else
     * the API server's address, if that means the same inside a pod, or else the one that pods know it by.
     */
    static String forbidden() {
        String said = System.getenv("LANTERN_TEST_FORBIDDEN_ADDRESS");
        if (said != null && !said.isEmpty()) {
            return said;
        }
        try {
            ApiClient client = GatedCluster.client(Files.readString(kubeconfig()));
            URI server = URI.create(client.getBasePath());
            if (server.getHost().matches("[0-9.]+") && !server.getHost().startsWith("127.") && server.getPort() > 0) {
                return server.getHost() + ":" + server.getPort();
            }
            JsonObject spec = JsonParser.parseString(
                            GatedCluster.read(client, "/api/v1/namespaces/default/services/kubernetes"))
                    .getAsJsonObject()
                    .getAsJsonObject("spec");
            return spec.get("clusterIP").getAsString() + ":443";
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    String name() {
        return name;
    }

    ApiClient client() {
        return client;
    }

    NamespaceBaseline baseline() {
        return baseline;
    }

    /** Its objects of one kind, as the API server has them. */
    List<JsonObject> list(String group, String plural) {
        return items("/" + group + "/namespaces/" + name + "/" + plural);
    }

    List<JsonObject> pods() {
        return list("api/v1", "pods");
    }

    /** All objects that a path lists. */
    List<JsonObject> items(String path) {
        List<JsonObject> items = new ArrayList<>();
        for (JsonElement item : JsonParser.parseString(GatedCluster.read(client, path))
                .getAsJsonObject()
                .getAsJsonArray("items")) {
            items.add(item.getAsJsonObject());
        }
        return items;
    }

    /** Carries it out on an object of this namespace, or fails. */
    void call(String method, String path, String body) {
        GatedCluster.call(client, method, "/api/v1/namespaces/" + name + "/" + path, body);
    }

    private String collection(Manifest manifest) {
        return switch (manifest.kind()) {
            case "Namespace" -> "/api/v1/namespaces";
            case "ServiceAccount" -> "/api/v1/namespaces/" + name + "/serviceaccounts";
            case "ResourceQuota" -> "/api/v1/namespaces/" + name + "/resourcequotas";
            case "NetworkPolicy" -> "/apis/networking.k8s.io/v1/namespaces/" + name + "/networkpolicies";
            default -> throw new AssertionError("the baseline of a namespace has a " + manifest.kind());
        };
    }

    @Override
    public void close() {
        GatedCluster.call(client, "DELETE", "/api/v1/namespaces/" + name, "");
    }
}
