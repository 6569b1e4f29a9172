package dev.lantern.core.engine;

import dev.lantern.agent.wire.Credentials;
import dev.lantern.agent.wire.GatewayCall;
import dev.lantern.agent.wire.GatewayReply;
import dev.lantern.core.gate.Earlier;
import dev.lantern.gate.Placement;
import dev.lantern.secrets.IssuedSecret;
import dev.lantern.secrets.SecretPlace;
import dev.lantern.substrate.Verified;
import dev.lantern.value.Digest;
import java.time.Duration;
import java.util.Optional;

/** What is to be done once the events before it are durable, and not earlier. */
sealed interface Act {

    /** Who waits for an answer that this act brings, sooner or later. */
    default Optional<CallToken> caller() {
        return Optional.empty();
    }

    /** Answers a call. */
    record Reply(CallToken token, GatewayReply reply) implements Act {
        @Override
        public Optional<CallToken> caller() {
            return Optional.of(token);
        }
    }

    /** Answers a call with the head that is durable by then. */
    record Accept(CallToken token) implements Act {
        @Override
        public Optional<CallToken> caller() {
            return Optional.of(token);
        }
    }

    /**
     * Answers an enrolment with the resume document.
     *
     * @param protocol the version that is spoken from now on
     * @param credentials what the instance proves itself with from now on
     */
    record Resume(CallToken token, int protocol, Optional<Credentials> credentials) implements Act {
        @Override
        public Optional<CallToken> caller() {
            return Optional.of(token);
        }
    }

    /**
     * Has an instance's key certified, and takes the call again.
     *
     * @param compared what the platform has said once more, if it was asked; goes along
     */
    record Certify(Stimulus.Called called, CredentialIssuer.Subject subject, Optional<Verified> compared)
            implements Act {
        @Override
        public Optional<CallToken> caller() {
            return Optional.of(called.token());
        }
    }

    /** Asks the secret store for a value, and takes the call again. */
    record IssueSecret(Stimulus.Called called, String lease, SecretPlace place, Duration ttl) implements Act {
        @Override
        public Optional<CallToken> caller() {
            return Optional.of(called.token());
        }
    }

    /** Asks the secret store for more time under a dynamic lease, and takes the call again. */
    record RenewSecret(Stimulus.Called called, Lease lease, Duration ttl) implements Act {
        @Override
        public Optional<CallToken> caller() {
            return Optional.of(called.token());
        }
    }

    /** Answers with a value that the store has just handed out. */
    record HandOver(Stimulus.Called called, Lease lease, IssuedSecret secret) implements Act {
        @Override
        public Optional<CallToken> caller() {
            return Optional.of(called.token());
        }
    }

    /** Answers with the value of an open lease, if this host holds it. */
    record HandOverAgain(Stimulus.Called called, Lease lease) implements Act {
        @Override
        public Optional<CallToken> caller() {
            return Optional.of(called.token());
        }
    }

    /** Gives a value back that nobody was given. */
    record DropSecret(SecretPlace place, IssuedSecret secret) implements Act {}

    /** Asks the secret store to end a dynamic secret. */
    record RevokeSecret(Lease lease, String how) implements Act {}

    /** Answers the begin of a completed step from the event at {@code seq}, if the input is the same. */
    record Replay(Stimulus.Called called, GatewayCall.Begin call, long seq) implements Act {
        @Override
        public Optional<CallToken> caller() {
            return Optional.of(called.token());
        }
    }

    /** Compares the input of a begin with that of the durable begin at {@code seq}, and takes the call again. */
    record CompareInput(Stimulus.Called called, GatewayCall.Begin call, long seq) implements Act {
        @Override
        public Optional<CallToken> caller() {
            return Optional.of(called.token());
        }
    }

    /**
     * Looks for the event that a call says was acknowledged, and takes the call again.
     *
     * @param seq its place
     * @param hash the chain's hash there
     */
    record FindHead(Stimulus.Called called, long seq, Optional<Digest> hash) implements Act {
        @Override
        public Optional<CallToken> caller() {
            return Optional.of(called.token());
        }

        static FindHead of(Stimulus.Called called) {
            if (called.call() instanceof GatewayCall.Begin begin) {
                return new FindHead(called, begin.seq(), begin.hash());
            }
            GatewayCall.Heartbeat heartbeat = (GatewayCall.Heartbeat) called.call();
            return new FindHead(called, heartbeat.seq(), heartbeat.hash());
        }
    }

    /** Asks the platform once more about the instance that calls to enrol, and takes the call again. */
    record CompareOnceMore(Stimulus.Called called) implements Act {
        @Override
        public Optional<CallToken> caller() {
            return Optional.of(called.token());
        }
    }

    /**
     * Tells the operator of a refusal that no event tells of: the caller proved nothing, or the chain is sealed.
     *
     * @param reason a code, see {@link Strangers}
     */
    record TellOperator(String reason, int epoch, String detail) implements Act {}

    /** Asks the gate about the next instance. */
    record AskGate(Earlier earlier) implements Act {}

    /**
     * Starts the instance.
     *
     * @param secret goes to its harness and nowhere else
     * @param placement all that the gate's decision on this instance says
     * @param useBy until when that decision may be acted upon
     */
    record Start(int epoch, byte[] secret, Placement placement, UseBy useBy) implements Act {
        @Override
        public String toString() {
            return "Start[" + epoch + "]";
        }
    }

    /** Asks the substrate which checkpoints the instance has passed; what it says was perhaps told before. */
    record AskCheckpoints(int epoch) implements Act {}

    /** Stops what stands of an epoch. */
    record Stop(int epoch, Duration grace) implements Act {}

    /** Removes an inbox message that has become an event. */
    record Discard(long inboxId) implements Act {}
}
