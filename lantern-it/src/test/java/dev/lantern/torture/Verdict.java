package dev.lantern.torture;

import dev.lantern.core.event.EventData;
import dev.lantern.core.event.SpecForms;
import dev.lantern.core.format.ChainVerifier;
import dev.lantern.core.format.EventEnvelope;
import dev.lantern.core.identity.StrictSignatures;
import dev.lantern.journal.Event;
import dev.lantern.journal.Journal;
import dev.lantern.journal.RunRow;
import dev.lantern.run.ChainVerdict;
import dev.lantern.spec.AgentSpec;
import dev.lantern.spec.SpecReader;
import dev.lantern.value.LanternException;
import dev.lantern.value.RunRef;
import dev.lantern.value.internal.Json;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Reads the whole journal when all is over, and holds it against what was promised and asked. */
final class Verdict {
    private static final Duration WITHIN = Duration.ofSeconds(30);
    private static final int PAGE = 500;

    private final Journal truth;
    private final Ledger ledger;
    private final Oracle oracle;
    private final long seed;
    private final EventData data = new EventData(new OneSpec());
    private final StrictSignatures signatures = new StrictSignatures();
    private final Map<RunRef, List<Event>> chains = new LinkedHashMap<>();
    private final Set<String> standing = new LinkedHashSet<>();
    private int events;
    private int moves;
    private int epochs;

    Verdict(Journal truth, Ledger ledger, Oracle oracle, long seed) {
        this.truth = truth;
        this.ledger = ledger;
        this.oracle = oracle;
        this.seed = seed;
    }

    int events() {
        return events;
    }

    /** How often runs changed hands. */
    int moves() {
        return moves;
    }

    /** How many instances the runs had. */
    int instances() {
        return epochs;
    }

    void judge() {
        for (RunRef run : oracle.spawned()) {
            Optional<RunRow> row = truth.find(run, WITHIN);
            if (row.isPresent()) {
                judge(row.get());
            } else {
                oracle.defect("run " + run + " was promised to its spawner and does not exist");
            }
        }
        oracle.promises().forEach(this::kept);
        ledger.acknowledged().stream()
                .filter(hash -> !standing.contains(hash))
                .forEach(hash -> oracle.defect("an event that a host was told is durable is lost: " + hash));
    }

    private void judge(RunRow row) {
        List<Event> chain = read(row);
        chains.put(row.run(), chain);
        ChainVerifier verifier = ChainVerifier.endingAt(row.run(), row.head());
        chain.forEach(verifier::add);
        if (verifier.verdict() instanceof ChainVerdict.Broken broken) {
            oracle.defect("the chain of " + row.run() + " does not verify: " + broken);
            return;
        }
        RunHistory history = new RunHistory(row, Plan.of(seed, row.run()), truth, ledger, oracle, signatures);
        for (Event event : chain) {
            standing.add(event.hash().hex());
            try {
                EventEnvelope envelope = EventEnvelope.parse(event.bytes());
                history.add(event, envelope, data.read(envelope.kind(), envelope.version(), envelope.data()));
            } catch (LanternException e) {
                oracle.defect("event " + event.seq() + " of " + row.run() + " cannot be read: " + e.getMessage());
            }
        }
        history.end();
        events += chain.size();
        moves += history.moves();
        epochs += history.epochs();
    }

    private List<Event> read(RunRow row) {
        List<Event> chain = new ArrayList<>();
        List<Event> page;
        do {
            page = truth.read(row.key(), chain.size(), PAGE, WITHIN);
            chain.addAll(page);
        } while (page.size() == PAGE);
        return chain;
    }

    private void kept(Oracle.Promise promise) {
        List<Event> chain = chains.getOrDefault(promise.run(), List.of());
        boolean stands = promise.seq() <= chain.size()
                && chain.get((int) promise.seq() - 1).hash().equals(promise.hash());
        if (!stands) {
            oracle.defect("event " + promise.seq() + " of " + promise.run() + " was acknowledged (" + promise.what()
                    + ") and is lost");
        }
    }

    /** All runs have one spec; that it was journaled as it is, is looked at as well. */
    private static final class OneSpec implements SpecForms {
        private final AgentSpec spec = Plan.spec();

        @Override
        public Json.Obj canonical(AgentSpec other) {
            throw new UnsupportedOperationException("nothing is written here");
        }

        @Override
        public AgentSpec spec(Json.Obj canonical) {
            AgentSpec read = SpecReader.installed().parse("journaled spec", canonical.bytes());
            if (!read.digest().equals(spec.digest())) {
                throw new LanternException("a run was journaled with another spec than was spawned");
            }
            return spec;
        }
    }
}
