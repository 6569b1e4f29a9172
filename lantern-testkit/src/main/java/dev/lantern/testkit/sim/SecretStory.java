package dev.lantern.testkit.sim;

import dev.lantern.core.event.RunEvent;
import dev.lantern.core.format.EventEnvelope;
import dev.lantern.journal.Event;
import dev.lantern.secrets.SecretMode;
import dev.lantern.spec.SecretUri;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/** What a run's chain tells of its secrets: who was given which, how each lease ended, and what is owed in the end. */
final class SecretStory {
    /** Events bear microseconds only. */
    private static final Duration SLACK = Duration.ofMillis(1);

    private final World world;
    private final RunPlan plan;
    private final Map<String, RunEvent.SecretVended> open = new LinkedHashMap<>();
    private final Set<String> closed = new LinkedHashSet<>();
    private final Map<String, SecretUri> released = new TreeMap<>();
    private Optional<RunEvent.RotationOwed> owed = Optional.empty();

    SecretStory(World world, RunPlan plan) {
        this.world = world;
        this.plan = plan;
    }

    /** @param mayVend whether an enrolled instance works and the outcome is open */
    void add(Event stored, EventEnvelope envelope, RunEvent event, boolean mayVend) {
        if (event instanceof RunEvent.SecretVended vended) {
            check(mayVend, envelope, "gives a secret to no instance that may have one");
            vended(envelope, vended);
        } else if (event instanceof RunEvent.LeaseClosed over) {
            check(open.remove(over.lease()) != null, envelope, "closes lease " + over.lease() + ", which is not open");
            closed.add(over.lease());
        } else if (event instanceof RunEvent.SecretRefused refused) {
            check(
                    refused.reason().equals(RunEvent.SecretRefused.ABSENT)
                            && secret(refused.name())
                                    .filter(SecretPlan::mayBeRefused)
                                    .isPresent(),
                    envelope,
                    "refuses secret " + refused.name() + ", which is there: " + refused.reason());
        } else if (event instanceof RunEvent.RotationOwed rotation) {
            check(owed.isEmpty(), envelope, "tells a second time what is to be rotated");
            owed = Optional.of(rotation);
        }
        if (!plan.secrets().isEmpty()) {
            unseen(envelope, "bytes", stored.bytes());
            stored.erasable().ifPresent(erasable -> unseen(envelope, "payloads", erasable.body()));
        }
    }

    private void vended(EventEnvelope envelope, RunEvent.SecretVended vended) {
        Optional<SecretPlan> secret = secret(vended.name());
        RunEvent.SecretVended before = open.put(vended.lease(), vended);
        check(
                secret.filter(one -> one.place(plan.run().tenant())
                                        .key()
                                        .equals(vended.secret().key())
                                && vended.secret()
                                        .tenant()
                                        .equals(Optional.of(plan.run().tenant()))
                                && one.dynamic() == (vended.mode() == SecretMode.DYNAMIC))
                        .isPresent(),
                envelope,
                "gives " + vended.name() + " of " + vended.secret() + ", which the spec does not name so");
        check(
                vended.lease().startsWith(envelope.epoch() + "-"),
                envelope,
                "opens lease " + vended.lease() + " in epoch " + envelope.epoch());
        check(!closed.contains(vended.lease()), envelope, "opens lease " + vended.lease() + " again");
        check(
                vended.renewal() == (before == null ? 0 : before.renewal() + 1),
                envelope,
                "is renewal " + vended.renewal() + " of lease " + vended.lease());
        check(
                before == null
                        || before.handle().equals(vended.handle())
                                && before.secret().equals(vended.secret()),
                envelope,
                "makes lease " + vended.lease() + " another secret's");
        secret.ifPresent(one -> check(
                !vended.expiresAt().isAfter(envelope.time().plus(one.ttl()).plus(SLACK)),
                envelope,
                "lets lease " + vended.lease() + " last longer than the spec says"));
        if (vended.mode() == SecretMode.STATIC) {
            released.put(vended.secret().toString(), vended.secret());
        }
    }

    private void unseen(EventEnvelope envelope, String where, byte[] bytes) {
        // One character for each byte, so that nothing is lost to an encoding.
        world.vendings()
                .shown(plan.run(), new String(bytes, StandardCharsets.ISO_8859_1))
                .ifPresent(value -> check(false, envelope, "shows " + value + " in its " + where));
    }

    // -- once the chain was read -------------------------------------------------------------------------------

    /** @param standing what the terminal event names */
    void end(List<String> standing) {
        open.values()
                .forEach(lease -> check(
                        standing.contains(named(lease)),
                        "has ended with lease " + lease.lease() + " open and not named"));
        standing.stream()
                .filter(what -> what.startsWith("lease "))
                .forEach(what -> check(
                        open.values().stream().map(SecretStory::named).anyMatch(what::equals),
                        "names " + what + ", which is not open"));
        check(
                owed.map(RunEvent.RotationOwed::secrets).orElse(List.of()).equals(List.copyOf(released.values())),
                "names " + owed + " to be rotated and gave out " + released.keySet());
    }

    /** The handles of dynamic secrets whose leases the chain leaves open. */
    List<String> standing() {
        return open.values().stream().flatMap(lease -> lease.handle().stream()).toList();
    }

    private static String named(RunEvent.SecretVended lease) {
        return "lease " + lease.lease() + " of " + lease.secret();
    }

    private Optional<SecretPlan> secret(String name) {
        return plan.secrets().stream()
                .filter(secret -> secret.name().equals(name))
                .findFirst();
    }

    private void check(boolean holds, EventEnvelope envelope, String complaint) {
        if (!holds) {
            world.defects()
                    .found("event " + envelope.seq() + " (" + envelope.kind() + ") of " + plan.run() + " " + complaint);
        }
    }

    private void check(boolean holds, String complaint) {
        if (!holds) {
            world.defects().found("run " + plan.run() + " " + complaint);
        }
    }
}
