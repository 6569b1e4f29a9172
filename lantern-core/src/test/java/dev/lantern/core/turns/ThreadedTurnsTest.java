package dev.lantern.core.turns;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class ThreadedTurnsTest {

    @Test
    void call_that_comes_while_the_host_closes_is_told_so_and_not_made() throws Exception {
        ThreadedTurns turns = ThreadedTurns.start();
        Lane lane = turns.lane(LaneName.SUBSTRATE);
        Loop loop = turns.loop(0);
        CountDownLatch running = new CountDownLatch(1);
        CountDownLatch release = new CountDownLatch(1);
        lane.call(
                loop,
                () -> {
                    running.countDown();
                    release.await();
                    return 0;
                },
                outcome -> {});
        running.await();
        Thread closing = new Thread(turns::close);
        closing.start();

        BlockingQueue<Outcome<Integer>> outcomes = new LinkedBlockingQueue<>();
        Throwable told = null;
        while (!(told instanceof LaneClosedException)) {
            lane.call(loop, () -> 1, outcomes::add);
            told = outcomes.poll(30, TimeUnit.SECONDS) instanceof Outcome.Failure<Integer> failure
                    ? failure.cause()
                    : null;
        }
        release.countDown();
        closing.join();

        assertThat(told).hasMessage("the substrate lane is closed: this host is closing");
    }

    @Test
    void full_lane_says_how_full_it_is() throws Exception {
        try (ThreadedTurns turns = ThreadedTurns.start()) {
            Lane lane = turns.lane(LaneName.SUBSTRATE);
            CountDownLatch release = new CountDownLatch(1);
            BlockingQueue<Outcome<Integer>> outcomes = new LinkedBlockingQueue<>();
            Outcome<Integer> first = null;
            while (first == null) {
                lane.call(
                        turns.loop(0),
                        () -> {
                            release.await();
                            return 1;
                        },
                        outcomes::add);
                first = outcomes.poll();
            }
            release.countDown();

            assertThat(first)
                    .isInstanceOfSatisfying(
                            Outcome.Failure.class,
                            failure -> assertThat(failure.cause())
                                    .isInstanceOf(LaneFullException.class)
                                    .hasMessageMatching(
                                            "the substrate lane has [0-9]+ calls waiting; the call was not made and can be"
                                                    + " repeated"));
        }
    }
}
