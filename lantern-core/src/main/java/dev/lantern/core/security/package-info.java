/**
 * The host's security log: what strangers were refused, told in a bounded way.
 *
 * <p>What may enter: counting, bounding and writing refusals. What must not: the decision to refuse, which is the door's,
 * and anything about runs that a chain records.
 */
@NullMarked
package dev.lantern.core.security;

import org.jspecify.annotations.NullMarked;
