/**
 * Files of secrets: for their owner alone, and replaced whole or not at all.
 *
 * <p>What may enter: how such a file is checked, read and written. What must not: what stands in it.
 */
@NullMarked
package dev.lantern.core.files;

import org.jspecify.annotations.NullMarked;
