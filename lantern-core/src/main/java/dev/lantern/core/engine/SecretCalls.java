package dev.lantern.core.engine;

import dev.lantern.agent.wire.GatewayCall;
import dev.lantern.agent.wire.Problem.Code;
import dev.lantern.core.event.RunEvent;
import dev.lantern.secrets.IssuedSecret;
import dev.lantern.secrets.SecretPolicy;
import dev.lantern.spec.SecretRef;
import dev.lantern.spec.SecretUri;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * Calls about secrets, of an enrolled instance whose run goes on. A value leaves behind the event that tells of it; what
 * the store hands out and nobody may have is given back.
 *
 * <p>What the instance is told of a refusal is always the same: which of the reasons it was, the chain says.
 */
final class SecretCalls {
    private static final Duration SHORTEST = Duration.ofSeconds(1);
    /** Beyond one lease for each secret, what repeated requests and renewals may leave open at a time. */
    private static final int SPARE_LEASES = 16;

    private static final String FOREIGN_LEASE = "foreign-lease";
    private static final String LEASES = "too-many-leases";

    private final SecretPolicy policy;

    SecretCalls(SecretPolicy policy) {
        this.policy = policy;
    }

    void take(Turn turn, Vitals vitals, Instance instance, Stimulus.Called called) {
        if (called.call() instanceof GatewayCall.Vend vend) {
            vend(turn, vitals, instance, called, vend);
        } else if (called.call() instanceof GatewayCall.RenewLease renew) {
            renew(turn, vitals, instance, called, renew.lease());
        } else if (called.call() instanceof GatewayCall.ReturnLease back) {
            giveBack(turn, vitals, instance, called, back.lease());
        }
    }

    // -- what is asked for -----------------------------------------------------------------------------------

    private void vend(Turn turn, Vitals vitals, Instance instance, Stimulus.Called called, GatewayCall.Vend call) {
        Optional<SecretRef> granted = granted(turn, call.name());
        String lease = Lease.id(instance.epoch(), call.request());
        Optional<Lease> open = turn.state().leases().open(lease);
        if (granted.isEmpty()) {
            turn.refuseSecret(called, call.name());
        } else if (turn.state().leases().wasClosed(lease)) {
            closed(turn, called, lease);
        } else if (open.isPresent()) {
            turn.act(new Act.HandOverAgain(called, open.get()));
        } else if (leases(turn, vitals) >= turn.state().spec().secrets().size() + SPARE_LEASES) {
            turn.refuse(called.token(), Code.UNAVAILABLE, "this instance has too many leases open: return some");
            turn.count(LEASES, instance.epoch(), "more leases are asked for than a harness has use for");
        } else {
            ask(turn, vitals, called, granted.get(), lease);
        }
    }

    /** Those that are open, and those that will be: whoever asks for many at once is given no more of them. */
    private static long leases(Turn turn, Vitals vitals) {
        LeaseBook book = turn.state().leases();
        return book.open().size()
                + vitals.secrets().asked().stream()
                        .filter(lease -> book.open(lease).isEmpty())
                        .count();
    }

    private void ask(Turn turn, Vitals vitals, Stimulus.Called called, SecretRef secret, String lease) {
        SecretUri uri = place(turn, secret);
        Duration ttl = ttl(turn, secret, uri);
        if (!uri.tenant().orElseThrow().equals(turn.state().run().tenant())) {
            refuse(turn, called, secret, RunEvent.SecretRefused.FOREIGN);
        } else if (!policy.allows(turn.state().spec(), isolation(turn), Lease.place(uri))) {
            refuse(turn, called, secret, RunEvent.SecretRefused.FORBIDDEN);
        } else if (ttl.compareTo(SHORTEST) < 0) {
            turn.refuse(called.token(), Code.RUN_ENDED, "the run ends before a lease could begin");
        } else if (!vitals.secrets().ask(lease)) {
            turn.refuse(called.token(), Code.UNAVAILABLE, "the secret store is being asked; repeat the call");
        } else {
            turn.act(new Act.IssueSecret(called, lease, Lease.place(uri), ttl));
        }
    }

    private void renew(Turn turn, Vitals vitals, Instance instance, Stimulus.Called called, String id) {
        Optional<Lease> lease = own(turn, instance, called, id);
        if (lease.isEmpty()) {
            return;
        }
        SecretRef secret = granted(turn, lease.get().name()).orElseThrow();
        Duration ttl = ttl(turn, secret, lease.get().secret());
        if (!policy.allows(turn.state().spec(), isolation(turn), lease.get().place())) {
            // Another host than the one that gave it may have another policy.
            refuse(turn, called, secret, RunEvent.SecretRefused.FORBIDDEN);
        } else if (ttl.compareTo(SHORTEST) < 0) {
            turn.refuse(called.token(), Code.RUN_ENDED, "the run ends before the lease could be renewed");
        } else if (!vitals.secrets().ask(id)) {
            turn.refuse(called.token(), Code.UNAVAILABLE, "the secret store is being asked; repeat the call");
        } else if (lease.get().isDynamic()) {
            turn.act(new Act.RenewSecret(called, lease.get(), ttl));
        } else {
            turn.act(new Act.IssueSecret(called, id, lease.get().place(), ttl));
        }
    }

    private static void giveBack(Turn turn, Vitals vitals, Instance instance, Stimulus.Called called, String id) {
        if (turn.state().leases().wasClosed(id) && Lease.isOf(instance.epoch(), id)) {
            turn.accept(called.token());
            return;
        }
        Optional<Lease> lease = own(turn, instance, called, id);
        if (lease.isPresent()) {
            Leases.close(turn, vitals, lease.get(), "returned");
            turn.accept(called.token());
        }
    }

    /** The open lease of this very instance; of every other one the caller is told that there is none. */
    private static Optional<Lease> own(Turn turn, Instance instance, Stimulus.Called called, String id) {
        Optional<Lease> lease = turn.state().leases().open(id).filter(open -> open.epoch() == instance.epoch());
        if (lease.isEmpty()) {
            closed(turn, called, id);
            if (!Lease.isOf(instance.epoch(), id)) {
                turn.count(
                        FOREIGN_LEASE,
                        instance.epoch(),
                        "instance " + instance.epoch() + " names lease " + id + ", which was never its own");
            }
        }
        return lease;
    }

    // -- what the store has answered -------------------------------------------------------------------------

    /** The store has handed a value out; whether the instance may still have it is asked once more. */
    void issued(Turn turn, Instance instance, Stimulus.SecretIssued issued) {
        Stimulus.Called called = issued.called();
        Optional<Lease> open = turn.state().leases().open(issued.lease());
        Optional<String> asked =
                called.call() instanceof GatewayCall.Vend vend ? Optional.of(vend.name()) : open.map(Lease::name);
        if (asked.isEmpty()) {
            // It was to be renewed, and has ended meanwhile.
            issued.waste().ifPresent(turn::act);
            closed(turn, called, issued.lease());
            return;
        }
        String name = asked.get();
        SecretRef secret = granted(turn, name).orElseThrow();
        if (issued.secret().isEmpty()) {
            refuse(turn, called, secret, RunEvent.SecretRefused.ABSENT);
        } else {
            IssuedSecret value = issued.secret().get();
            Duration ttl = shorter(ttl(turn, secret, place(turn, secret)), value.ttl());
            RunEvent.SecretVended vended = new RunEvent.SecretVended(
                    issued.lease(),
                    name,
                    place(turn, secret),
                    value.mode(),
                    value.handle(),
                    value.version(),
                    turn.now().plus(ttl),
                    open.map(lease -> lease.renewals() + 1).orElse(0));
            turn.record(vended);
            turn.act(new Act.HandOver(
                    called, turn.state().leases().open(issued.lease()).orElseThrow(), value));
        }
    }

    /** The store was asked for more time under a dynamic lease. */
    void renewed(Turn turn, Vitals vitals, Stimulus.SecretRenewed renewed) {
        Optional<Lease> open = turn.state().leases().open(renewed.lease());
        if (open.isEmpty()) {
            closed(turn, renewed.called(), renewed.lease());
        } else if (renewed.ttl().isEmpty()) {
            Leases.close(turn, vitals, open.get(), "the store did not renew it");
            closed(turn, renewed.called(), renewed.lease());
        } else {
            Lease lease = open.get();
            SecretRef secret = granted(turn, lease.name()).orElseThrow();
            Instant expiresAt = turn.now()
                    .plus(shorter(
                            ttl(turn, secret, lease.secret()), renewed.ttl().get()));
            turn.record(new RunEvent.SecretVended(
                    lease.id(),
                    lease.name(),
                    lease.secret(),
                    lease.mode(),
                    lease.handle(),
                    lease.version(),
                    expiresAt,
                    lease.renewals() + 1));
            turn.act(new Act.HandOverAgain(
                    renewed.called(), turn.state().leases().open(lease.id()).orElseThrow()));
        }
    }

    /** This host does not know the value of a lease that is open: another one handed it out. */
    static void unknown(Turn turn, Vitals vitals, Stimulus.ValueUnknown unknown) {
        turn.state()
                .leases()
                .open(unknown.lease())
                .ifPresent(lease -> Leases.close(turn, vitals, lease, "its value was known to a former owner alone"));
        closed(turn, unknown.called(), unknown.lease());
    }

    // -- rules -----------------------------------------------------------------------------------------------

    private static Optional<SecretRef> granted(Turn turn, String name) {
        return turn.state().spec().secrets().stream()
                .filter(secret -> secret.envName().equals(name))
                .findFirst();
    }

    /** Where a secret of this run is kept, the run's own tenant spelled out. */
    private static SecretUri place(Turn turn, SecretRef secret) {
        return secret.uri().inTenant(turn.state().run().tenant());
    }

    private Duration ttl(Turn turn, SecretRef secret, SecretUri uri) {
        Duration ttl = shorter(secret.ttl(), policy.longest(isolation(turn), Lease.place(uri)));
        RunState state = turn.state();
        return state.spec()
                .limits()
                .timeout()
                .map(timeout -> Duration.between(turn.now(), state.createdAt().plus(timeout)))
                .map(left -> shorter(ttl, left))
                .orElse(ttl);
    }

    private static dev.lantern.spec.Isolation isolation(Turn turn) {
        return turn.state().strength().orElseThrow().isolation();
    }

    private static Duration shorter(Duration one, Duration other) {
        return one.compareTo(other) <= 0 ? one : other;
    }

    private static void refuse(Turn turn, Stimulus.Called called, SecretRef secret, String reason) {
        turn.record(new RunEvent.SecretRefused(
                secret.envName(),
                Optional.of(place(turn, secret)),
                reason,
                called.call().epoch(),
                1));
        turn.refuse(called.token(), Code.SECRET_REFUSED, Turn.noSecret(secret.envName()));
    }

    private static void closed(Turn turn, Stimulus.Called called, String lease) {
        turn.refuse(called.token(), Code.LEASE_CLOSED, "lease " + lease + " is not open: ask for the secret anew");
    }
}
