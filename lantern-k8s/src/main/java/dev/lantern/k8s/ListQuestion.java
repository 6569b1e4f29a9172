package dev.lantern.k8s;

import dev.lantern.gate.Fact;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * A list, part by part. It is complete when every part came and all are of one and the same list; anything less is not
 * told. A list that was forgotten while it was read is read once more from its beginning.
 */
final class ListQuestion<T> implements Question<Page<T>> {
    private static final String PART = "500";
    private static final int EXPIRED = 410;

    private final Get get;
    private final PageReader<T> reader;
    private final List<T> found = new ArrayList<>();
    private final TreeSet<String> names = new TreeSet<>();
    private @Nullable Page<T> previous;
    private @Nullable Instant askedAt;
    private boolean again;
    private @Nullable Fact<List<T>> fact;

    ListQuestion(Get get, PageReader<T> reader) {
        this.get = get.with("limit", PART);
        this.reader = reader;
    }

    @Override
    public Get first() {
        return get;
    }

    @Override
    public BodyReader<Page<T>> reader() {
        return reader;
    }

    @Override
    public Optional<Get> next(Outcome<Page<T>> outcome) {
        Instant since = askedAt == null ? outcome.askedAt() : askedAt;
        askedAt = since;
        if (outcome instanceof Outcome.Told<Page<T>> told) {
            return added(told.body(), since);
        }
        if (outcome instanceof Outcome.Refused<Page<T>> refused) {
            return refused(refused, since);
        }
        return untold(((Outcome.Lost<Page<T>>) outcome).why(), since);
    }

    /** What was found, after the round. */
    Fact<List<T>> fact() {
        if (fact == null) {
            throw new IllegalStateException("not asked yet: " + get);
        }
        return fact;
    }

    private Optional<Get> added(Page<T> page, Instant since) {
        if (previous != null && !previous.version().equals(page.version())) {
            return untold(
                    "the parts of the list are of two versions, " + previous.version() + " and " + page.version()
                            + ", which no API server gives; see what stands between it and this host",
                    since);
        }
        if (previous != null && page.items().isEmpty()) {
            return untold("a part of the list is empty, so it may never end; see what answers there", since);
        }
        for (Page.Item<T> item : page.items()) {
            if (!names.add(item.name())) {
                return untold("the list has " + item.name() + " twice; see what answers there", since);
            }
            found.add(item.value());
        }
        if (page.next().isEmpty()) {
            fact = Fact.seen(List.copyOf(found), get.source(), since);
            return Optional.empty();
        }
        previous = page;
        return Optional.of(get.with("continue", page.next()));
    }

    private Optional<Get> refused(Outcome.Refused<Page<T>> refused, Instant since) {
        if (refused.code() != EXPIRED || previous == null) {
            return untold(Why.of(refused, get), since);
        }
        if (again) {
            return untold(
                    "the API server forgot the list while it was read, twice; see whether etcd is compacted too often, or"
                            + " the API server is too slow",
                    since);
        }
        again = true;
        previous = null;
        askedAt = null;
        found.clear();
        names.clear();
        return Optional.of(get);
    }

    private Optional<Get> untold(String why, Instant since) {
        fact = Fact.untold(why, get.source(), since);
        return Optional.empty();
    }
}
