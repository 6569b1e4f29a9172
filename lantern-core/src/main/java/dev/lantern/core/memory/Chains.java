package dev.lantern.core.memory;

import dev.lantern.journal.Append;
import dev.lantern.journal.AppendResult;
import dev.lantern.journal.Create;
import dev.lantern.journal.CreateResult;
import dev.lantern.journal.Disposal;
import dev.lantern.journal.DisposalResult;
import dev.lantern.journal.ListedRun;
import dev.lantern.journal.RunPlace;
import dev.lantern.run.RunQuery;
import dev.lantern.value.RunRef;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;

/** All runs, by name and by key; the open ones apart, so that looking for owners does not walk the closed ones. */
final class Chains {
    private final Map<RunRef, Chain> byName = new LinkedHashMap<>();
    private final TreeMap<Long, Chain> byKey = new TreeMap<>();
    private final TreeMap<Long, Chain> open = new TreeMap<>();
    private final TreeMap<RunPlace, Chain> byPlace = new TreeMap<>();

    CreateResult create(Create create) {
        Chain found = byName.get(create.run());
        if (found != null) {
            return found.holds(create.after())
                    ? new CreateResult.Created(found.row())
                    : new CreateResult.Exists(found.row());
        }
        return new CreateResult.Created(add(create).row());
    }

    AppendResult append(Append append) {
        Chain chain = byKey.get(append.key());
        if (chain == null) {
            return new AppendResult.Unknown();
        }
        AppendResult result = chain.append(append);
        if (chain.closed()) {
            open.remove(append.key());
        }
        return result;
    }

    Optional<Chain> named(RunRef run) {
        return Optional.ofNullable(byName.get(run));
    }

    Optional<Chain> at(long key) {
        return Optional.ofNullable(byKey.get(key));
    }

    /** In the order of their keys, oldest first. Taking one over while walking is allowed. */
    Stream<Chain> open() {
        return open.values().stream();
    }

    Stream<Chain> behind(long key) {
        return byKey.tailMap(key, false).values().stream();
    }

    List<ListedRun> list(RunQuery query, Optional<RunPlace> behind) {
        NavigableMap<RunPlace, Chain> ordered =
                query.order() == RunQuery.Order.OLDEST_FIRST ? byPlace : byPlace.descendingMap();
        return behind.map(place -> ordered.tailMap(place, false)).orElse(ordered).values().stream()
                .filter(chain -> chain.isChosenBy(query))
                .limit(query.limit())
                .map(Chain::listed)
                .toList();
    }

    DisposalResult dispose(Disposal disposal, Instant now) {
        Chain chain = byKey.get(disposal.key());
        return chain == null ? new DisposalResult.Unknown() : chain.dispose(disposal, now);
    }

    boolean ownedBy(long key, long host) {
        return at(key).filter(chain -> chain.isOwnedBy(host)).isPresent();
    }

    private Chain add(Create create) {
        long key = byKey.size() + 1L;
        Chain chain = new Chain(key, create);
        byName.put(create.run(), chain);
        byKey.put(key, chain);
        open.put(key, chain);
        byPlace.put(chain.listed().place(), chain);
        return chain;
    }
}
