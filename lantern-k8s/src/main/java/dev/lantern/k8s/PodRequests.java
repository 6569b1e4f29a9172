package dev.lantern.k8s;

import dev.lantern.gate.IsolationPolicy;
import dev.lantern.gate.Placement;
import dev.lantern.gate.RuntimeClassFact;
import dev.lantern.gate.Taint;
import dev.lantern.spec.ImageRef;
import dev.lantern.spec.Isolation;
import dev.lantern.spec.NetworkMode;
import dev.lantern.substrate.InstanceStart;
import dev.lantern.value.LanternException;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * Makes of a start what a Job is made of. What the gate decided and what every host is configured with goes into it, and
 * nothing of this host: another one that takes the start over asks for the same Job. Only its life is as long as was left
 * when it was made. Pure.
 *
 * @param installation whose instances these are
 * @param harness the harness's image, pinned
 * @param reach the stable address of the gateway, and what must not be reached
 * @param terms when the cluster ends an instance by itself
 * @param defaults what a spec that says nothing gets
 * @param priority the class of every agent's pod
 * @param dedicated how nodes for hostile agents are marked; the gate's policy says the same
 * @param userNamespaces the RuntimeClasses whose handlers support {@code hostUsers: false}
 */
record PodRequests(
        String installation,
        ImageRef harness,
        Reach reach,
        Terms terms,
        PodDefaults defaults,
        Priority priority,
        IsolationPolicy.DedicatedNodes dedicated,
        List<String> userNamespaces) {

    /**
     * When the cluster ends an instance by itself.
     *
     * @param longest the life of an instance whose run has no {@code timeout}
     * @param start how long the harness may take until it has enrolled
     * @param grace what the agent has between SIGTERM and SIGKILL
     */
    record Terms(Duration longest, Duration start, Duration grace) {

        /** Of an instance that may live for so long, and then has its grace. */
        Deadlines of(Duration life) {
            Duration whole = Duration.ofSeconds(Math.max(1, Deadlines.seconds(life)));
            Duration fromStart = whole.plus(grace).plus(Deadlines.DRAIN);
            return new Deadlines(fromStart.plus(start), fromStart, start, grace);
        }
    }

    /**
     * The request.
     *
     * @throws LanternException if no Job can be made of this start, now or ever
     */
    PodRequest of(InstanceStart start) {
        Placement.InCluster place = place(start);
        requireNetwork(start);
        return new PodRequest(
                new InstanceKey(installation, start.instance()),
                place.namespace().name(),
                start.spec(),
                boundary(start.placement(), place),
                harness,
                reach.trusting(start.trust()),
                terms.of(start.remaining().orElse(terms.longest())),
                defaults,
                priority,
                Workspaces.claimOf(installation, start));
    }

    /** The latest deadlines that a Job of this start can have: those of the run's beginning. */
    Deadlines latest(InstanceStart start) {
        return terms.of(start.spec().limits().timeout().orElse(terms.longest()));
    }

    static Placement.InCluster place(InstanceStart start) {
        return start.placement()
                .cluster()
                .orElseThrow(() -> new LanternException("instance " + start.instance()
                        + " was admitted to no place in a cluster, and this substrate is one; see which substrate the"
                        + " gate's facts came from"));
    }

    /** What has no fence of its own yet is not started behind another one than was asked for. */
    private static void requireNetwork(InstanceStart start) {
        NetworkMode network = start.spec().network();
        boolean widens = network == NetworkMode.TENANT_VPC
                || network == NetworkMode.OPEN && start.placement().isolation() == Isolation.TRUSTED;
        if (widens) {
            throw new LanternException(
                    "spec.network is " + network.text() + " for isolation "
                            + start.placement().isolation().text()
                            + ", which needs a policy that widens the namespace's fence, and none is made; use allowlist_domain");
        }
    }

    private Boundary boundary(Placement placement, Placement.InCluster place) {
        boolean hostile = placement.isolation() == Isolation.HOSTILE;
        if (hostile && !place.dedicated()) {
            throw new LanternException("isolation hostile was admitted to nodes that are not dedicated");
        }
        Optional<String> runtimeClass = place.runtimeClass().map(RuntimeClassFact::name);
        return new Boundary(
                placement.isolation(),
                placement.handler(),
                place.runtimeClass().map(PodRequests::pinned),
                runtimeClass.filter(userNamespaces::contains).isPresent(),
                hostile ? Optional.of(toleration(dedicated.taint())) : Optional.empty());
    }

    private static PinnedClass pinned(RuntimeClassFact fact) {
        return new PinnedClass(
                fact.name(),
                fact.uid(),
                fact.overhead(),
                fact.scheduling().map(RuntimeClassFact.Scheduling::nodeSelector).orElseGet(Collections::emptySortedMap),
                fact.scheduling().map(RuntimeClassFact.Scheduling::tolerations).orElse(List.of()).stream()
                        .map(PodRequests::toleration)
                        .toList());
    }

    private static Toleration toleration(dev.lantern.gate.Toleration fact) {
        return new Toleration(
                text(fact.key()), fact.operator(), text(fact.value()), text(fact.effect()), OptionalLong.empty());
    }

    private static Toleration toleration(Taint taint) {
        return new Toleration(
                Optional.of(taint.key()), "Equal", text(taint.value()), text(taint.effect()), OptionalLong.empty());
    }

    private static Optional<String> text(String text) {
        return Optional.of(text).filter(some -> !some.isEmpty());
    }
}
