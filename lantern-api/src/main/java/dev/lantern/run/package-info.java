/**
 * A run as its spawner sees it: the handle, its status, events, logs and result.
 *
 * <p>Handles hold no resources and results are values. What must not enter: anything a backend implements.
 */
@NullMarked
package dev.lantern.run;

import org.jspecify.annotations.NullMarked;
