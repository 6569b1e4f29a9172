package dev.lantern.k8s;

import dev.lantern.gate.Fact;
import dev.lantern.substrate.InstanceRef;
import dev.lantern.value.LanternException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;

/** Lists the instances of this installation: its Jobs, read from the API server now and completely. Thread-safe. */
final class StandingInstances {
    private final ApiServer server;
    private final InstantSource clock;
    private final Whereabouts whereabouts;
    private final List<String> namespaces;

    /** @param namespaces where to look; empty means everywhere */
    StandingInstances(ApiServer server, InstantSource clock, Whereabouts whereabouts, List<String> namespaces) {
        this.server = server;
        this.clock = clock;
        this.whereabouts = whereabouts;
        this.namespaces = List.copyOf(namespaces);
    }

    /**
     * In their order.
     *
     * @throws LanternException if any part of the list is not told
     */
    List<InstanceRef> list(Duration within) {
        Round round = new Round(server, clock, within);
        List<ListQuestion<Optional<InstanceRef>>> questions = new ArrayList<>();
        for (Get get : gets()) {
            questions.add(new ListQuestion<>(
                    get.with("labelSelector", Marks.INSTALLATION + "=" + whereabouts.installation()),
                    new PageReader<>("batch/v1", "Job", job -> whereabouts.instanceOf(job.object()))));
        }
        questions.forEach(round::ask);
        round.await();
        TreeSet<InstanceRef> standing = new TreeSet<>();
        for (ListQuestion<Optional<InstanceRef>> question : questions) {
            if (question.fact() instanceof Fact.Seen<List<Optional<InstanceRef>>> seen) {
                seen.value().forEach(instance -> instance.ifPresent(standing::add));
            } else {
                throw new LanternException("what stands of installation " + whereabouts.installation()
                        + " is not known: " + question.fact());
            }
        }
        return List.copyOf(standing);
    }

    private List<Get> gets() {
        if (namespaces.isEmpty()) {
            return List.of(Get.of("/apis/batch/v1/jobs", Rule.cluster(Paths.BATCH, "jobs", "list")));
        }
        return namespaces.stream()
                .map(namespace -> Get.of(Paths.jobs(namespace), Rule.namespace(namespace, Paths.BATCH, "jobs", "list")))
                .toList();
    }
}
