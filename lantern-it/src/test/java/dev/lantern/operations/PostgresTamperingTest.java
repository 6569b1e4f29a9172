package dev.lantern.operations;

import javax.sql.DataSource;

class PostgresTamperingTest extends TamperingCases {
    private final DataSource source = Databases.postgres();

    @Override
    DataSource source() {
        return source;
    }
}
