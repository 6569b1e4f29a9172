package dev.lantern.k8s;

import dev.lantern.substrate.InstanceEnd;
import java.util.Optional;

/** An instance that is not started, for a reason that is known. Not an error: it ends a start, and is told. */
final class NotStartedException extends Exception {
    private static final long serialVersionUID = 1L;

    private final transient InstanceEnd end;
    private final transient Optional<String> remove;

    private NotStartedException(InstanceEnd end, Optional<String> remove) {
        super(end.describe());
        this.end = end;
        this.remove = remove;
    }

    /** Of which nothing has to be taken away in haste. */
    static NotStartedException because(InstanceEnd end) {
        return new NotStartedException(end, Optional.empty());
    }

    static NotStartedException because(String cause, boolean forGood) {
        return because(new InstanceEnd.StartFailed(cause, forGood));
    }

    /** Whose Job is not what was asked for, or its pod is not: it is deleted before it is told. */
    static NotStartedException removing(String jobUid, InstanceEnd end) {
        return new NotStartedException(end, Optional.of(jobUid));
    }

    /** What is told. */
    InstanceEnd end() {
        return end;
    }

    /** The UID of the Job that must not stand. */
    Optional<String> remove() {
        return remove;
    }
}
