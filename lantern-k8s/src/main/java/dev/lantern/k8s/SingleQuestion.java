package dev.lantern.k8s;

import dev.lantern.gate.Fact;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** One request, and whatever came of it. */
final class SingleQuestion<R> implements Question<R> {
    private final Get get;
    private final BodyReader<R> reader;
    private @Nullable Outcome<R> outcome;

    SingleQuestion(Get get, BodyReader<R> reader) {
        this.get = get;
        this.reader = reader;
    }

    @Override
    public Get first() {
        return get;
    }

    @Override
    public BodyReader<R> reader() {
        return reader;
    }

    @Override
    public Optional<Get> next(Outcome<R> came) {
        outcome = came;
        return Optional.empty();
    }

    /** What came, after the round. */
    Fact<Outcome.Told<R>> fact() {
        Outcome<R> came = came();
        if (came instanceof Outcome.Told<R> told) {
            return Fact.seen(told, get.source(), came.askedAt());
        }
        return Fact.untold(
                came instanceof Outcome.Refused<R> refused ? Why.of(refused, get) : ((Outcome.Lost<R>) came).why(),
                get.source(),
                came.askedAt());
    }

    /** The object of that name, after the round; empty if the API server says that there is none. */
    Fact<Optional<R>> fact(String name) {
        if (came() instanceof Outcome.Refused<R> refused && refused.isMissing(name)) {
            return Fact.seen(Optional.empty(), get.source(), refused.askedAt());
        }
        return Reading.of(fact(), told -> Optional.of(told.body()));
    }

    private Outcome<R> came() {
        if (outcome == null) {
            throw new IllegalStateException("not asked yet: " + get);
        }
        return outcome;
    }
}
