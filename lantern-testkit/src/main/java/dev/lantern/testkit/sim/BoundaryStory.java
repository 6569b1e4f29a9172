package dev.lantern.testkit.sim;

import dev.lantern.core.event.RunEvent;
import dev.lantern.core.event.RunEvent.Budget;
import dev.lantern.core.format.EventEnvelope;
import dev.lantern.core.gate.Attestation;
import dev.lantern.gate.Evidence;
import dev.lantern.gate.NodeId;
import dev.lantern.gate.Placement;
import dev.lantern.substrate.InstanceRef;
import dev.lantern.substrate.Verified;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** What a run's chain tells of its boundaries: who was admitted, where it ran, what broke, and what followed from it. */
final class BoundaryStory {
    /** By so much the clocks of a run's owners may differ. */
    private static final Duration SLACK = Duration.ofSeconds(5);

    private static final String VIOLATION = "the boundary was not what was admitted";

    private final World world;
    private final RunPlan plan;
    private final Map<String, Instant> lostAt = new LinkedHashMap<>();
    private final Set<String> checkpoints = new LinkedHashSet<>();
    private RunEvent.@Nullable GatePassed admission;
    private RunEvent.@Nullable GatePassed last;
    private Optional<NodeId> node = Optional.empty();
    private Optional<Instant> firstRefusal = Optional.empty();
    private boolean violated;
    private boolean brokenAtOnce;
    private int instances;

    BoundaryStory(World world, RunPlan plan) {
        this.world = world;
        this.plan = plan;
    }

    /** Whether the run may have failed with tries left, because its first instance's boundary was violated. */
    boolean brokenAtOnce() {
        return brokenAtOnce;
    }

    void add(EventEnvelope envelope, RunEvent event) {
        if (event instanceof RunEvent.GatePassed passed) {
            passed(envelope, passed);
        } else if (event instanceof RunEvent.InstanceStarted) {
            started(envelope);
        } else if (event instanceof RunEvent.InstanceEnrolled) {
            check(
                    checkpoints.contains(Verified.NODE),
                    envelope,
                    "lets an instance begin whose node nobody has looked at again");
            check(
                    checkpoints.contains(Attestation.CHECKPOINT),
                    envelope,
                    "lets an instance begin that nobody has looked at from inside");
            check(
                    wentBack() || !world.admissions().deceived(instance(envelope)),
                    envelope,
                    "lets an instance begin behind another boundary than was admitted");
        } else if (event instanceof RunEvent.BoundaryVerified verified) {
            verified(envelope, verified);
        } else if (event instanceof RunEvent.BoundaryViolated) {
            check(!violated, envelope, "tells a second time of a violation");
            check(world.admissions().isViolated(instance(envelope)), envelope, "tells of a violation that was none");
            violated = true;
        } else if (event instanceof RunEvent.InstanceLost lost) {
            lost(envelope, lost);
        } else {
            refusal(envelope, event);
        }
    }

    private void passed(EventEnvelope envelope, RunEvent.GatePassed passed) {
        check(admission == null, envelope, "admits a second time what has not started yet");
        if (last != null) {
            check(
                    passed.isolation().compareTo(last.isolation()) >= 0
                            && passed.handler().compareTo(last.handler()) >= 0,
                    envelope,
                    "admits under " + passed.isolation() + " on " + passed.handler() + " what ran under "
                            + last.isolation() + " on " + last.handler());
        }
        admission = passed;
        last = passed;
        note(() ->
                "admitted: " + passed.evidence().stream().map(Evidence::found).toList());
    }

    private void started(EventEnvelope envelope) {
        check(!plan.refused(), envelope, "starts what no gate admits");
        check(admission != null, envelope, "starts an instance without a decision of its own");
        InstanceRef instance = instance(envelope);
        world.admissions().of(instance).filter(used -> !wentBack()).ifPresent(used -> {
            Placement place = used.placement();
            check(
                    last != null && place.isolation() == last.isolation() && place.handler() == last.handler(),
                    envelope,
                    "says something else of the boundary than the start did");
            check(
                    used.nodes().stream().noneMatch(at -> suspect(at, envelope.time()))
                            || used.verified().stream().allMatch(at -> suspectFor(at, envelope.time(), SLACK)),
                    envelope,
                    "may land on a suspect among " + used.nodes() + " though " + used.verified() + " were fit");
        });
        admission = null;
        instances++;
        checkpoints.clear();
        node = Optional.empty();
        firstRefusal = Optional.empty();
        violated = false;
    }

    /** Beyond doubt, whatever the owners' clocks say. */
    private boolean suspect(NodeId at, Instant now) {
        return suspectFor(at, now, SLACK.negated());
    }

    private boolean suspectFor(NodeId at, Instant now, Duration slack) {
        Instant lost = lostAt.get(at.uid());
        return lost != null
                && lost.isAfter(now.minus(World.SETTINGS.suspectFor()).minus(slack));
    }

    private void verified(EventEnvelope envelope, RunEvent.BoundaryVerified verified) {
        check(
                checkpoints.add(verified.checkpoint()),
                envelope,
                "passes checkpoint " + verified.checkpoint() + " twice");
        verified.node()
                .filter(at -> !wentBack())
                .ifPresent(at -> check(
                        world.admissions().nodeOf(instance(envelope)).equals(Optional.of(at)),
                        envelope,
                        "says that it runs on " + at));
        node = verified.node().isPresent() ? verified.node() : node;
    }

    private void lost(EventEnvelope envelope, RunEvent.InstanceLost lost) {
        note(() -> "lost: " + lost.cause());
        check(
                violated == lost.cause().startsWith(VIOLATION),
                envelope,
                violated ? "has another cause than the violation before it" : "takes a violation for a mere loss");
        if (violated) {
            check(lost.budget() == Budget.INFRASTRUCTURE, envelope, "charges the agent for a violation");
            check(lost.exhausted() || instances > 1, envelope, "lets a run go on whose first boundary was violated");
            brokenAtOnce = lost.exhausted() && instances == 1;
        }
        if (lost.budget() == Budget.INFRASTRUCTURE) {
            node.ifPresent(at -> lostAt.put(at.uid(), envelope.time()));
        }
    }

    private void refusal(EventEnvelope envelope, RunEvent event) {
        boolean said = world.admissions().refused(plan.spec());
        if (event instanceof RunEvent.RunRefused) {
            check(said, envelope, "refuses what the gate admits");
            check(instances == 0, envelope, "refuses a run that had started");
        } else if (event instanceof RunEvent.AnomalyDetected anomaly
                && anomaly.reason().equals(RunEvent.AnomalyDetected.GATE_REFUSED)) {
            note(() -> "refused: " + anomaly.detail());
            check(said, envelope, "tells of a refusal that was none");
            firstRefusal = firstRefusal.or(() -> Optional.of(envelope.time()));
        } else if (event instanceof RunEvent.ResumeRefused) {
            check(
                    firstRefusal
                            .filter(first -> !envelope.time().isBefore(first.plus(World.SETTINGS.refusedWithin())))
                            .isPresent(),
                    envelope,
                    "gives up before its time");
        }
    }

    private void note(Supplier<String> what) {
        world.timeline().note("audit", () -> plan.run() + " " + what.get());
    }

    private boolean wentBack() {
        return world.oracle().wentBack(plan.run());
    }

    private InstanceRef instance(EventEnvelope envelope) {
        return new InstanceRef(plan.run(), envelope.epoch());
    }

    private void check(boolean holds, EventEnvelope envelope, String complaint) {
        if (!holds) {
            world.defects()
                    .found("event " + envelope.seq() + " (" + envelope.kind() + ") of " + plan.run() + " " + complaint);
        }
    }
}
