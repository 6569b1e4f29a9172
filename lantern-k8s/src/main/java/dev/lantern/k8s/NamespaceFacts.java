package dev.lantern.k8s;

import dev.lantern.gate.AdmissionFact;
import dev.lantern.gate.Fact;
import dev.lantern.gate.FenceFact;
import dev.lantern.gate.NamespaceFact;
import java.time.Instant;

/** What concerns one namespace. */
record NamespaceFacts(Fact<NamespaceFact> namespace, Fact<FenceFact> fence, Fact<AdmissionFact> admission) {

    /** There is no namespace to ask about. */
    static NamespaceFacts untold(String why, Instant at) {
        String source = "tenant namespaces";
        return new NamespaceFacts(
                Fact.untold(why, source, at), Fact.untold(why, source, at), Fact.untold(why, source, at));
    }
}
