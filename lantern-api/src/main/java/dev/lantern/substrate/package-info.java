/**
 * Where instances run: the interface that Kubernetes, local processes and tests implement.
 *
 * <p>Blocking calls with a deadline, idempotent by run and epoch; what arises by itself goes to a listener. What
 * must not enter: retries, time-outs, budgets and any meaning of a run's state; those are the engine's.
 */
@NullMarked
package dev.lantern.substrate;

import org.jspecify.annotations.NullMarked;
