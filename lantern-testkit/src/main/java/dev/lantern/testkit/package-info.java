/**
 * Tests of agents without a cluster: a JUnit extension with a runtime in memory, and crash tests of whole scenarios.
 *
 * <p>What lives here is what the authors of agents write tests with. What may enter: extensions, annotations and the
 * substrate behind them. What must not: the contracts that backends pass, which have their own package, and the
 * simulation, which tests the engine itself.
 */
@NullMarked
package dev.lantern.testkit;

import org.jspecify.annotations.NullMarked;
