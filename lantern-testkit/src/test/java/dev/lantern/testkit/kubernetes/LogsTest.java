package dev.lantern.testkit.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What a container has written, read at once and followed. */
class LogsTest {
    private static final String LOG = "/api/v1/namespaces/default/pods/one/log";

    private final FakeKubernetes kubernetes = FakeKubernetes.start();
    private final Client client = Client.of(kubernetes);

    @BeforeEach
    void pod() {
        client.post("/api/v1/namespaces/default/pods", Manifests.pod("one", "'restartPolicy':'Never'"));
    }

    @AfterEach
    void close() {
        kubernetes.close();
    }

    @Test
    void log_has_times_and_can_be_cut_to_what_is_asked() {
        running();
        kubernetes.pod("default", "one").log("agent", "first");
        kubernetes.advance(Duration.ofMillis(1500));
        kubernetes.pod("default", "one").log("agent", "second");

        assertThat(client.get(LOG).text()).isEqualTo("first\nsecond\n");
        assertThat(client.get(LOG + "?timestamps=true").text())
                .isEqualTo("2026-01-01T00:00:00.000000000Z first\n2026-01-01T00:00:01.500000000Z second\n");
        assertThat(client.get(LOG + "?tailLines=1&container=agent").text()).isEqualTo("second\n");
        assertThat(client.get(LOG + "?limitBytes=8").text()).isEqualTo("first\nse");
        assertThat(client.get(LOG + "?sinceTime=2026-01-01T00:00:01.4Z").text()).isEqualTo("second\n");
        assertThat(client.get(LOG + "?sinceTime=2026-01-01T00:00:00.4Z").text()).isEqualTo("first\nsecond\n");
    }

    @Test
    void followed_log_goes_on_until_its_container_ends() throws IOException {
        running();
        FakePod pod = kubernetes.pod("default", "one");
        pod.log("agent", "first");

        try (Client.Lines lines = client.follow(LOG + "?follow=true")) {
            assertThat(lines.next()).isEqualTo("first");
            pod.log("agent", "second");
            assertThat(lines.next()).isEqualTo("second");
            pod.log("agent", "last");
            pod.exit("agent", 0);
            assertThat(lines.next()).isEqualTo("last");
            assertThat(lines.next()).isNull();
        }
    }

    @Test
    void rotation_ends_a_follow_and_nothing_is_lost() throws IOException {
        running();
        FakePod pod = kubernetes.pod("default", "one");

        try (Client.Lines lines = client.follow(LOG + "?follow=true")) {
            pod.log("agent", "first");
            pod.rotateLog("agent");
            assertThat(lines.next()).isEqualTo("first");
            assertThat(lines.next()).isNull();
        }
        pod.log("agent", "second");
        assertThat(client.get(LOG).text()).isEqualTo("first\nsecond\n");
    }

    @Test
    void log_of_a_pod_that_has_not_started_is_refused_or_empty() {
        assertThat(client.get(LOG).code()).isEqualTo(204);
        kubernetes.addNode("n1");
        kubernetes.script(pod -> PodScript.waits());
        kubernetes.settle();

        Client.Answer answer = client.get(LOG);

        assertThat(answer.code()).isEqualTo(400);
        assertThat(answer.at("/message"))
                .isEqualTo("container \"agent\" in pod \"one\" is waiting to start: ContainerCreating");
        assertThat(client.get(LOG + "?container=none").at("/message"))
                .isEqualTo("container none is not valid for pod one");
    }

    @Test
    void log_of_several_containers_must_name_one() {
        client.post(
                "/api/v1/namespaces/default/pods",
                Manifests.pod("two", "'initContainers':[{'name':'harness','image':'h:1','restartPolicy':'Always'}]"));

        assertThat(client.get(LOG.replace("one", "two")).at("/message"))
                .isEqualTo("a container name must be specified for pod two, choose one of: [agent harness]");
    }

    @Test
    void log_on_a_lost_node_cannot_be_read() {
        running();
        kubernetes.node("n1").lose();

        Client.Answer answer = client.get(LOG);

        assertThat(answer.code()).isEqualTo(500);
        assertThat(answer.at("/message")).contains("i/o timeout");
    }

    private void running() {
        kubernetes.addNode("n1");
        kubernetes.settle();
        assertThat(kubernetes.pod("default", "one").phase()).isEqualTo("Running");
    }
}
