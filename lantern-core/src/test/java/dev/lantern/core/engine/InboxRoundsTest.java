package dev.lantern.core.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lantern.journal.Journal;
import dev.lantern.value.LanternException;
import dev.lantern.value.RunRef;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** Messages stand until they are discarded; how often they are found must not be how often they are worked on. */
class InboxRoundsTest {
    private final TestCluster cluster = new TestCluster();
    private final AtomicBoolean fails = new AtomicBoolean(true);
    private final AtomicInteger discards = new AtomicInteger();
    private final AtomicInteger looks = new AtomicInteger();
    private final Host host = cluster.join("http://one:8080", counted());

    @Test
    void message_that_stands_is_handed_over_once_in_a_lease() {
        RunRef run = cluster.running(host, "ticket-4711");
        // The messages of a run go with its end.
        cluster.stopsTakeLonger(1_000);
        cancel(run);
        for (int i = 0; i < 20; i++) {
            host.lookIntoInbox();
            cluster.settle();
        }
        assertThat(cluster.kinds(run)).containsOnlyOnce("cancel_requested");
        assertThat(discards).hasValue(1);

        fails.set(false);
        cluster.pass(TestCluster.SETTINGS.lease().multipliedBy(2));
        assertThat(discards).as("it could not be discarded before").hasValue(2);
        assertThat(cluster.journal.inbox(host.host(), 10, Duration.ofSeconds(1)))
                .isEmpty();
    }

    @Test
    void looks_that_are_asked_for_at_once_are_one_and_one_more() {
        cluster.running(host, "ticket-4711");
        looks.set(0);
        for (int i = 0; i < 1_000; i++) {
            host.lookIntoInbox();
        }
        cluster.settle();

        assertThat(looks).hasValue(2);
    }

    @Test
    void message_that_comes_during_a_look_is_found() {
        RunRef run = cluster.running(host, "ticket-4711");
        fails.set(false);
        host.lookIntoInbox();
        cancel(run);
        host.lookIntoInbox();
        cluster.settle();

        assertThat(cluster.kinds(run)).contains("cancel_requested");
    }

    private void cancel(RunRef run) {
        cluster.journal.put(InboxForms.cancel(cluster.row(run).key(), "nobody needs it"), Duration.ofSeconds(1));
    }

    private Journal counted() {
        return (Journal) Proxy.newProxyInstance(
                Journal.class.getClassLoader(), new Class<?>[] {Journal.class}, (proxy, method, arguments) -> {
                    if (method.getName().equals("inbox")) {
                        looks.incrementAndGet();
                    }
                    if (method.getName().equals("discard")) {
                        discards.incrementAndGet();
                        if (fails.get()) {
                            throw new LanternException("the journal does not answer");
                        }
                    }
                    try {
                        return method.invoke(cluster.journal, arguments);
                    } catch (InvocationTargetException e) {
                        throw e.getCause();
                    }
                });
    }
}
