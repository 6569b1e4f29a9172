package dev.lantern.core.engine;

import dev.lantern.agent.wire.Credentials;
import dev.lantern.agent.wire.GatewayCall;
import dev.lantern.agent.wire.Problem;
import dev.lantern.gate.Decision;
import dev.lantern.secrets.IssuedSecret;
import dev.lantern.secrets.SecretPlace;
import dev.lantern.substrate.InstanceEnd;
import dev.lantern.value.Digest;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** What can happen to a run from outside its chain. */
sealed interface Stimulus {

    /** Who waits for an answer to it. */
    default Optional<CallToken> caller() {
        return Optional.empty();
    }

    /** What has to be given back if nobody takes this. */
    default Optional<Act.DropSecret> waste() {
        return Optional.empty();
    }

    /** The lease that the secret store was asked about, where this is what it said. */
    default Optional<String> askedAbout() {
        return Optional.empty();
    }

    /** Time has passed. */
    record Tick() implements Stimulus {}

    /**
     * This host owns the run from now on, after another one did.
     *
     * @param host this host's incarnation
     * @param standing the epochs of the run that the substrate says still stand
     */
    record Adopted(long host, List<Integer> standing) implements Stimulus {}

    /**
     * The gate has decided on the next instance.
     *
     * @param useBy until when that may be acted upon
     */
    record GateDecided(Decision decision, UseBy useBy) implements Stimulus {}

    /** The facts that the gate needs could not be had; it is asked again. */
    record GateUnavailable() implements Stimulus {}

    /** The substrate answered a start: the instance stands, or will say that it ended. */
    record Started(int epoch) implements Stimulus {}

    /** The substrate answered a start with an exception. */
    record StartFailed(int epoch, String cause) implements Stimulus {}

    /** The substrate says that an instance has ended. */
    record Ended(int epoch, InstanceEnd end) implements Stimulus {}

    /** The substrate says that an instance passed a checkpoint. */
    record Verified(int epoch, dev.lantern.substrate.Verified passed) implements Stimulus {}

    /** A stop returned: nothing of the epoch stands. */
    record Stopped(int epoch) implements Stimulus {}

    /** A stop threw. */
    record StopFailed(int epoch) implements Stimulus {}

    /** A stop returned: the epoch was asked to end, and still stands. */
    record StillEnding(int epoch) implements Stimulus {}

    /**
     * An instance's harness calls.
     *
     * @param proof what it has shown of who it is
     * @param sameInputAs the step's begin that the input of this one was compared with and equals; 0 for none
     */
    record Called(CallToken token, Proof proof, GatewayCall call, long sameInputAs) implements Stimulus {
        @Override
        public Optional<CallToken> caller() {
            return Optional.of(token);
        }

        Called(CallToken token, Proof proof, GatewayCall call) {
            this(token, proof, call, 0);
        }

        Called saying(GatewayCall other) {
            return new Called(token, proof, other, sameInputAs);
        }

        Called sameInputAs(long begin) {
            return new Called(token, proof, call, begin);
        }
    }

    /** The journal holds the event that the call says was acknowledged. */
    record HeadFound(Called called, long seq) implements Stimulus {
        @Override
        public Optional<CallToken> caller() {
            return called.caller();
        }
    }

    /**
     * The platform was asked once more about the instance that calls to enrol.
     *
     * @param found what is so; empty if it could not be told, or is so no more
     */
    record Compared(Called called, Optional<dev.lantern.substrate.Verified> found) implements Stimulus {
        @Override
        public Optional<CallToken> caller() {
            return called.caller();
        }
    }

    /**
     * The authority was asked to certify an instance that has enrolled or is about to.
     *
     * @param compared what the platform has said once more before, if it was asked
     * @param credentials empty if they could not be issued
     */
    record Certified(
            Called called, Optional<dev.lantern.substrate.Verified> compared, Optional<Credentials> credentials)
            implements Stimulus {
        @Override
        public Optional<CallToken> caller() {
            return called.caller();
        }
    }

    /**
     * The secret store has answered.
     *
     * @param lease that the value would be under
     * @param place where it is kept
     * @param secret empty if there is none
     */
    record SecretIssued(Called called, String lease, SecretPlace place, Optional<IssuedSecret> secret)
            implements Stimulus {
        @Override
        public Optional<CallToken> caller() {
            return called.caller();
        }

        @Override
        public Optional<Act.DropSecret> waste() {
            return secret.map(value -> new Act.DropSecret(place, value));
        }

        @Override
        public Optional<String> askedAbout() {
            return Optional.of(lease);
        }
    }

    /**
     * The secret store has answered whether a dynamic secret lasts longer.
     *
     * @param ttl how much longer from now on; empty if it does not
     */
    record SecretRenewed(Called called, String lease, Optional<Duration> ttl) implements Stimulus {
        @Override
        public Optional<CallToken> caller() {
            return called.caller();
        }

        @Override
        public Optional<String> askedAbout() {
            return Optional.of(lease);
        }
    }

    /** The secret store gave no answer: nothing is known. */
    record SecretUntold(Called called, String lease) implements Stimulus {
        @Override
        public Optional<CallToken> caller() {
            return called.caller();
        }

        @Override
        public Optional<String> askedAbout() {
            return Optional.of(lease);
        }
    }

    /** This host does not hold the value of a lease that is open. */
    record ValueUnknown(Called called, String lease) implements Stimulus {
        @Override
        public Optional<CallToken> caller() {
            return called.caller();
        }
    }

    /** The secret store has ended a dynamic secret. */
    record SecretRevoked(String lease, String how) implements Stimulus {}

    /** The secret store did not say whether it has ended a dynamic secret. */
    record RevocationUntold(String lease) implements Stimulus {}

    /**
     * The journal does not hold what it acknowledged.
     *
     * @param called whose call told, if it was one's; else this host itself knew the event
     */
    record Regressed(Optional<Called> called, long seq, Optional<Digest> hash) implements Stimulus {
        @Override
        public Optional<CallToken> caller() {
            return called.map(Called::token);
        }
    }

    /** What a call asks for was looked up in the journal, and it must be refused. */
    record TurnedAway(Called called, Problem problem) implements Stimulus {
        @Override
        public Optional<CallToken> caller() {
            return called.caller();
        }
    }

    /**
     * Somebody asked for the run's end.
     *
     * @param inboxId the message that says so
     */
    record Cancel(long inboxId, String reason) implements Stimulus {}
}
