package dev.lantern.testkit.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What can go wrong between a client and an API server, on purpose. */
class FaultsTest {
    private static final String MAPS = "/api/v1/namespaces/default/configmaps";
    private static final RequestMatcher LISTS =
            RequestMatcher.any().verb("list").resource("configmaps");

    private final FakeKubernetes kubernetes = FakeKubernetes.start();
    private final Client client = Client.of(kubernetes);

    @AfterEach
    void close() {
        kubernetes.close();
    }

    @Test
    void status_is_answered_so_many_times_and_nothing_is_done() {
        kubernetes.inject(RequestMatcher.any().verb("create"), Fault.status(503), 2);

        List<Integer> codes = List.of(
                client.post(MAPS, Manifests.configMap("one")).code(),
                client.post(MAPS, Manifests.configMap("one")).code(),
                client.post(MAPS, Manifests.configMap("one")).code());

        assertThat(codes).containsExactly(503, 503, 201);
    }

    @Test
    void too_many_requests_come_with_and_without_a_time_to_return() {
        kubernetes.inject(LISTS, Fault.tooManyRequests(), 1);
        kubernetes.inject(LISTS, Fault.tooManyRequests(Duration.ofSeconds(2)), 1);

        Client.Answer without = client.get(MAPS);
        Client.Answer with = client.get(MAPS);

        assertThat(without.code()).isEqualTo(429);
        assertThat(without.header("Retry-After")).isEmpty();
        assertThat(without.at("/reason")).isEqualTo("TooManyRequests");
        assertThat(with.code()).isEqualTo(429);
        assertThat(with.header("Retry-After")).isEqualTo("2");
        assertThat(with.at("/details/retryAfterSeconds")).isEqualTo("2");
    }

    @Test
    void held_request_is_carried_out_when_it_is_released() throws Exception {
        Injection hold = kubernetes.inject(LISTS, Fault.hold());

        CompletableFuture<Client.Answer> answer = client.later(MAPS);
        hold.awaitHit();
        client.post(MAPS, Manifests.configMap("meanwhile"));
        assertThat(answer.isDone()).isFalse();
        hold.release();

        assertThat(ResourcesTest.names(answer.get(60, TimeUnit.SECONDS).json())).contains("meanwhile");
        assertThat(client.get(MAPS).code()).isEqualTo(200);
    }

    @Test
    void cut_request_is_not_carried_out_and_a_lost_answer_is() {
        kubernetes.inject(RequestMatcher.any().verb("create"), Fault.cut(), 1);
        assertThatThrownBy(() -> client.post(MAPS, Manifests.configMap("one"))).hasCauseInstanceOf(IOException.class);
        assertThat(client.get(MAPS + "/one").code()).isEqualTo(404);

        kubernetes.inject(RequestMatcher.any().verb("create"), Fault.answerLost(), 1);
        assertThatThrownBy(() -> client.post(MAPS, Manifests.configMap("one"))).hasCauseInstanceOf(IOException.class);
        assertThat(client.get(MAPS + "/one").code()).isEqualTo(200);
    }

    @Test
    void body_breaks_off_in_the_middle() {
        kubernetes.inject(LISTS, Fault.cutAfter(30));

        assertThatThrownBy(() -> client.get(MAPS)).hasCauseInstanceOf(IOException.class);
    }

    @Test
    void body_comes_as_slowly_as_the_test_wants() throws Exception {
        Injection stall = kubernetes.inject(LISTS, Fault.stallAfter(10));

        CompletableFuture<Client.Answer> answer = client.later(MAPS);
        stall.awaitHit();
        stall.more(10);
        stall.more(10);
        assertThat(answer.isDone()).isFalse();
        stall.release();

        assertThat(answer.get(60, TimeUnit.SECONDS).at("/kind")).isEqualTo("ConfigMapList");
    }

    @Test
    void watch_falls_silent_and_stays_open() throws Exception {
        Injection silence = kubernetes.inject(RequestMatcher.any().verb("watch"), Fault.stallAfter(0));
        try (Client.Lines watch = client.follow(MAPS + "?watch=true&fieldSelector=metadata.name%3Done")) {
            client.post(MAPS, Manifests.configMap("one"));
            CompletableFuture<JsonNode> event = CompletableFuture.supplyAsync(() -> {
                try {
                    return watch.event();
                } catch (IOException e) {
                    throw new java.io.UncheckedIOException(e);
                }
            });
            assertThat(kubernetes.openWatches()).isEqualTo(1);
            assertThat(event.isDone()).isFalse();
            silence.release();

            assertThat(event.get(60, TimeUnit.SECONDS).path("type").asText()).isEqualTo("ADDED");
        }
    }

    @Test
    void watch_breaks_off_in_the_middle_of_an_event() throws IOException {
        kubernetes.inject(RequestMatcher.any().verb("watch"), Fault.cutAfter(20));
        try (Client.Lines watch = client.follow(MAPS + "?watch=true")) {
            assertThatThrownBy(() -> {
                        while (watch.next() != null) {
                            // a whole line would be read
                        }
                    })
                    .isInstanceOf(IOException.class);
        }
    }

    @Test
    void list_is_cut_into_pages_that_nobody_asked_for() {
        List.of("a", "b", "c").forEach(name -> client.post(MAPS, Manifests.configMap(name)));
        kubernetes.inject(LISTS, Fault.page(1), 1);

        JsonNode first = client.get(MAPS + "?limit=500").json();
        JsonNode rest = client.get(MAPS + "?limit=500&continue="
                        + first.at("/metadata/continue").asText())
                .json();

        assertThat(ResourcesTest.names(first)).containsExactly("a");
        assertThat(ResourcesTest.names(rest)).containsExactly("b", "c", "kube-root-ca.crt");
    }

    @Test
    void body_may_be_garbage() {
        kubernetes.inject(LISTS, Fault.body("{\"kind\":\"ConfigMapList\",\"items\":[{"), 1);

        assertThat(client.get(MAPS).text()).isEqualTo("{\"kind\":\"ConfigMapList\",\"items\":[{");
    }

    @Test
    void date_is_the_clusters_and_may_be_off() {
        assertThat(client.get("/version").header("Date")).isEqualTo("Thu, 01 Jan 2026 00:00:00 GMT");
        kubernetes.advance(Duration.ofHours(1));
        kubernetes.inject(RequestMatcher.any().path("/version"), Fault.clockSkew(Duration.ofMinutes(-10)), 1);

        assertThat(client.get("/version").header("Date")).isEqualTo("Thu, 01 Jan 2026 00:50:00 GMT");
    }

    @Test
    void requests_are_remembered_and_counted() {
        client.get(MAPS + "?limit=1");
        client.post(MAPS, Manifests.configMap("one"));
        client.delete("/apis/batch/v1/namespaces/default/jobs/none", "");

        SeenRequest last = kubernetes.requests().get(2);
        assertThat(last.verb()).isEqualTo("delete");
        assertThat(last.resource()).isEqualTo("jobs.batch");
        assertThat(last.name()).isEqualTo("none");
        assertThat(last).hasToString("DELETE /apis/batch/v1/namespaces/default/jobs/none");
        assertThat(kubernetes.count(LISTS)).isEqualTo(1);
        assertThat(kubernetes.count(RequestMatcher.any().query("limit=1"))).isEqualTo(1);
        kubernetes.forgetRequests();
        assertThat(kubernetes.requests()).isEmpty();
    }

    @Test
    void closed_fake_answers_nobody() {
        kubernetes.inject(LISTS, Fault.hold());
        CompletableFuture<Client.Answer> held = client.later(MAPS);

        kubernetes.close();
        kubernetes.close();

        assertThatThrownBy(() -> held.get(60, TimeUnit.SECONDS)).hasCauseInstanceOf(IOException.class);
        assertThatThrownBy(() -> client.get("/version")).hasCauseInstanceOf(IOException.class);
    }
}
