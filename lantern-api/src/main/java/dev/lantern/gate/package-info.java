/**
 * The isolation gate's values: what it was told, what it decided, and why.
 *
 * <p>Data only. The decision itself is a pure function in the core; facts are gathered by substrates.
 */
@NullMarked
package dev.lantern.gate;

import org.jspecify.annotations.NullMarked;
