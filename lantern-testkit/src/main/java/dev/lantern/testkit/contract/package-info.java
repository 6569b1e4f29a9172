/**
 * The contracts of Lantern's backends, as JUnit classes that a backend's own tests extend.
 *
 * <p>What lives here: one abstract class per SPI and its facets. What may enter: what every backend must do,
 * stated as a test. What must not: anything about one backend. A deviation is an overridden test with
 * {@code @Disabled("why")} in the backend, where everybody sees it.
 */
@NullMarked
package dev.lantern.testkit.contract;

import org.jspecify.annotations.NullMarked;
