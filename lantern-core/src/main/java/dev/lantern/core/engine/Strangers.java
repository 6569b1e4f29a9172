package dev.lantern.core.engine;

/** What the operator is told of callers that proved nothing; on the wire they all get the same answer. */
final class Strangers {
    /** The one answer: whether the run, the instance or the proof is wrong is nobody's business. */
    static final String ANSWER = "no such instance";

    /** Nothing that was shown makes the caller the instance that it says it is. */
    static final String PROOF = "proof-of-nobody";
    /** The platform knows no instance with this credential. */
    static final String CREDENTIAL = "credential-of-nobody";
    /** After it has enrolled, an instance proves itself with its key alone. */
    static final String NO_CERTIFICATE = "credential-instead-of-certificate";
    /** No journal of this host knows the run. */
    static final String RUN = "run-unknown";

    private Strangers() {}
}
