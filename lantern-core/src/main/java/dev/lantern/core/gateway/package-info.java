/**
 * The host's door for instances.
 *
 * <p>A function from call to reply, and adapters that bring calls to it. What must not enter: decisions about runs.
 */
@NullMarked
package dev.lantern.core.gateway;

import org.jspecify.annotations.NullMarked;
