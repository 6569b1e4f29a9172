package dev.lantern.core.engine;

import dev.lantern.agent.wire.Confidential;
import dev.lantern.agent.wire.GatewayReply;
import dev.lantern.core.turns.LaneName;
import dev.lantern.core.turns.Outcome;
import dev.lantern.core.turns.Turns;
import dev.lantern.secrets.SecretStore;
import dev.lantern.value.LanternException;
import java.time.Duration;
import java.util.Arrays;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Carries out what decisions want of the secret store, and hands values over. */
final class SecretActs {
    private static final Logger LOG = LoggerFactory.getLogger(SecretActs.class);

    private final Turns turns;
    private final Optional<SecretStore> store;
    private final SecretValues values;
    private final Duration within;

    SecretActs(Host.Parts parts, SecretValues values) {
        this.turns = parts.turns();
        this.store = parts.secrets();
        this.values = values;
        this.within = parts.settings().callWithin();
    }

    void carryOut(Mailbox mailbox, Act act) {
        if (act instanceof Act.IssueSecret issue) {
            issue(mailbox, issue);
        } else if (act instanceof Act.RenewSecret renew) {
            renew(mailbox, renew);
        } else if (act instanceof Act.RevokeSecret revoke) {
            revoke(mailbox, revoke);
        } else if (act instanceof Act.HandOver over) {
            values.hold(mailbox.run(), over.lease(), over.secret().value());
            handOver(mailbox, over.called(), over.lease());
        } else if (act instanceof Act.HandOverAgain again) {
            handOver(mailbox, again.called(), again.lease());
        } else if (act instanceof Act.DropSecret drop) {
            drop(mailbox, drop);
        }
    }

    /** Only behind the event that tells of it: the act stands behind that event. */
    private void handOver(Mailbox mailbox, Stimulus.Called called, Lease lease) {
        Duration ttl = Duration.between(mailbox.now(), lease.expiresAt());
        Optional<byte[]> value = values.reveal(mailbox.run(), lease.id());
        if (!isHeld(mailbox, lease) || value.isEmpty() || ttl.isNegative() || ttl.isZero()) {
            value.ifPresent(bytes -> Arrays.fill(bytes, (byte) 0));
            mailbox.take(new Stimulus.ValueUnknown(called, lease.id()));
            return;
        }
        called.token().answer(new GatewayReply.Vended(lease.id(), Confidential.of(value.get()), ttl));
        Arrays.fill(value.get(), (byte) 0);
    }

    /** A lease and its instance may have ended in the very append that the lease began with. */
    private static boolean isHeld(Mailbox mailbox, Lease lease) {
        RunState durable = mailbox.durableState();
        return durable.epoch() == lease.epoch()
                && durable.leases().open(lease.id()).isPresent();
    }

    private void issue(Mailbox mailbox, Act.IssueSecret issue) {
        ask(
                mailbox,
                () -> new Stimulus.SecretIssued(
                        issue.called(),
                        issue.lease(),
                        issue.place(),
                        store().issue(issue.place(), issue.ttl(), within)),
                failure -> {
                    LOG.warn(
                            "secret {} for {} could not be had; it is asked for again",
                            issue.place(),
                            mailbox.run(),
                            failure);
                    mailbox.take(new Stimulus.SecretUntold(issue.called(), issue.lease()));
                });
    }

    private void renew(Mailbox mailbox, Act.RenewSecret renew) {
        Lease lease = renew.lease();
        ask(
                mailbox,
                () -> new Stimulus.SecretRenewed(
                        renew.called(),
                        lease.id(),
                        store().renew(lease.place(), lease.handle().orElseThrow(), renew.ttl(), within)),
                failure -> {
                    LOG.warn(
                            "lease {} of {} could not be renewed; it is asked for again",
                            lease.id(),
                            mailbox.run(),
                            failure);
                    mailbox.take(new Stimulus.SecretUntold(renew.called(), lease.id()));
                });
    }

    private void revoke(Mailbox mailbox, Act.RevokeSecret revoke) {
        Lease lease = revoke.lease();
        ask(
                mailbox,
                () -> {
                    store().revoke(lease.place(), lease.handle().orElseThrow(), within);
                    return new Stimulus.SecretRevoked(lease.id(), revoke.how());
                },
                failure -> {
                    LOG.warn(
                            "lease {} of {} could not be ended at its store; trying again",
                            lease.id(),
                            mailbox.run(),
                            failure);
                    mailbox.take(new Stimulus.RevocationUntold(lease.id()));
                });
    }

    /** Nobody was given it; a dynamic one would otherwise live until its own time is over. */
    private void drop(Mailbox mailbox, Act.DropSecret drop) {
        turns.lane(LaneName.SECRETS)
                .call(
                        mailbox.loop(),
                        () -> {
                            values.drop(drop.place(), drop.secret());
                            return true;
                        },
                        (Outcome<Boolean> outcome) -> {
                            if (outcome instanceof Outcome.Failure<Boolean> failure) {
                                LOG.warn(
                                        "a value of secret {} that nobody was given could not be ended at its store; it"
                                                + " ends by itself",
                                        drop.place(),
                                        failure.cause());
                            }
                        });
    }

    private SecretStore store() {
        return store.orElseThrow(
                () -> new LanternException("this host has no secret store: start the runtime with .secrets(…)"));
    }

    private <T extends Stimulus> void ask(Mailbox mailbox, Callable<T> call, Consumer<Throwable> failed) {
        turns.lane(LaneName.SECRETS).call(mailbox.loop(), call, (Outcome<T> outcome) -> {
            if (outcome instanceof Outcome.Value<T> value) {
                mailbox.take(value.value());
            } else if (outcome instanceof Outcome.Failure<T> failure) {
                failed.accept(failure.cause());
            }
        });
    }
}
