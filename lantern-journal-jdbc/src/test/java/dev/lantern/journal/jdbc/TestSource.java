package dev.lantern.journal.jdbc;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.DatabaseMetaData;
import java.sql.DriverManager;
import java.sql.SQLException;

/** A data source without a pool: a URL, one given connection, or a database that answers with another name. */
final class TestSource extends PlainSource {
    private interface Opener {
        Connection open() throws SQLException;
    }

    private final String url;
    private final Opener opener;

    private TestSource(String url, Opener opener) {
        this.url = url;
        this.opener = opener;
    }

    TestSource(String url) {
        this(url, () -> DriverManager.getConnection(url));
    }

    /** Hands out one connection again and again, as a pool of one would. */
    TestSource(Connection only) {
        this("", () -> proxy(Connection.class, only, "close", null));
    }

    /** H2 in memory that says it is something else. */
    static TestSource pretending(String method, Object answer) {
        String url = "jdbc:h2:mem:";
        return new TestSource(url, () -> {
            Connection real = DriverManager.getConnection(url);
            DatabaseMetaData data = proxy(DatabaseMetaData.class, real.getMetaData(), method, answer);
            return proxy(Connection.class, real, "getMetaData", data);
        });
    }

    String url() {
        return url;
    }

    @Override
    public Connection getConnection() throws SQLException {
        return opener.open();
    }

    private static <T> T proxy(Class<T> type, T real, String method, Object answer) {
        return type.cast(Proxy.newProxyInstance(
                TestSource.class.getClassLoader(), new Class<?>[] {type}, (self, call, args) -> {
                    if (call.getName().equals(method)) {
                        return answer;
                    }
                    try {
                        return call.invoke(real, args);
                    } catch (InvocationTargetException e) {
                        throw e.getCause();
                    }
                }));
    }
}
