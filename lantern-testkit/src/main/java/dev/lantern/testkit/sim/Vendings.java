package dev.lantern.testkit.sim;

import dev.lantern.agent.wire.GatewayCall;
import dev.lantern.agent.wire.GatewayReply;
import dev.lantern.core.event.EventData;
import dev.lantern.core.event.RunEvent;
import dev.lantern.core.format.EventEnvelope;
import dev.lantern.journal.Event;
import dev.lantern.journal.Journal;
import dev.lantern.journal.RunRow;
import dev.lantern.secrets.SecretMode;
import dev.lantern.secrets.SecretPlace;
import dev.lantern.substrate.InstanceRef;
import dev.lantern.value.RunRef;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Holds what hosts hand out, end and write down against what the journal and the vault hold at that very moment. What it
 * finds it names by lease and place, never by value.
 */
final class Vendings {
    private static final Duration SOON = Duration.ofSeconds(1);

    /** One {@code secret_vended}. */
    private record Grant(int epoch, SecretPlace place, SecretMode mode, String mark) {}

    /** What one run's chain says of its leases, as far as it was read. */
    private static final class Book {
        private final Map<String, List<Grant>> grants = new LinkedHashMap<>();
        private final Set<String> closed = new LinkedHashSet<>();
        /** Which of its grants was the last that an instance was handed a value of, by lease. */
        private final Map<String, Integer> handed = new LinkedHashMap<>();

        private long read;
    }

    private final Oracle oracle;
    private final Defects defects;
    private final Vault vault;
    private final Journal truth;
    private final EventData data;
    private final Map<RunRef, RunPlan> plans;
    private final Map<RunRef, Book> books = new LinkedHashMap<>();
    private final Set<String> told = new LinkedHashSet<>();

    /** @param truth what is stored, whatever stands between */
    Vendings(Oracle oracle, Defects defects, Vault vault, SimSpecs specs, Journal truth, Map<RunRef, RunPlan> plans) {
        this.oracle = oracle;
        this.defects = defects;
        this.vault = vault;
        this.truth = truth;
        this.data = new EventData(specs);
        this.plans = plans;
    }

    // -- what leaves a host ------------------------------------------------------------------------------------

    /** A host has answered; whether the answer arrives is another matter. */
    void answered(String host, GatewayCall call, GatewayReply reply) {
        if (reply instanceof GatewayReply.Vended vended && isJudged(call.run())) {
            handedOver(host, call, vended);
        }
    }

    private void handedOver(String host, GatewayCall call, GatewayReply.Vended vended) {
        Book book = read(call.run());
        String what = host + " hands a value to instance " + call.epoch() + " of " + call.run() + " under lease "
                + vended.lease();
        int newest = truth.find(call.run(), SOON).orElseThrow().epoch();
        if (call.epoch() != newest) {
            defects.found(what + " though the newest is " + newest);
        }
        if (book.closed.contains(vended.lease())) {
            defects.found(what + " though it is closed");
        }
        String value = new String(vended.value().reveal(), StandardCharsets.US_ASCII);
        List<Grant> grants = book.grants.getOrDefault(vended.lease(), List.of());
        int last = -1;
        for (int i = 0; i < grants.size(); i++) {
            if (grants.get(i).epoch() == call.epoch() && isOf(grants.get(i), value)) {
                last = i;
            }
        }
        if (last < 0) {
            defects.found(what + " that no event tells of");
        } else if (last < book.handed.getOrDefault(vended.lease(), 0)) {
            defects.found(what + " that was replaced before");
        } else {
            book.handed.put(vended.lease(), last);
        }
    }

    private boolean isOf(Grant grant, String value) {
        return vault.values(grant.place()).stream()
                .anyMatch(known ->
                        known.mark().equals(grant.mark()) && known.text().equals(value));
    }

    /** A host passes a line on. What nobody can use any more may stand in it: whoever took the run over may not know it. */
    void logged(String host, InstanceRef instance, String line) {
        if (isJudged(instance.run())) {
            shown(instance.run(), line)
                    .filter(vault::isOfUse)
                    .ifPresent(
                            value -> defects.found(host + " passes a line of " + instance + " on that shows " + value));
        }
    }

    // -- what becomes durable ----------------------------------------------------------------------------------

    /** The journal holds more of the run than before. */
    void wrote(RunRef run) {
        if (isJudged(run)) {
            read(run);
        }
    }

    private Book read(RunRef run) {
        Book book = books.computeIfAbsent(run, any -> new Book());
        RunRow row = truth.find(run, SOON).orElseThrow();
        for (Event event : truth.read(row.key(), book.read, Integer.MAX_VALUE, SOON)) {
            EventEnvelope envelope = EventEnvelope.parse(event.bytes());
            take(run, book, envelope, data.read(envelope.kind(), envelope.version(), envelope.data()));
            book.read = event.seq();
        }
        return book;
    }

    private void take(RunRef run, Book book, EventEnvelope envelope, RunEvent event) {
        if (event instanceof RunEvent.SecretVended vended) {
            Grant grant = new Grant(
                    envelope.epoch(),
                    new SecretPlace(
                            vended.secret().tenant().orElseThrow(),
                            vended.secret().key()),
                    vended.mode(),
                    vended.handle().or(vended::version).orElse(""));
            book.grants
                    .computeIfAbsent(vended.lease(), any -> new ArrayList<>())
                    .add(grant);
            vended.handle().ifPresent(told::add);
        } else if (event instanceof RunEvent.LeaseClosed closed) {
            book.closed.add(closed.lease());
            List<Grant> grants = book.grants.getOrDefault(closed.lease(), List.of());
            grants.stream()
                    .filter(grant -> grant.mode() == SecretMode.DYNAMIC && vault.isOpen(grant.mark()))
                    .forEach(grant -> defects.found("lease " + closed.lease() + " of " + run
                            + " is closed in the journal while " + grant.mark() + " is still good at its store"));
        }
    }

    // -- once the world is at rest -----------------------------------------------------------------------------

    /** What no event tells of nobody extends: it ends by itself, within the time that it was made for. */
    void end(Map<RunRef, RunStory> stories) {
        Set<String> standing = new LinkedHashSet<>();
        stories.values().forEach(story -> standing.addAll(story.secretsStanding()));
        for (RunPlan plan : plans.values()) {
            for (SecretPlan secret : plan.secrets()) {
                for (Vault.Value value : vault.values(secret.place(plan.run().tenant()))) {
                    if (value.dynamic() && isJudged(plan.run()) && vault.isOpen(value.mark())) {
                        judgeOpen(plan, value, standing);
                    }
                }
            }
        }
    }

    private void judgeOpen(RunPlan plan, Vault.Value value, Set<String> standing) {
        if (told.contains(value.mark())) {
            if (!standing.contains(value.mark())) {
                defects.found(value.mark() + " of " + plan.run()
                        + " is still good at its store and no terminal event names it");
            }
        } else if (vault.wasRenewed(value.mark())) {
            defects.found(value.mark() + " of " + plan.run() + " was extended, and no event tells of it");
        }
    }

    /** The first value of the run's secrets that a text shows. */
    Optional<Vault.Value> shown(RunRef run, String text) {
        RunPlan plan = plans.get(run);
        if (plan == null) {
            return Optional.empty();
        }
        return plan.secrets().stream()
                .flatMap(secret -> vault.values(secret.place(run.tenant())).stream())
                .filter(value -> value.traces().in(text))
                .findFirst();
    }

    /** What was acknowledged before the journal was put back is unknown to everybody, this class included. */
    private boolean isJudged(RunRef run) {
        RunPlan plan = plans.get(run);
        return plan != null && !plan.secrets().isEmpty() && !oracle.wentBack(run);
    }
}
