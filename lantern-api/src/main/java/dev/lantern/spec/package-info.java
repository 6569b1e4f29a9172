/**
 * The agent spec: what {@code agent.yaml} says, as immutable values that cannot be invalid.
 *
 * <p>What lives here: {@link dev.lantern.spec.AgentSpec}, its parts, their rules, the canonical form and the
 * digest. What may enter: facts of the spec and pure checks on them. What must not: YAML, I/O, clocks, and any
 * decision about where a spec may run (that is the gate's).
 */
@NullMarked
package dev.lantern.spec;

import org.jspecify.annotations.NullMarked;
