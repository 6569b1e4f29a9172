package dev.lantern.k8s;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lantern.substrate.InstanceRef;
import dev.lantern.substrate.LogPosition;
import dev.lantern.testkit.kubernetes.FakeKubernetes;
import dev.lantern.testkit.kubernetes.FakePod;
import dev.lantern.testkit.kubernetes.Fault;
import dev.lantern.testkit.kubernetes.RequestMatcher;
import dev.lantern.value.RunRef;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * A log whose answer is cut at every byte, and then a second time; read by every host that may have kept its beginning.
 * Each line is told once, in its order, with a time that never goes back.
 */
class LogCutsTest {
    private static final int LEAST_CASES = 600;
    private static final InstanceRef ONE = new InstanceRef(new RunRef("acme", "ticket-4711"), 1);
    private static final RequestMatcher LOG = RequestMatcher.any().resource("pods/log");

    /** How much later than the line before each one was written, in nanoseconds: also not at all, and earlier. */
    private static final long[] LATER = {
        0,
        0,
        0,
        300,
        700,
        1_000,
        0,
        999_000_000,
        20_000_000_000L,
        5,
        1_000_000,
        -8_000_000_000L,
        0,
        1_000,
        3_000_000_000L,
        9_000_000_000L,
        0,
        1
    };

    private FakeKubernetes kubernetes;
    private FakePod pod;
    private ApiServer server;
    private final List<LogHost.Told> expected = new ArrayList<>();
    private int length;
    private int cases;

    @BeforeEach
    void write() {
        kubernetes = FakeKubernetes.start();
        kubernetes.addNode("n1");
        kubernetes.create("""
                {"apiVersion": "v1", "kind": "Pod", "metadata": {"name": "one", "namespace": "default"},
                 "spec": {"restartPolicy": "Never", "containers": [{"name": "agent", "image": "a:1"}]}}
                """);
        kubernetes.settle();
        server = new ApiServer(Clusters.client(kubernetes.kubeconfig()));
        pod = kubernetes.pod("default", "one");
        Instant latest = Instant.MIN;
        for (int i = 0; i < LATER.length; i++) {
            kubernetes.advance(Duration.ofNanos(LATER[i]));
            String line = "line " + i;
            pod.log("agent", line);
            Instant now = kubernetes.clock().instant().truncatedTo(ChronoUnit.MICROS);
            latest = now.isAfter(latest) ? now : latest;
            expected.add(new LogHost.Told(latest, line));
            length += "2026-01-01T00:00:00.000000000Z ".length() + line.length() + 1;
        }
    }

    @AfterEach
    void close() {
        kubernetes.close();
    }

    @Test
    void no_line_is_lost_or_doubled_wherever_answers_are_cut() {
        pod.exit("agent", 0);
        for (int at = 0; at <= length; at++) {
            read("cut at " + at, 0, at, -1);
        }
        for (int kept = 0; kept <= expected.size(); kept++) {
            read("kept " + kept, kept, -1, -1);
            for (int first = 20; first < length; first += 149) {
                read("kept " + kept + ", cut at " + first + " and then behind it", kept, first, first + 37);
            }
        }
        assertThat(cases).isGreaterThanOrEqualTo(LEAST_CASES);
    }

    @Test
    void no_line_is_lost_or_doubled_when_it_is_cut_while_it_is_written() {
        List<String> more = new ArrayList<>();
        LogHost host = new LogHost();
        try (LogTails tails = tails(host)) {
            for (int i = 0; i < 60; i++) {
                kubernetes.inject(LOG, Fault.cutAfter(i * 13), 1);
            }
            tails.follow(ONE);
            for (int i = 0; i < 60; i++) {
                kubernetes.advance(Duration.ofMillis(i % 4 == 0 ? 0 : 130));
                pod.log("agent", "more " + i);
                more.add("more " + i);
                int so = expected.size() + i + 1;
                host.await(so + " lines", () -> host.count(ONE) >= so);
            }
            pod.exit("agent", 0);
            tails.drain(ONE);
            host.await("drained", () -> tails.drained(ONE));
        }
        assertThat(host.lines(ONE).subList(0, expected.size())).isEqualTo(expected);
        List<String> texts = host.texts(ONE);
        assertThat(texts.subList(expected.size(), texts.size())).isEqualTo(more);
    }

    private void read(String what, int kept, int first, int second) {
        cases++;
        LogHost host = new LogHost();
        LogPosition position = LogPosition.START;
        for (LogHost.Told line : expected.subList(0, kept)) {
            position = position.plus(line.at());
        }
        host.kept.put(ONE, position);
        for (int cut : new int[] {first, second}) {
            if (cut >= 0) {
                kubernetes.inject(LOG, Fault.cutAfter(cut), 1);
            }
        }
        try (LogTails tails = tails(host)) {
            tails.drain(ONE);
            host.await(what, () -> tails.drained(ONE));
        }
        assertThat(host.lines(ONE)).as(what).isEqualTo(expected.subList(kept, expected.size()));
    }

    private LogTails tails(LogHost host) {
        Duration minute = Duration.ofMinutes(1);
        return new LogTails(
                server,
                new Whereabouts(host.installation(), TenantNamespaces.single("default")),
                any -> seen(),
                host,
                new LogPace(
                        minute,
                        minute,
                        Duration.ofMillis(5),
                        Duration.ofNanos(1000),
                        Duration.ofMillis(2),
                        minute,
                        minute),
                2,
                System::nanoTime);
    }

    private Optional<LoggedPod> seen() {
        return kubernetes.find("pods", "default", "one").map(found -> LoggedPod.of(Persisted.json(found.toString())));
    }
}
