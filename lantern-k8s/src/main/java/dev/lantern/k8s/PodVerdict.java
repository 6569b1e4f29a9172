package dev.lantern.k8s;

import com.google.gson.JsonObject;
import dev.lantern.gate.AdmissionFact;
import dev.lantern.gate.Evidence;
import dev.lantern.gate.Fact;
import dev.lantern.substrate.SubstrateListener;
import dev.lantern.substrate.Verified;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/** Says that a pod is the one that was asked for, with what was seen. */
final class PodVerdict {
    private final SubstrateListener listener;
    private final InstantSource clock;
    private final Function<String, Optional<Fact<AdmissionFact>>> admission;

    /** @param admission what was seen last of the admission policies, by namespace */
    PodVerdict(
            SubstrateListener listener,
            InstantSource clock,
            Function<String, Optional<Fact<AdmissionFact>>> admission) {
        this.listener = listener;
        this.clock = clock;
        this.admission = admission;
    }

    void verified(StandingJob job, JsonObject pod) {
        String namespace = job.request().namespace();
        String name = ExpectedJob.text(pod, "metadata", "name").orElse("");
        List<Evidence> evidence = new ArrayList<>();
        evidence.add(new Evidence(
                Verified.POD,
                "pod " + namespace + "/" + name + " ("
                        + ExpectedJob.text(pod, "metadata", "uid").orElse("") + ", version "
                        + ExpectedJob.text(pod, "metadata", "resourceVersion").orElse("")
                        + ") is template " + JobTemplate.VERSION + " of Job " + job.uid() + ", every field of it",
                "GET " + Paths.pods(namespace) + "/" + name,
                clock.instant()));
        evidence.add(policies(namespace));
        listener.verified(
                job.request().key().instance(), new Verified(Verified.POD, Optional.empty(), List.copyOf(evidence)));
    }

    /** With them nothing started before the comparison; without them the harness may have. */
    private Evidence policies(String namespace) {
        Optional<Fact<AdmissionFact>> fact = admission.apply(namespace);
        if (fact.isPresent() && fact.get() instanceof Fact.Seen<AdmissionFact> seen) {
            String found = seen.value().holds() ? "the admission policies held" : "the admission policies did not hold";
            return new Evidence(Verified.POD, found, seen.source(), seen.at());
        }
        return new Evidence(
                Verified.POD,
                "whether the admission policies held is not known",
                fact.map(Fact::source).orElse("nobody was asked"),
                fact.map(Fact::at).orElseGet(clock::instant));
    }
}
