package dev.lantern.k8s;

import dev.lantern.gate.Fact;

/** Makes something of what was read, if it is what it has to be. */
@FunctionalInterface
interface Reading<A, B> {

    B of(A read) throws UnreadableException;

    /** The same fact about something else; untold if it cannot be made. */
    static <A, B> Fact<B> of(Fact<A> fact, Reading<A, B> reading) {
        return of(fact, fact.source(), reading);
    }

    /** The same, with a shorter name for its several sources. What is untold keeps the one that did not tell. */
    static <A, B> Fact<B> of(Fact<A> fact, String source, Reading<A, B> reading) {
        if (fact instanceof Fact.Untold<A> untold) {
            return Fact.untold(untold.why(), untold.source(), untold.at());
        }
        try {
            return Fact.seen(reading.of(((Fact.Seen<A>) fact).value()), source, fact.at());
        } catch (UnreadableException e) {
            return Fact.untold(Why.unreadable(e.getMessage()), fact.source(), fact.at());
        }
    }
}
