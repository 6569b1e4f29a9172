package dev.lantern.journal.jdbc;

import dev.lantern.value.LanternException;
import java.time.Duration;
import java.util.Objects;
import java.util.Optional;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/**
 * How much a {@link JdbcLogStore} keeps, and how it is opened. Immutable; each {@code with} gives a new value.
 *
 * <pre>{@code
 * JdbcLogStore.on(dataSource, JdbcLogOptions.defaults().withAge(Duration.ofDays(3)));
 * }</pre>
 */
public final class JdbcLogOptions {
    /** Room for the longest line several times over. */
    private static final long FEWEST_BYTES = 1024 * 1024;

    private static final JdbcLogOptions DEFAULTS = new JdbcLogOptions(
            8 * FEWEST_BYTES, 4L * 1024 * FEWEST_BYTES, Duration.ofDays(14), SchemaMode.CREATE, null);

    private final long bytesPerRun;
    private final long bytes;
    private final Duration age;
    private final SchemaMode schema;
    private final @Nullable DataSource migrations;

    private JdbcLogOptions(
            long bytesPerRun, long bytes, Duration age, SchemaMode schema, @Nullable DataSource migrations) {
        this.bytesPerRun = bytesPerRun;
        this.bytes = bytes;
        this.age = age;
        this.schema = schema;
        this.migrations = migrations;
    }

    /** 8 MiB for each run and 4 GiB for all, kept for 14 days; the schema is created or brought up to date. */
    public static JdbcLogOptions defaults() {
        return DEFAULTS;
    }

    /**
     * The most that the lines of one run take together; the oldest go first.
     *
     * @throws LanternException for less than 1 MiB
     */
    public JdbcLogOptions withBytesPerRun(long most) {
        return new JdbcLogOptions(atLeastOne("a run takes", most), bytes, age, schema, migrations);
    }

    /**
     * About the most that all lines take together; the runs that were written to longest ago go first.
     *
     * @throws LanternException for less than 1 MiB
     */
    public JdbcLogOptions withBytes(long most) {
        return new JdbcLogOptions(bytesPerRun, atLeastOne("all runs take", most), age, schema, migrations);
    }

    /**
     * How long a run's lines are kept after the last one was written.
     *
     * @throws LanternException for less than a second
     */
    public JdbcLogOptions withAge(Duration oldest) {
        if (oldest.compareTo(Duration.ofSeconds(1)) < 0) {
            throw new LanternException("log limits: the age is at least a second, found " + oldest);
        }
        return new JdbcLogOptions(bytesPerRun, bytes, oldest, schema, migrations);
    }

    /** Whether the schema, which is the journal's too, is made, checked or left alone when the store is opened. */
    public JdbcLogOptions withSchema(SchemaMode mode) {
        return new JdbcLogOptions(bytesPerRun, bytes, age, Objects.requireNonNull(mode, "mode"), migrations);
    }

    /** Where the schema is changed, if that needs another user than the store's own work. */
    public JdbcLogOptions withMigrations(DataSource source) {
        return new JdbcLogOptions(bytesPerRun, bytes, age, schema, Objects.requireNonNull(source, "source"));
    }

    private static long atLeastOne(String what, long most) {
        if (most < FEWEST_BYTES) {
            throw new LanternException("log limits: " + what + " at least " + FEWEST_BYTES + " bytes, found " + most);
        }
        return most;
    }

    long bytesPerRun() {
        return bytesPerRun;
    }

    long bytes() {
        return bytes;
    }

    Duration age() {
        return age;
    }

    SchemaMode schema() {
        return schema;
    }

    Optional<DataSource> migrations() {
        return Optional.ofNullable(migrations);
    }
}
