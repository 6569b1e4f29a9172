/**
 * What was proven where: collects what the tests found on a real cluster, and writes the README's table from it.
 *
 * <p>What must not enter: anything that decides whether a test passes.
 */
@NullMarked
package dev.lantern.evidence;

import org.jspecify.annotations.NullMarked;
