/**
 * The API's runtime and handles, put together from the engine and the parts that the host application chose.
 *
 * <p>Wiring and waiting live here. What must not enter: decisions about runs; those are the engine's.
 */
@NullMarked
package dev.lantern.core.runtime;

import org.jspecify.annotations.NullMarked;
