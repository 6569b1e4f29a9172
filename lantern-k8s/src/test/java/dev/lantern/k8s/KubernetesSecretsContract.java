package dev.lantern.k8s;

import com.google.gson.JsonNull;
import com.google.gson.JsonObject;
import dev.lantern.secrets.SecretPlace;
import dev.lantern.secrets.SecretStore;
import dev.lantern.testkit.contract.SecretStoreContract;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.io.TempDir;

/** The contract over Secrets in namespaces of their own, on whichever cluster. */
abstract class KubernetesSecretsContract extends SecretStoreContract {
    @TempDir
    Path directory;

    private TestApiServer cluster;

    /** The cluster, and who puts Secrets there. */
    abstract TestApiServer cluster() throws IOException;

    /** As whom the store reads. */
    abstract String kubeconfig() throws IOException;

    @Override
    protected SecretStore open() throws IOException {
        cluster = cluster();
        for (String tenant : List.of("acme", "umbrella")) {
            cluster.make("/api/v1/namespaces", Persisted.json("""
                    {"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": "%s"}}
                    """.formatted(namespace(tenant))));
        }
        return KubernetesSecretStore.builder()
                .kubeconfig(Files.writeString(directory.resolve("config"), kubeconfig()))
                .namespacePrefix(prefix())
                .build();
    }

    @AfterEach
    void leave() {
        cluster.close();
    }

    String prefix() {
        return cluster.mark() + "-";
    }

    String namespace(String tenant) {
        return prefix() + tenant;
    }

    private String secrets(SecretPlace place) {
        return "/api/v1/namespaces/" + namespace(place.tenant()) + "/secrets";
    }

    @Override
    protected void put(SecretPlace place, byte[] value) {
        String path = secrets(place) + "/lantern-" + place.tenant();
        if (cluster.get(path).status() == 404) {
            cluster.post(secrets(place), Persisted.json("""
                    {"apiVersion": "v1", "kind": "Secret",
                     "metadata": {"name": "lantern-%s", "labels": {"lantern.dev/vendable": "true"}}}
                    """.formatted(place.tenant())))
                    .made();
        }
        JsonObject data = new JsonObject();
        data.addProperty(place.key(), Base64.getEncoder().encodeToString(value));
        patch(path, data);
    }

    @Override
    protected void remove(SecretPlace place) {
        JsonObject data = new JsonObject();
        data.add(place.key(), JsonNull.INSTANCE);
        patch(secrets(place) + "/lantern-" + place.tenant(), data);
    }

    private void patch(String path, JsonObject data) {
        JsonObject patch = new JsonObject();
        patch.add("data", data);
        cluster.mergePatch(path, patch).made();
    }
}
