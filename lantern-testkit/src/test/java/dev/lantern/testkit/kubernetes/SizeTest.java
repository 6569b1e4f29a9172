package dev.lantern.testkit.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Big clusters, in the heap that tests have. */
@Tag("long")
class SizeTest {
    private static final int PODS = 10_000;
    private static final String PATH = "/api/v1/namespaces/default/pods";

    private final FakeKubernetes kubernetes = FakeKubernetes.start();
    private final Client client = Client.of(kubernetes);

    @AfterEach
    void close() {
        kubernetes.close();
    }

    @Test
    void ten_thousand_pods_are_held_listed_and_watched_by_a_reader_that_does_not_read() throws IOException {
        IntStream.range(0, 20).forEach(node -> kubernetes.addNode("n%02d".formatted(node)));
        try (Client.Lines idle = client.follow(PATH + "?watch=true")) {
            IntStream.range(0, PODS)
                    .forEach(
                            pod -> kubernetes.create(Manifests.pod("p%05d".formatted(pod), "'restartPolicy':'Never'")));
            kubernetes.settle();

            List<String> names = new ArrayList<>();
            String continued = "";
            do {
                JsonNode page =
                        client.get(PATH + "?limit=500&continue=" + continued).json();
                names.addAll(ResourcesTest.names(page));
                continued = page.at("/metadata/continue").asText();
            } while (!continued.isEmpty());

            assertThat(names).hasSize(PODS).isSorted().doesNotHaveDuplicates();
            assertThat(client.get(PATH + "?fieldSelector=spec.nodeName%3Dn07,status.phase%3DRunning&limit=1")
                            .json()
                            .at("/metadata/remainingItemCount")
                            .asInt())
                    .isEqualTo(PODS / 20 - 1);
            // What it has missed is told to it, or that it is too late; never nothing.
            assertThat(last(idle)).isIn("MODIFIED p09999", "ERROR 410");
        }
    }

    private static String last(Client.Lines watch) throws IOException {
        while (true) {
            JsonNode event = watch.event();
            String type = event.path("type").asText();
            String name = event.at("/object/metadata/name").asText();
            if (type.equals("ERROR")) {
                return "ERROR " + event.at("/object/code").asText();
            }
            if (name.equals("p09999")
                    && event.at("/object/status/phase").asText().equals("Running")) {
                return type + " " + name;
            }
        }
    }
}
