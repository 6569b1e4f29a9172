package dev.lantern.journal.jdbc;

import dev.lantern.journal.Durability;
import dev.lantern.value.LanternException;
import java.util.Objects;
import java.util.Optional;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/**
 * How a {@link JdbcJournal} is opened. Immutable; each {@code with} gives a new value.
 *
 * <pre>{@code
 * JdbcJournal.on(dataSource, JdbcOptions.defaults().withSchema(SchemaMode.VALIDATE));
 * }</pre>
 */
public final class JdbcOptions {
    private static final JdbcOptions DEFAULTS = new JdbcOptions(SchemaMode.CREATE, Durability.DISK, null);

    private final SchemaMode schema;
    private final Durability durability;
    private final @Nullable DataSource migrations;

    private JdbcOptions(SchemaMode schema, Durability durability, @Nullable DataSource migrations) {
        this.schema = schema;
        this.durability = durability;
        this.migrations = migrations;
    }

    /** The schema is created or brought up to date; an acknowledged write survives the death of the machine. */
    public static JdbcOptions defaults() {
        return DEFAULTS;
    }

    /** Whether the schema is made, checked or left alone when the journal is opened. */
    public JdbcOptions withSchema(SchemaMode mode) {
        return new JdbcOptions(Objects.requireNonNull(mode, "mode"), durability, migrations);
    }

    /**
     * What an acknowledged write survives. {@link Durability#PROCESS} spares the sync to disk: a power failure
     * may then lose acknowledged writes, the death of the process never.
     *
     * @throws LanternException for {@link Durability#MEMORY}, which no journal on a database offers
     */
    public JdbcOptions withDurability(Durability wanted) {
        if (wanted == Durability.MEMORY) {
            throw new LanternException("a journal on a database is durable at least past the death of the process;"
                    + " allowed are PROCESS and DISK; for a journal that forgets use the in-memory one");
        }
        return new JdbcOptions(schema, Objects.requireNonNull(wanted, "wanted"), migrations);
    }

    /** Where the schema is changed, if that needs another user than the journal's own work. */
    public JdbcOptions withMigrations(DataSource source) {
        return new JdbcOptions(schema, durability, Objects.requireNonNull(source, "source"));
    }

    SchemaMode schema() {
        return schema;
    }

    Durability durability() {
        return durability;
    }

    Optional<DataSource> migrations() {
        return Optional.ofNullable(migrations);
    }
}
