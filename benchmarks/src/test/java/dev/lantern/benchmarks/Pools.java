package dev.lantern.benchmarks;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;

/** Connection pools as every contender gets them. */
final class Pools {
    private static final int CONNECTIONS = 10;

    private Pools() {}

    static HikariDataSource of(String url) {
        HikariConfig config = new HikariConfig();
        config.setJdbcUrl(url);
        config.setMaximumPoolSize(CONNECTIONS);
        return new HikariDataSource(config);
    }

    /** Waits until the pool has opened every connection that it will ever have. */
    static void awaitFull(HikariDataSource pool) throws InterruptedException {
        while (pool.getHikariPoolMXBean().getTotalConnections() < CONNECTIONS) {
            Thread.sleep(10);
        }
    }
}
