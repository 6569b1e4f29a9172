package dev.lantern.torture;

import java.lang.reflect.InvocationHandler;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Locale;
import java.util.concurrent.atomic.AtomicInteger;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/**
 * A data source whose statements fail as PostgreSQL's do on a full disk, while it is told so: for machines on which no
 * small disk can be mounted. Thread-safe.
 */
final class FullDisk {
    /** PostgreSQL's {@code disk_full}. */
    static final String STATE = "53100";

    private final DataSource source;
    private final AtomicInteger refused = new AtomicInteger();
    private volatile boolean full;

    FullDisk(DataSource source) {
        this.source = source;
    }

    /** @return how many statements were refused by now */
    int full(boolean now) {
        full = now;
        return refused.get();
    }

    DataSource source() {
        return wrapped(DataSource.class, source, "");
    }

    private <T> T wrapped(Class<T> type, T inner, String sql) {
        InvocationHandler handler = (proxy, method, args) -> call(inner, method, args, sql);
        return type.cast(Proxy.newProxyInstance(FullDisk.class.getClassLoader(), new Class<?>[] {type}, handler));
    }

    private @Nullable Object call(Object inner, Method method, Object @Nullable [] args, String sql) throws Throwable {
        String text = args != null && args.length > 0 && args[0] instanceof String first ? first : sql;
        if (full && inner instanceof Statement && method.getName().startsWith("execute") && writes(text)) {
            refused.incrementAndGet();
            throw new SQLException("ERROR: could not extend file: No space left on device", STATE);
        }
        Object result;
        try {
            result = method.invoke(inner, args);
        } catch (InvocationTargetException e) {
            throw e.getCause() == null ? e : e.getCause();
        }
        if (result == null || !method.getReturnType().isInterface()) {
            return result;
        }
        boolean carries = inner instanceof DataSource && result instanceof Connection || result instanceof Statement;
        return carries ? wrappedAs(method.getReturnType(), result, text) : result;
    }

    private <T> T wrappedAs(Class<T> type, Object result, String sql) {
        return wrapped(type, type.cast(result), sql);
    }

    private static boolean writes(String sql) {
        String text = sql.toLowerCase(Locale.ROOT);
        return text.contains("insert ") || text.contains("update ") || text.contains("delete ");
    }
}
