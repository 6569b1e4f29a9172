/**
 * Canonical JSON and the rule for names, shared by Lantern's own modules and not part of the public API.
 *
 * <p>What lives here: the value tree {@link dev.lantern.value.internal.Json} and its one byte form. What must
 * not enter: parsing (the modules that read JSON have a real parser) and anything that knows a Lantern format.
 */
@NullMarked
package dev.lantern.value.internal;

import org.jspecify.annotations.NullMarked;
