/**
 * Reads {@code agent.yaml}: from bytes to a checked {@link dev.lantern.spec.AgentSpec}, or to every problem with its
 * line and column.
 *
 * <p>What lives here: decoding, the subset of YAML that a spec may use, types and notations. What must not enter:
 * rules about values (they stand in {@code dev.lantern.spec}, where the builder obeys them too) and any effect
 * beyond reading the one file.
 */
@NullMarked
package dev.lantern.core.spec;

import org.jspecify.annotations.NullMarked;
