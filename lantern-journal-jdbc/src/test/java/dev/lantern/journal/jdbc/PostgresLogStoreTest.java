package dev.lantern.journal.jdbc;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import javax.sql.DataSource;
import org.junit.jupiter.api.AfterEach;

class PostgresLogStoreTest extends JdbcLogStoreContract {
    private final HikariDataSource pool = pool();

    @Override
    DataSource source() {
        return pool;
    }

    @AfterEach
    void closePool() {
        pool.close();
    }

    private static HikariDataSource pool() {
        HikariConfig config = new HikariConfig();
        config.setJdbcUrl(PostgresServer.schema());
        config.setMaximumPoolSize(8);
        config.setMinimumIdle(1);
        return new HikariDataSource(config);
    }
}
