/**
 * The journal as the engine needs it: an ordered, hash-chained log per run, behind a fence.
 *
 * <p>What lives here: one interface and the values that cross it. What may enter: facts that every backend can
 * keep. What must not: retries, time-outs, batching policy or the meaning of an event; those are the engine's,
 * once for all backends. Bytes are opaque here: a backend stores them exactly as it got them.
 */
@NullMarked
package dev.lantern.journal;

import org.jspecify.annotations.NullMarked;
