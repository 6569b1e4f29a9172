package dev.lantern.journal.jdbc;

import javax.sql.DataSource;

class PostgresReadersTest extends ReadersAndWriters {
    private final DataSource source = new TestSource(PostgresServer.schema());

    @Override
    DataSource source() {
        return source;
    }
}
