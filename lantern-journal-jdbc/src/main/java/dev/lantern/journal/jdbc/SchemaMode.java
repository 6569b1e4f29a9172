package dev.lantern.journal.jdbc;

/** What opening a journal does about its tables. */
public enum SchemaMode {
    /** Brings the schema to this version's, under a lock; does nothing where it is there already. */
    CREATE,
    /** Changes nothing; refuses a schema that is missing, older, newer, or was changed after it was applied. */
    VALIDATE,
    /** Looks at nothing: whoever opens the journal vouches for the schema. */
    NONE
}
