package dev.lantern.core.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lantern.core.format.Chain;
import dev.lantern.core.format.EventEnvelope;
import dev.lantern.journal.Event;
import dev.lantern.journal.Head;
import dev.lantern.journal.Journal;
import dev.lantern.value.RunRef;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What becomes of the runs of a host that is gone. */
class AdoptionTest {
    private static final Duration LEASE = TestCluster.SETTINGS.lease();

    private final TestCluster cluster = new TestCluster();
    private int oldReads;

    @Test
    void run_of_a_dead_host_is_adopted_and_goes_on() {
        Host first = cluster.join("http://one:8080");
        RunRef run = cluster.running(first, "ticket-4711");
        Host second = cluster.join("http://two:8080");

        cluster.kill(first);
        cluster.pass(LEASE.multipliedBy(2));

        assertThat(second.owns(run)).isTrue();
        assertThat(cluster.kinds(run)).endsWith("instance_enrolled", "run_adopted");
    }

    @Test
    void host_that_does_not_know_an_event_gives_the_run_up_for_one_that_does() {
        Host first = cluster.join("http://one:8080");
        RunRef run = cluster.running(first, "ticket-4711");
        Host old = cluster.join("http://old:8080", withoutEnrolments(cluster.journal));
        cluster.kill(first);
        cluster.pass(LEASE.multipliedBy(2));

        assertThat(old.owns(run)).isFalse();
        assertThat(cluster.row(run).host()).as("nobody's").isEmpty();
        assertThat(cluster.kinds(run)).doesNotContain("run_adopted");

        Host newer = cluster.join("http://newer:8080");
        cluster.pass(LEASE);
        assertThat(newer.owns(run)).isTrue();
        assertThat(cluster.kinds(run)).endsWith("run_adopted");
    }

    @Test
    void run_that_goes_round_between_old_hosts_is_read_once_by_each() {
        Host first = cluster.join("http://one:8080");
        RunRef run = cluster.running(first, "ticket-4711");
        cluster.join("http://old:8080", withoutEnrolments(cluster.journal));
        cluster.join("http://older:8080", withoutEnrolments(cluster.journal));
        cluster.kill(first);
        cluster.pass(LEASE.multipliedBy(10));

        assertThat(oldReads).isEqualTo(2);
        cluster.join("http://newer:8080");
        cluster.pass(LEASE);
        assertThat(cluster.kinds(run)).containsOnlyOnce("run_adopted");
    }

    /** The journal as an older host reads it, to which enrolments are of a version that it does not know. */
    private Journal withoutEnrolments(Journal journal) {
        return (Journal) Proxy.newProxyInstance(
                Journal.class.getClassLoader(), new Class<?>[] {Journal.class}, (proxy, method, args) -> {
                    try {
                        Object answer = method.invoke(journal, args);
                        if (!method.getName().equals("read")) {
                            return answer;
                        }
                        oldReads++;
                        return older((List<?>) answer);
                    } catch (InvocationTargetException e) {
                        throw e.getCause();
                    }
                });
    }

    private static List<Event> older(List<?> rows) {
        List<Event> older = new ArrayList<>();
        Head head = null;
        for (Object row : rows) {
            Event event = (Event) row;
            EventEnvelope envelope = EventEnvelope.parse(event.bytes());
            byte[] bytes = envelope.kind().equals("instance_enrolled")
                    ? new EventEnvelope(
                                    2,
                                    envelope.kind(),
                                    envelope.run(),
                                    envelope.seq(),
                                    envelope.epoch(),
                                    envelope.time(),
                                    envelope.data())
                            .bytes()
                    : event.bytes();
            head = Chain.append(head == null ? Chain.genesis(envelope.run()) : head, bytes);
            older.add(new Event(event.seq(), bytes, head.hash(), event.erasable()));
        }
        return older;
    }
}
