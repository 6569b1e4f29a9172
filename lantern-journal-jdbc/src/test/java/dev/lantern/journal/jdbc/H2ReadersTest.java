package dev.lantern.journal.jdbc;

import java.nio.file.Path;
import javax.sql.DataSource;
import org.junit.jupiter.api.io.TempDir;

class H2ReadersTest extends ReadersAndWriters {
    @TempDir
    Path directory;

    @Override
    DataSource source() {
        return new TestSource("jdbc:h2:" + directory.resolve("journal") + ";REUSE_SPACE=FALSE");
    }
}
