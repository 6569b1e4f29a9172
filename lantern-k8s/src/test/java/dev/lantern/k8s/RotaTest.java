package dev.lantern.k8s;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Many take turns on few threads. */
class RotaTest {
    private final LogHost host = new LogHost();
    private final Rota rota = new Rota("rota", 2, host::work, System::nanoTime);
    private final List<String> taken = Collections.synchronizedList(new ArrayList<>());

    @AfterEach
    void close() {
        rota.close();
    }

    @Test
    void turns_come_when_their_time_has_come_and_in_the_order_of_waiting() throws InterruptedException {
        CountDownLatch busy = new CountDownLatch(1);
        CountDownLatch taking = new CountDownLatch(2);
        for (int i = 0; i < 2; i++) {
            rota.in(Duration.ZERO, () -> {
                taking.countDown();
                await(busy);
            });
        }
        await(taking);
        assertThat(rota.isCrowded()).isFalse();
        rota.in(Duration.ofMillis(20), () -> taken.add("late"));
        rota.in(Duration.ZERO, () -> taken.add("first"));
        rota.in(Duration.ofHours(1), () -> taken.add("never"));
        assertThat(rota.isCrowded()).isTrue();
        busy.countDown();

        host.await("both", () -> taken.size() == 2);
        assertThat(taken).containsExactly("first", "late");
        assertThat(host.mostThreads.get()).isEqualTo(2);
    }

    @Test
    void turn_that_throws_takes_nobody_elses() {
        for (int i = 0; i < 5; i++) {
            rota.in(Duration.ZERO, () -> {
                taken.add("thrown");
                throw new IllegalStateException("no turn of the others'");
            });
        }
        rota.in(Duration.ZERO, () -> taken.add("fine"));

        host.await("all", () -> taken.size() == 6);
        host.await("each is seen", () -> host.thrown.size() == 5);
    }

    @Test
    void what_is_removed_or_comes_after_the_end_is_not_run() {
        Runnable removed = () -> taken.add("removed");
        rota.in(Duration.ofHours(1), removed);
        assertThat(rota.remove(removed)).isTrue();
        assertThat(rota.remove(removed)).isFalse();
        rota.close();
        rota.in(Duration.ZERO, removed);

        host.await("no thread", () -> host.threads.get() == 0);
        assertThat(taken).isEmpty();
    }

    private static void await(CountDownLatch latch) {
        try {
            assertThat(latch.await(1, TimeUnit.MINUTES)).isTrue();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }
}
