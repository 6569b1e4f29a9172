package dev.lantern.core.engine;

import dev.lantern.gate.NodeId;
import java.time.Instant;

/**
 * A node that lost an instance of a run.
 *
 * @param lastAt when it lost the last one
 */
record Suspect(NodeId node, Instant lastAt) {}
