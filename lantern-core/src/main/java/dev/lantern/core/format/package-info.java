/**
 * Lantern's formats, byte by byte: the event's envelope, the chain over events, the frame of what can be erased,
 * the idempotency key, the exported journal and its verifier. {@code docs/formats.md} says the same in prose.
 *
 * <p>Pure functions from values to bytes and back; a change of what they write is a new format version and a new
 * golden vector in {@code formats/}. What must not enter: what an event means (that is {@code core.event} and the
 * engine), clocks, randomness and storage.
 */
@NullMarked
package dev.lantern.core.format;

import org.jspecify.annotations.NullMarked;
