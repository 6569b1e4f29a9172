package dev.lantern.testkit.contract;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;

/** Several threads that start one act at the same moment. */
final class Rivals {
    private Rivals() {}

    /** What one rival does. */
    interface Act<T> {
        T of(int rival) throws Exception;
    }

    /** What each rival came back with, in their order; the first failure of any is thrown. */
    static <T> List<T> race(int rivals, Act<T> act) throws Exception {
        ExecutorService threads = Executors.newFixedThreadPool(rivals);
        try {
            CyclicBarrier start = new CyclicBarrier(rivals);
            List<Future<T>> running = new ArrayList<>();
            for (int i = 0; i < rivals; i++) {
                int rival = i;
                Callable<T> task = () -> {
                    start.await(30, TimeUnit.SECONDS);
                    return act.of(rival);
                };
                running.add(threads.submit(task));
            }
            List<T> results = new ArrayList<>();
            for (Future<T> future : running) {
                results.add(future.get(120, TimeUnit.SECONDS));
            }
            return results;
        } finally {
            threads.shutdownNow();
        }
    }
}
