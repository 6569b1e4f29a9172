package dev.lantern.journal;

import dev.lantern.value.Digest;

/**
 * The end of a run's chain: the sequence number of its last event and the chain hash there. Both are compared
 * by the fence, so two writers that agree on the number but not on the history never both win.
 *
 * @param seq the last event's sequence number; 0 when the run has no event
 * @param hash the chain's hash at {@code seq}
 */
public record Head(long seq, Digest hash) {}
