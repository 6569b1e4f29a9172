package dev.lantern.benchmarks;

import dev.lantern.journal.Journal;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.util.Collection;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;

/** Notes when a claim first brought runs, and counts the range reads from then on. */
final class WatchedJournal implements InvocationHandler {
    private final Journal journal;
    private final AtomicLong claimedAt = new AtomicLong();
    private final LongAdder reads = new LongAdder();

    WatchedJournal(Journal journal) {
        this.journal = journal;
    }

    /** The journal to use instead. */
    Journal watched() {
        return (Journal) Proxy.newProxyInstance(Journal.class.getClassLoader(), new Class<?>[] {Journal.class}, this);
    }

    /** By {@link System#nanoTime}; 0 before. */
    long claimedAt() {
        return claimedAt.get();
    }

    long reads() {
        return reads.sum();
    }

    @Override
    public Object invoke(Object proxy, Method method, Object[] arguments) throws Throwable {
        if (method.getName().equals("read")) {
            reads.increment();
        }
        try {
            Object result = method.invoke(journal, arguments);
            if (method.getName().equals("claimLapsed") && !((Collection<?>) result).isEmpty()) {
                claimedAt.compareAndSet(0, System.nanoTime());
            }
            return result;
        } catch (InvocationTargetException e) {
            throw e.getCause();
        }
    }
}
