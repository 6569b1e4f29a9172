package dev.lantern.core.gate;

import dev.lantern.gate.HandlerKind;
import dev.lantern.gate.RuntimeClassFact;
import java.util.Optional;

/**
 * A boundary that the cluster names.
 *
 * @param kind what its handler stands for
 * @param runtimeClass the RuntimeClass; empty is the nodes' default handler
 */
record Candidate(HandlerKind kind, Optional<RuntimeClassFact> runtimeClass) {

    String text() {
        return runtimeClass
                .map(found ->
                        "RuntimeClass " + found.name() + " (handler " + found.handler() + ", " + kind.text() + ")")
                .orElse("the nodes' default handler");
    }
}
