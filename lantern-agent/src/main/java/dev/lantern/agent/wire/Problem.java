package dev.lantern.agent.wire;

import java.util.Optional;

/**
 * Why a call was refused (RFC 9457 on the wire).
 *
 * @param code what a program acts on
 * @param detail what a person reads; no payload, no secret, nothing about other runs
 * @param owner where the run's owner is reached, for {@link Code#NOT_OWNER} where it is known
 */
public record Problem(Code code, String detail, Optional<String> owner) {

    public static Problem of(Code code, String detail) {
        return new Problem(code, detail, Optional.empty());
    }

    /** Codes with the HTTP status that carries them. */
    public enum Code {
        /** The call is malformed or breaks a rule of the protocol. */
        INVALID(400, false),
        /** No such run, or the caller proved nothing: the two look the same. */
        UNKNOWN_INSTANCE(404, false),
        /** A newer instance has taken over. The caller is a zombie and must end. */
        STALE_EPOCH(410, false),
        /** The run's outcome is decided. */
        RUN_ENDED(410, false),
        /** Another key has enrolled under this epoch. */
        ALREADY_ENROLLED(409, false),
        /** No protocol version is spoken by both. */
        PROTOCOL(426, false),
        /** The same step was begun with another input. */
        DIVERGED(409, false),
        /** The same step was completed with other content. */
        CONFLICT(409, false),
        /** The step is in doubt and must be resolved first. */
        STEP_IN_DOUBT(409, false),
        /** A limit of the run is reached. Not 429: HTTP clients repeat that, and repeating does not help. */
        LIMIT_EXCEEDED(403, false),
        /** The signature does not verify under the enrolled key. */
        BAD_SIGNATURE(403, false),
        /** The run has no secret of this name that it may have: absent, foreign and forbidden ones look the same. */
        SECRET_REFUSED(403, false),
        /** The lease is not open, or not this instance's. Ask for the secret anew. */
        LEASE_CLOSED(409, false),
        /** The harness has seen a head that this journal does not have. */
        JOURNAL_REGRESSED(409, false),
        /** A step of this name is open already, or the harness waits for its acknowledgement. Said by the harness alone. */
        STEP_OPEN(409, false),
        /** No step of this name is open in this instance. Said by the harness alone. */
        NO_OPEN_STEP(409, false),
        /** The instance is being stopped and begins nothing new. Said by the harness alone. */
        DRAINING(410, false),
        /** The instance has not enrolled yet. Said by the harness alone. */
        NOT_ENROLLED(503, false),
        /** Another host owns the run: repeat there. */
        NOT_OWNER(421, true),
        /** The owner cannot answer now: repeat. */
        UNAVAILABLE(503, true);

        private final int status;
        private final boolean repeatable;

        Code(int status, boolean repeatable) {
            this.status = status;
            this.repeatable = repeatable;
        }

        public int status() {
            return status;
        }

        /** Whether the same call may succeed later or elsewhere. */
        public boolean repeatable() {
            return repeatable;
        }

        /** Whether the instance can do nothing more after this: its run is over or belongs to another. */
        public boolean endsInstance() {
            return switch (this) {
                case STALE_EPOCH, RUN_ENDED, UNKNOWN_INSTANCE, ALREADY_ENROLLED, PROTOCOL, JOURNAL_REGRESSED -> true;
                default -> false;
            };
        }

        /** The name on the wire, such as {@code stale-epoch}. */
        public String wireName() {
            return name().toLowerCase(java.util.Locale.ROOT).replace('_', '-');
        }
    }
}
