/**
 * Where agents' logs go. Logs are not events: they are capped, they age, and no promise rests on them.
 *
 * <p>What lives here: one interface and its values. What must not enter: journals, and anything that decides.
 */
@NullMarked
package dev.lantern.logs;

import org.jspecify.annotations.NullMarked;
