package dev.lantern.operations;

import javax.sql.DataSource;

class PostgresOperationsTest extends OperationsCases {
    private final DataSource source = Databases.postgres();

    @Override
    DataSource source() {
        return source;
    }
}
