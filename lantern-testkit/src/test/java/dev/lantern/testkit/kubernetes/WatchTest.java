package dev.lantern.testkit.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Watches: what comes, when, and how they end. */
class WatchTest {
    private static final String MAPS = "/api/v1/namespaces/default/configmaps";

    private final FakeKubernetes kubernetes = FakeKubernetes.start();
    private final Client client = Client.of(kubernetes);

    @AfterEach
    void close() {
        kubernetes.close();
    }

    @Test
    void watch_goes_on_behind_the_version_of_a_list() throws IOException {
        client.post(MAPS, Manifests.configMap("before"));
        String version = client.get(MAPS).at("/metadata/resourceVersion");
        client.post(MAPS, Manifests.configMap("between"));

        try (Client.Lines watch = client.follow(MAPS + "?watch=true&resourceVersion=" + version)) {
            client.patch(MAPS + "/before", Client.MERGE, "{\"data\":{\"a\":\"c\"}}");
            client.delete(MAPS + "/between", "");

            assertThat(watch.code()).isEqualTo(200);
            assertThat(List.of(event(watch), event(watch), event(watch)))
                    .containsExactly("ADDED between", "MODIFIED before", "DELETED between");
        }
    }

    @Test
    void watch_without_a_version_begins_with_what_stands() throws IOException {
        client.post(MAPS, Manifests.configMap("one"));

        try (Client.Lines watch = client.follow(MAPS + "?watch=true")) {
            assertThat(event(watch)).isEqualTo("ADDED kube-root-ca.crt");
            JsonNode second = watch.event();
            assertThat(second.at("/object/kind").asText()).isEqualTo("ConfigMap");
            assertThat(second.at("/object/metadata/name").asText()).isEqualTo("one");
        }
    }

    @Test
    void last_event_of_an_object_has_its_last_state_and_the_version_of_its_removal() throws IOException {
        client.post(MAPS, Manifests.configMap("one"));
        String version = client.get(MAPS).at("/metadata/resourceVersion");
        client.delete(MAPS + "/one", "");

        try (Client.Lines watch = client.follow(MAPS + "?watch=1&resourceVersion=" + version)) {
            JsonNode deleted = watch.event().path("object");
            assertThat(deleted.at("/data/a").asText()).isEqualTo("b");
            assertThat(deleted.at("/metadata/resourceVersion").asLong()).isGreaterThan(Long.parseLong(version));
        }
    }

    @Test
    void object_that_leaves_or_enters_the_selection_is_deleted_or_added() throws IOException {
        client.post(MAPS, Manifests.configMap("one"));
        String version = client.get(MAPS).at("/metadata/resourceVersion");

        try (Client.Lines watch = client.follow(MAPS + "?watch=true&labelSelector=a%3D1&resourceVersion=" + version)) {
            label("1");
            client.patch(MAPS + "/one", Client.MERGE, "{\"data\":{\"x\":\"y\"}}");
            label("2");
            label("1");

            assertThat(List.of(event(watch), event(watch), event(watch), event(watch)))
                    .containsExactly("ADDED one", "MODIFIED one", "DELETED one", "ADDED one");
        }
    }

    @Test
    void expired_watch_is_200_with_an_error_event_and_ends() throws IOException {
        String version = client.get(MAPS).at("/metadata/resourceVersion");
        client.post(MAPS, Manifests.configMap("one"));
        kubernetes.compact();

        try (Client.Lines watch = client.follow(MAPS + "?watch=true&resourceVersion=" + version)) {
            JsonNode event = watch.event();
            assertThat(watch.code()).isEqualTo(200);
            assertThat(event.path("type").asText()).isEqualTo("ERROR");
            assertThat(event.at("/object/code").asInt()).isEqualTo(410);
            assertThat(event.at("/object/reason").asText()).isEqualTo("Expired");
            assertThat(watch.next()).isNull();
        }
    }

    @Test
    void watch_that_keeps_up_survives_a_compaction() throws IOException {
        try (Client.Lines watch = client.follow(MAPS + "?watch=true&fieldSelector=metadata.name%3Done")) {
            kubernetes.compact();
            client.post(MAPS, Manifests.configMap("one"));

            assertThat(event(watch)).isEqualTo("ADDED one");
        }
    }

    @Test
    void bookmark_comes_to_those_that_asked_and_moves_their_version_on() throws IOException {
        String version = client.get(MAPS).at("/metadata/resourceVersion");
        try (Client.Lines asked =
                        client.follow(MAPS + "?watch=true&allowWatchBookmarks=true&resourceVersion=" + version);
                Client.Lines other = client.follow(MAPS + "?watch=true&resourceVersion=" + version)) {
            client.post("/api/v1/namespaces/kube-system/configmaps", Manifests.configMap("elsewhere"));
            kubernetes.bookmark();
            client.post(MAPS, Manifests.configMap("one"));

            JsonNode bookmark = asked.event();
            assertThat(bookmark.path("type").asText()).isEqualTo("BOOKMARK");
            assertThat(bookmark.at("/object/kind").asText()).isEqualTo("ConfigMap");
            assertThat(bookmark.at("/object/metadata/resourceVersion").asLong()).isGreaterThan(Long.parseLong(version));
            assertThat(event(other)).isEqualTo("ADDED one");
        }
    }

    @Test
    void watch_ends_with_its_timeout_by_the_clusters_clock() throws IOException {
        try (Client.Lines watch =
                client.follow(MAPS + "?watch=true&timeoutSeconds=240&fieldSelector=metadata.name%3Dx")) {
            kubernetes.advance(Duration.ofSeconds(239));
            assertThat(kubernetes.openWatches()).isEqualTo(1);
            kubernetes.advance(Duration.ofSeconds(1));

            assertThat(watch.next()).isNull();
            assertThat(kubernetes.openWatches()).isZero();
        }
    }

    @Test
    void last_thing_a_watch_says_is_a_bookmark_to_those_that_asked() throws IOException {
        try (Client.Lines watch = client.follow(
                MAPS + "?watch=true&timeoutSeconds=10&allowWatchBookmarks=true&fieldSelector=metadata.name%3Dx")) {
            kubernetes.advance(Duration.ofSeconds(10));

            assertThat(watch.event().path("type").asText()).isEqualTo("BOOKMARK");
            assertThat(watch.next()).isNull();
        }
    }

    @Test
    void restart_cuts_watches_and_lets_lists_go_on() throws IOException {
        List.of("a", "b").forEach(name -> client.post(MAPS, Manifests.configMap(name)));
        JsonNode page = client.get(MAPS + "?limit=1").json();
        String version = page.at("/metadata/resourceVersion").asText();
        client.post(MAPS, Manifests.configMap("c"));
        kubernetes.restart();
        // The first one may still hold a connection that has just been cut.
        Client another = Client.of(kubernetes);

        try (Client.Lines watch = another.follow(MAPS + "?watch=true&resourceVersion=" + version)) {
            assertThat(watch.event().at("/object/code").asInt()).isEqualTo(410);
        }
        JsonNode rest = another.get(
                        MAPS + "?continue=" + page.at("/metadata/continue").asText())
                .json();
        assertThat(ResourcesTest.names(rest)).containsExactly("b", "kube-root-ca.crt");
    }

    @Test
    void initial_events_are_refused() {
        assertThat(client.get(MAPS + "?watch=true&sendInitialEvents=true&resourceVersionMatch=NotOlderThan")
                        .code())
                .isEqualTo(422);
    }

    private void label(String value) {
        client.patch(MAPS + "/one", Client.MERGE, "{\"metadata\":{\"labels\":{\"a\":\"" + value + "\"}}}");
    }

    private static String event(Client.Lines watch) throws IOException {
        JsonNode event = watch.event();
        return event.path("type").asText() + " "
                + event.at("/object/metadata/name").asText();
    }
}
