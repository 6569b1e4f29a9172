/** The journal on a relational database. */
module dev.lantern.journal.jdbc {
    requires static com.h2database;
    requires transitive dev.lantern.api;
    requires transitive java.sql;
    requires static org.checkerframework.checker.qual;
    requires static org.jspecify;
    requires static org.postgresql.jdbc;

    exports dev.lantern.journal.jdbc;

    provides dev.lantern.journal.EmbeddedJournalProvider with
            dev.lantern.journal.jdbc.EmbeddedProvider;
}
