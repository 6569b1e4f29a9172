package dev.lantern.k8s;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.condition.EnabledIfEnvironmentVariable;

/** The contract on a real cluster, where {@code LANTERN_TEST_KUBECONFIG} names one. */
@Tag("long")
@EnabledIfEnvironmentVariable(named = "LANTERN_TEST_KUBECONFIG", matches = ".+")
class KubernetesSecretStoreOnClusterTest extends KubernetesSecretsContract {
    @Override
    TestApiServer cluster() throws IOException {
        return TestApiServer.open("Secrets of a real cluster");
    }

    @Override
    String kubeconfig() throws IOException {
        return Files.readString(Path.of(System.getenv("LANTERN_TEST_KUBECONFIG")));
    }
}
