package dev.lantern.testkit.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lantern.journal.Append;
import dev.lantern.journal.AppendResult.Appended;
import dev.lantern.value.LanternException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** Deadlines and interruption: the call fails, and nothing is lost. */
interface JournalLimits extends JournalFixture {

    @Test
    default void a_call_whose_time_has_passed_does_nothing() {
        long host = joined();
        TestRun run = created("acme", "one", host);
        Append append = run.append(host, "two");

        for (Duration none : List.of(Duration.ZERO, Duration.ofMillis(-1))) {
            assertThatThrownBy(() -> journal().append(List.of(append), none))
                    .isInstanceOf(LanternException.class)
                    .hasMessageContaining("append")
                    .hasMessageContaining("time of " + none);
            assertThatThrownBy(() -> journal().read(run.key(), 0, 1, none)).isInstanceOf(LanternException.class);
            assertThatThrownBy(() -> journal().renew(host, LONG, none)).isInstanceOf(LanternException.class);
        }

        assertThat(row(run.ref()).head()).isEqualTo(run.head());
        assertThat(append(append)).isEqualTo(new Appended(append.after()));
    }

    @Test
    default void an_interrupted_thread_gets_an_exception_and_keeps_its_flag() {
        long host = joined();
        TestRun run = created("acme", "one", host);
        Append append = run.append(host, "two");

        Thread.currentThread().interrupt();
        try {
            assertThatThrownBy(() -> journal().append(List.of(append), SOON))
                    .isInstanceOf(LanternException.class)
                    .hasMessageContaining("interrupted");
            assertThat(Thread.currentThread().isInterrupted()).isTrue();
        } finally {
            Thread.interrupted();
        }

        assertThat(row(run.ref()).head()).isEqualTo(run.head());
        appended(run, host, 2);
    }

    @Test
    default void interrupts_at_any_moment_lose_no_acknowledged_event_and_leave_the_journal_usable() throws Exception {
        long host = joined();
        TestRun run = created("acme", "one", host);
        AtomicInteger unknown = new AtomicInteger();
        CountDownLatch done = new CountDownLatch(1);
        Thread writer = new Thread(
                () -> {
                    try {
                        writeThroughInterrupts(run, host, unknown);
                    } finally {
                        done.countDown();
                    }
                },
                "interrupted-writer");
        writer.start();
        for (int i = 0; !done.await(i % 5, java.util.concurrent.TimeUnit.MILLISECONDS); i++) {
            writer.interrupt();
        }
        writer.join();

        assertThat(journal().read(run.key(), 0, 1000, SOON)).isEqualTo(run.events());
        assertThat(row(run.ref()).head()).isEqualTo(run.head());
        assertThat(run.head().seq()).isEqualTo(301);
        appended(run, host, 1);
    }

    /** Repeats each append until its answer is known, as the engine does. */
    private void writeThroughInterrupts(TestRun run, long host, AtomicInteger unknown) {
        while (run.head().seq() < 301) {
            Append append = run.append(host, "event " + (run.head().seq() + 1));
            while (true) {
                try {
                    append(append);
                    break;
                } catch (LanternException e) {
                    unknown.incrementAndGet();
                    Thread.interrupted();
                }
            }
            run.written(append);
        }
    }
}
