/**
 * Host processes on one PostgreSQL, whatever can be done to both, and a referee who holds the history against what was
 * acknowledged to anybody.
 *
 * <p>What may die lives in processes of its own: hosts and the database. What judges them lives in the test: the
 * cluster with its instances, which outlive every host, the users, the proxies between hosts and database, and the
 * oracle. The schedule follows from a seed; what real processes make of it does not, so a failure is read from its
 * story and its files, not replayed.
 */
@NullMarked
package dev.lantern.torture;

import org.jspecify.annotations.NullMarked;
