/**
 * The simulation: real hosts and real harnesses over one journal, in one thread, under one seed.
 *
 * <p>A world has hosts, a journal, a cluster of instances, a network and users; a storm breaks all of them, then the
 * world comes to rest and is audited. What may enter: faults, oracles and invariants of what the engine builds. What
 * must not: wall clocks, threads, and switches in production code; a mutant is put in through {@code Seams}.
 */
@NullMarked
package dev.lantern.testkit.sim;

import org.jspecify.annotations.NullMarked;
