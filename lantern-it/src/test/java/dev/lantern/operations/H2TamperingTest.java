package dev.lantern.operations;

import java.nio.file.Path;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.io.TempDir;

class H2TamperingTest extends TamperingCases {
    @TempDir
    Path files;

    private @Nullable DataSource source;

    @Override
    synchronized DataSource source() {
        if (source == null) {
            source = Databases.h2(files);
        }
        return source;
    }
}
