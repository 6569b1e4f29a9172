/**
 * The shape of the code, held by tests: arrows between packages, determinism, the public API and its Javadoc.
 *
 * <p>What lives here: rules over the classes, descriptors and sources of all modules, and the {@code fixtures}
 * that break each rule once, to show that it can fail. What must not enter: tests of behaviour. A rule is a
 * function of a root package, so that it reads {@code dev.lantern} and a fixture alike.
 */
@NullMarked
package dev.lantern.arch;

import org.jspecify.annotations.NullMarked;
