package dev.lantern.k8s;

import dev.lantern.gate.Fact;
import java.time.Instant;

/** Two things that were found out for one purpose. */
record Both<A, B>(A first, B second) {

    /** Told if both are; then of both sources, and as old as the older one. */
    static <A, B> Fact<Both<A, B>> of(Fact<A> first, Fact<B> second) {
        if (first instanceof Fact.Untold<A> untold) {
            return Fact.untold(untold.why(), untold.source(), untold.at());
        }
        if (second instanceof Fact.Untold<B> untold) {
            return Fact.untold(untold.why(), untold.source(), untold.at());
        }
        Instant older = first.at().isBefore(second.at()) ? first.at() : second.at();
        return Fact.seen(
                new Both<>(((Fact.Seen<A>) first).value(), ((Fact.Seen<B>) second).value()),
                first.source() + ", " + second.source(),
                older);
    }
}
