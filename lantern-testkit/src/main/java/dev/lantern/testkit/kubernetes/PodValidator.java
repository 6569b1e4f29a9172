package dev.lantern.testkit.kubernetes;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Optional;

/**
 * Plays a ValidatingAdmissionPolicy on pods: it sees what all mutators have left. The fake stores and lists policies,
 * and does not evaluate their CEL; a test says in Java what a policy says in CEL. Called while the fake holds its
 * lock; it must not ask the fake over HTTP.
 */
@FunctionalInterface
public interface PodValidator {

    /** Why the pod is refused; empty if it is not. */
    Optional<String> refuse(AdmissionRequest request, ObjectNode pod);
}
