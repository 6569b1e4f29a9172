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
    void thousand_runs_are_shared_by_the_living_and_read_once_each() {
        Host dead = cluster.join("http://dead:8080");
        for (int i = 0; i < 1_000; i++) {
            cluster.spawn(dead, "ticket-" + i);
        }
        Host second = cluster.join("http://two:8080");
        Host third = cluster.join("http://three:8080");
        cluster.kill(dead);
        int looks = cluster.looks();
        cluster.pass(LEASE.minusSeconds(1));
        assertThat(second.owned() + third.owned()).isZero();
        cluster.journalCalls();
        cluster.pass(LEASE);

        assertThat(second.owned() + third.owned()).isEqualTo(1_000);
        assertThat(Math.min(second.owned(), third.owned()))
                .as("both take their part")
                .isGreaterThan(200);
        List<String> calls = cluster.journalCalls();
        assertThat(calls).filteredOn("read"::equals).hasSize(1_000);
        assertThat(calls).filteredOn("find"::equals).isEmpty();
        assertThat(cluster.looks() - looks).as("looks at what stands").isLessThanOrEqualTo(14);
        cluster.pass(LEASE.multipliedBy(3));
        assertThat(cluster.journalCalls()).as("nothing is read again").doesNotContain("read", "owned", "find");
    }

    @Test
    void chain_that_cannot_be_read_is_tried_again_ever_more_seldom_and_harms_no_other() {
        Host dead = cluster.join("http://dead:8080");
        RunRef broken = cluster.spawn(dead, "broken");
        RunRef whole = cluster.spawn(dead, "whole");
        long key = cluster.row(broken).key();
        int[] tries = new int[1];
        Host host = cluster.join("http://two:8080", failingReads(key, tries));
        cluster.kill(dead);
        cluster.pass(LEASE.multipliedBy(2));
        assertThat(host.owns(whole)).isTrue();
        assertThat(host.owns(broken)).isFalse();
        int before = tries[0];
        cluster.pass(LEASE.multipliedBy(10));

        assertThat(tries[0] - before).isBetween(5, 25);
        assertThat(host.owned()).isEqualTo(1);
    }

    private Journal failingReads(long key, int[] tries) {
        return (Journal) Proxy.newProxyInstance(
                Journal.class.getClassLoader(), new Class<?>[] {Journal.class}, (proxy, method, args) -> {
                    if (method.getName().equals("read") && args[0].equals(key)) {
                        tries[0]++;
                        throw new IllegalStateException("a bad block");
                    }
                    try {
                        return method.invoke(cluster.journal, args);
                    } catch (InvocationTargetException e) {
                        throw e.getCause();
                    }
                });
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
