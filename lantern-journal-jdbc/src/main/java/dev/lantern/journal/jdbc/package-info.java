/**
 * The journal on a relational database: H2 in a file of its own, or H2 or PostgreSQL behind any data source.
 *
 * <p>What lives here: one public journal, a log store beside it, their options, the schema and its migrator, one small
 * class per concern of the journal. What may enter: SQL that passes the journal contract; a further database is one more
 * {@code Dialect}. What must not: connection pools, retries, threads, knowledge of what an event means.
 */
@NullMarked
package dev.lantern.journal.jdbc;

import org.jspecify.annotations.NullMarked;
