/**
 * The bottom of Lantern: identifiers, digests, payloads and the root exception.
 *
 * <p>Everything may use this package, it uses nothing of Lantern. Values here are immutable, checked when
 * they are made, and safe to share between threads. No I/O, no clocks, no randomness.
 */
@NullMarked
package dev.lantern.value;

import org.jspecify.annotations.NullMarked;
