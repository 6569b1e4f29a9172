package dev.lantern.benchmarks;

import dev.lantern.journal.Journal;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/** Notes how long each append takes, from the call to its return. */
final class TimedJournal implements InvocationHandler {
    private final Journal journal;
    private final List<Long> appends = Collections.synchronizedList(new ArrayList<>());

    TimedJournal(Journal journal) {
        this.journal = journal;
    }

    /** The journal to use instead. */
    Journal timed() {
        return (Journal) Proxy.newProxyInstance(Journal.class.getClassLoader(), new Class<?>[] {Journal.class}, this);
    }

    double medianMillis() {
        List<Long> sorted = new ArrayList<>(appends);
        Collections.sort(sorted);
        return sorted.get(sorted.size() / 2) / 1e6;
    }

    @Override
    public Object invoke(Object proxy, Method method, Object[] arguments) throws Throwable {
        long begun = System.nanoTime();
        try {
            return method.invoke(journal, arguments);
        } catch (InvocationTargetException e) {
            throw e.getCause();
        } finally {
            if (method.getName().equals("append")) {
                appends.add(System.nanoTime() - begun);
            }
        }
    }
}
