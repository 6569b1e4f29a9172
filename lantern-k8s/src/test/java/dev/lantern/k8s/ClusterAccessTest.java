package dev.lantern.k8s;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lantern.testkit.kubernetes.FakeKubernetes;
import dev.lantern.value.LanternException;
import io.kubernetes.client.openapi.ApiClient;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.Random;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A kubeconfig is used as kubectl uses it, and nothing of it is shown. */
class ClusterAccessTest {
    @TempDir
    Path directory;

    @Test
    void files_that_a_kubeconfig_names_lie_beside_it() throws IOException {
        try (FakeKubernetes kubernetes = FakeKubernetes.builder().tls().start()) {
            Matcher inline = Pattern.compile("certificate-authority-data: *\"?([A-Za-z0-9+/=]+)\"?")
                    .matcher(kubernetes.kubeconfig());
            assertThat(inline.find()).isTrue();
            Files.write(directory.resolve("ca.pem"), Base64.getDecoder().decode(inline.group(1)));
            Path file = directory.resolve("kubeconfig");
            Files.writeString(file, inline.replaceFirst("certificate-authority: ca.pem"));

            ApiClient client = ClusterAccess.kubeconfig(file).connect();
            Result version = new Calls(new ApiServer(client), kubernetes.clock(), new Random(1))
                    .read(Get.of("/version", Rule.path("/version")), "", Clusters.PATIENCE);

            assertThat(version).isInstanceOf(Done.class);
            assertThat(client.getHttpClient().dispatcher().getMaxRequestsPerHost())
                    .isEqualTo(ClusterAccess.MOST_CALLS);
            ClusterAccess.disconnect(client);
        }
    }

    @Test
    void kubeconfig_that_cannot_be_read_is_named_and_not_shown() throws IOException {
        Path file = directory.resolve("kubeconfig");
        Files.writeString(file, "token: of-the-host\nusers: [");

        assertThatThrownBy(() -> ClusterAccess.kubeconfig(file).connect())
                .isInstanceOf(LanternException.class)
                .hasMessageContaining("the kubeconfig " + file + " cannot be used")
                .hasMessageNotContaining("of-the-host")
                .hasNoCause();
        assertThatThrownBy(() ->
                        ClusterAccess.kubeconfig(directory.resolve("missing")).connect())
                .isInstanceOf(LanternException.class)
                .hasMessageContaining("NoSuchFileException");
    }
}
