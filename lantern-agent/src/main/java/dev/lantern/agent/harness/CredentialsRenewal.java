package dev.lantern.agent.harness;

import dev.lantern.agent.clockwork.Clockwork;
import dev.lantern.agent.wire.Credentials;
import dev.lantern.agent.wire.GatewayCall;
import dev.lantern.agent.wire.GatewayReply;
import dev.lantern.agent.wire.Problem;
import dev.lantern.value.LanternException;
import dev.lantern.value.RunRef;
import java.time.Duration;
import java.util.function.Consumer;

/**
 * Hands the instance's credentials to their keeper and asks for new ones in time. One thread at a time.
 *
 * <p>Without jitter: every instance counts from its own enrolment, so renewals are as spread as enrolments were, and
 * what the owner puts off is repeated with half of each pause left to chance.
 */
final class CredentialsRenewal {
    private final RunRef run;
    private final int epoch;
    private final Calls calls;
    private final Clockwork clockwork;
    private final CredentialsKeeper keeper;
    private final Consumer<Problem> failed;

    /** @param failed told of what leaves the instance without credentials that hold */
    CredentialsRenewal(
            RunRef run,
            int epoch,
            Calls calls,
            Clockwork clockwork,
            CredentialsKeeper keeper,
            Consumer<Problem> failed) {
        this.run = run;
        this.epoch = epoch;
        this.calls = calls;
        this.clockwork = clockwork;
        this.keeper = keeper;
        this.failed = failed;
    }

    /** @return whether they can be used; if not, {@code failed} has been told */
    boolean take(Credentials credentials) {
        try {
            keeper.take(credentials);
        } catch (LanternException e) {
            failed.accept(Problem.of(
                    Problem.Code.DRAINING,
                    "the credentials that instance " + run + " epoch " + epoch + " was given cannot be used: "
                            + e.getMessage()));
            return false;
        }
        after(credentials.renewAfter());
        return true;
    }

    private void after(Duration span) {
        clockwork.later(span, () -> calls.aside(new GatewayCall.Renew(run, epoch), this::answered));
    }

    private void answered(GatewayReply reply) {
        if (reply instanceof GatewayReply.Renewed renewed) {
            take(renewed.credentials());
        } else {
            // By the protocol's own word repeating does not help, and what it has expires.
            Problem why = Refusals.problem("renew", reply);
            failed.accept(Problem.of(
                    Problem.Code.DRAINING,
                    "the credentials of instance " + run + " epoch " + epoch + " were not renewed ("
                            + why.code().wireName() + "): " + why.detail()));
        }
    }
}
