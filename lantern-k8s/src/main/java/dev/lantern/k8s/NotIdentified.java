package dev.lantern.k8s;

/** Why a credential is nobody's. The message is for the operator's log: it quotes names, never the credential. */
final class NotIdentified extends Exception {
    private static final long serialVersionUID = 1;

    private final Reason reason;

    /** The causes that are told apart in the log; the caller is told none of them. */
    enum Reason {
        /** Empty, or larger than any token. */
        SIZE,
        /** Not three parts of canonical base64url, each of which is what it has to be. */
        FORM,
        /** The header says more than algorithm, key and type. */
        HEADER,
        /** Neither RS256 nor ES256, or not the one of the key. */
        ALGORITHM,
        /** The cluster has no such key. */
        KEY,
        /** The cluster's keys cannot be read. */
        KEYS_UNREADABLE,
        /** Not signed with that key. */
        SIGNATURE,
        /** The API server does not say that it is a token of its own. */
        REVIEW,
        /** The API server did not answer what it thinks of it. */
        REVIEW_UNANSWERED,
        /** Of another issuer. */
        ISSUER,
        /** For somebody else, or not for us alone. */
        AUDIENCE,
        /** A time that is missing or no whole number, or a longer life than any enrolment token has. */
        TIMES,
        /** Its time is over. */
        EXPIRED,
        /** Its time has not come. */
        NOT_YET,
        /** Not bound to a pod on a node. */
        UNBOUND,
        /** Of another service account than the agents'. */
        ACCOUNT,
        /** There is no such pod. */
        POD_GONE,
        /** There is a pod of that name, and it is another one. */
        POD_OTHER,
        /** The pod is being deleted. */
        POD_DELETED,
        /** The pod runs on another node. */
        NODE,
        /** The pod is none of this installation's instances. */
        FOREIGN,
        /** The pod cannot be read. */
        POD_UNREADABLE
    }

    NotIdentified(Reason reason, String message) {
        // Made for whoever knocks, and kept: where it was made is of no interest.
        super(message, null, false, false);
        this.reason = reason;
    }

    Reason reason() {
        return reason;
    }
}
