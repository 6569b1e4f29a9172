package dev.lantern.core.gate;

import dev.lantern.gate.HandlerKind;
import dev.lantern.gate.IsolationPolicy;
import dev.lantern.spec.Isolation;
import java.util.Arrays;
import java.util.Optional;

/**
 * How strongly an instance is kept apart: the class that it runs under, and what stands around it.
 *
 * <p>Neither may get weaker from one instance of a run to the next. {@code trusted}, {@code standard}, {@code untrusted}
 * and {@code hostile} are stronger one by one; {@code wasm} and {@code devcontainer} stand beside them, and each compares
 * with itself only. A boundary is no weaker than another if it satisfies every class that the other one satisfies, by the
 * gate's own table and with everything excused that can be: so a plain process, runc, gVisor and Kata are stronger one by
 * one, and a wasm runtime stands beside them. What cannot be compared counts as weaker.
 *
 * @param isolation the class
 * @param handler the boundary
 */
public record Strength(Isolation isolation, HandlerKind handler) {
    private static final IsolationPolicy EVERYTHING_EXCUSED =
            IsolationPolicy.safeDefaults().standardWithoutBoundary();

    /** The stronger one of two classes; empty if they cannot be compared. */
    static Optional<Isolation> stronger(Isolation one, Isolation other) {
        if (one == other) {
            return Optional.of(one);
        }
        return isRung(one) && isRung(other) ? Optional.of(one.compareTo(other) > 0 ? one : other) : Optional.empty();
    }

    private static boolean isRung(Isolation isolation) {
        return isolation.compareTo(Isolation.HOSTILE) <= 0;
    }

    /** Whether a boundary of this kind is no weaker than this one. */
    boolean isMetBy(HandlerKind kind) {
        return Arrays.stream(Isolation.values())
                .map(isolation -> Demands.kinds(isolation, EVERYTHING_EXCUSED))
                .allMatch(kinds -> !kinds.contains(handler) || kinds.contains(kind));
    }

    /** Such as {@code untrusted on gVisor}. */
    String text() {
        return isolation.text() + " on " + handler.text();
    }
}
