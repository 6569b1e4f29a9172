package dev.lantern.testkit.kubernetes;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Optional;

/**
 * What an admission hook is told beside the pod.
 *
 * @param operation {@code CREATE} or {@code UPDATE}
 * @param subresource {@code ephemeralcontainers}, {@code resize}; empty for the pod itself
 * @param namespace the pod's
 * @param user who asks; for the pod of a Job, the Job controller
 * @param dryRun whether nothing will be stored
 * @param old the pod as it is, for updates
 */
public record AdmissionRequest(
        String operation,
        String subresource,
        String namespace,
        String user,
        boolean dryRun,
        Optional<ObjectNode> old) {}
