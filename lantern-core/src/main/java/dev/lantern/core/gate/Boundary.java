package dev.lantern.core.gate;

import dev.lantern.gate.NodeFact;
import java.util.List;

/**
 * A boundary and the nodes that were verified to have it.
 *
 * @param candidate which
 * @param nodes best first, never empty
 */
record Boundary(Candidate candidate, List<NodeFact> nodes) {}
