/**
 * Looks at the sandbox from inside.
 *
 * <p>What lives here: reading what the kernel says of itself, and trying what the fence lets through. What must not enter:
 * any judgement of it, which is the host's, and whatever the agent could have written.
 */
@NullMarked
package dev.lantern.agent.harness.sandbox;

import org.jspecify.annotations.NullMarked;
