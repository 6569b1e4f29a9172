/**
 * The life of runs: a pure state machine, the mailboxes that drive it, and the host that owns them.
 *
 * <p>{@code RunState} is state × event → state, {@code Decisions} is state × stimulus → events and effects; both
 * know no clock, thread or backend. {@code Mailbox} gives them turns, {@code JournalWriter} makes their events
 * durable, and effects happen only behind that. What must not enter: HTTP, JDBC, Kubernetes.
 */
@NullMarked
package dev.lantern.core.engine;

import org.jspecify.annotations.NullMarked;
