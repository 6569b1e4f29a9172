package dev.lantern.torture;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lantern.Lantern;
import dev.lantern.LanternRuntime;
import dev.lantern.agent.wire.GatewayReply;
import dev.lantern.core.format.Chain;
import dev.lantern.core.format.EventEnvelope;
import dev.lantern.core.memory.InMemoryJournal;
import dev.lantern.journal.Event;
import dev.lantern.journal.Head;
import dev.lantern.journal.Journal;
import dev.lantern.journal.RunRow;
import dev.lantern.run.AgentRun;
import dev.lantern.testkit.sim.ForwardingJournal;
import dev.lantern.value.Digest;
import dev.lantern.value.Payload;
import dev.lantern.value.RunRef;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.TimeUnit;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The referee of the torture sees what it is there to see: an honest history passes, each forged one does not. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class RefereeTest {
    private static final long SEED = 7;
    private static final Duration WITHIN = Duration.ofSeconds(30);

    private final Plan plan = impatientPlan();
    private final RunRef run = plan.run();
    private final Oracle honest = new Oracle();
    private final InMemoryJournal journal = new InMemoryJournal(java.time.InstantSource.system(), "a test");

    @TempDir
    static Path directory;

    private RunRow row;
    private List<Event> chain = List.of();
    private List<String> ledger = List.of();

    private static Plan impatientPlan() {
        for (int number = 1; ; number++) {
            Plan plan = Plan.of(SEED, number);
            boolean small = plan.steps().stream().allMatch(step -> step.padding() == 0);
            if (!plan.patient() && plan.steps().size() == 2 && small) {
                return plan;
            }
        }
    }

    @BeforeAll
    void carry_one_run_to_its_end() throws Exception {
        Path file = directory.resolve("host.ledger");
        try (Cluster cluster = new Cluster(SEED, honest)) {
            ClusterSubstrate substrate = new ClusterSubstrate(cluster);
            LedgerJournal noted = new LedgerJournal(journal, file);
            try (LanternRuntime runtime =
                    Lantern.runtime().journal(noted).substrate(substrate).start()) {
                cluster.arrived(
                        new RemoteCluster.Arrival("host", noted.incarnation(), substrate.address()),
                        new TortureHost(runtime, substrate, Optional.empty()));
                AgentRun spawned = Lantern.spawn(Plan.spec())
                        .tenant(run.tenant())
                        .runId(run.run())
                        .input(Payload.of("text/plain", Plan.input(run).getBytes(StandardCharsets.UTF_8)))
                        .on(runtime);
                spawned.onEnd().get(2, TimeUnit.MINUTES);
                row = journal.find(run, WITHIN).orElseThrow();
                chain = journal.read(row.key(), 0, 1_000, WITHIN);
            }
        }
        ledger = Files.readAllLines(file);
        assertThat(honest.defects()).isEmpty();
    }

    @Test
    void an_honest_history_passes() throws IOException {
        assertThat(judged(row, chain, ledger, heard())).isEmpty();
    }

    // -- forged journals -------------------------------------------------------------------------------------

    enum Forgery {
        TAIL_CUT("does not verify", false, events -> events.subList(0, events.size() - 1)),
        MIDDLE_LEFT_OUT("does not verify", false, events -> without(events, events.size() / 2)),
        ANOTHER_HISTORY(
                "was acknowledged (output) and is lost",
                true,
                events -> rechained(events, envelopes -> envelopes.remove(at(envelopes, "step_completed")))),
        STEP_MISSING(
                "succeeded without step",
                true,
                events -> rechained(events, envelopes -> envelopes.remove(at(envelopes, "step_completed")))),
        STEP_TWICE(
                "a second time",
                true,
                events -> rechained(
                        events,
                        envelopes -> envelopes.add(
                                at(envelopes, "step_completed"), envelopes.get(at(envelopes, "step_completed"))))),
        STEP_AFTER_THE_OUTCOME(
                "after the outcome was decided",
                true,
                events -> rechained(
                        events,
                        envelopes -> envelopes.add(
                                at(envelopes, "result_ready"), envelopes.remove(at(envelopes, "step_completed"))))),
        OUTCOME_TWICE(
                "decides an outcome that was decided before",
                true,
                events -> rechained(
                        events,
                        envelopes -> envelopes.add(
                                at(envelopes, "result_ready"), envelopes.get(at(envelopes, "result_ready"))))),
        MORE_AFTER_THE_END(
                "follows a terminal event",
                true,
                events -> rechained(events, envelopes -> envelopes.add(envelopes.get(envelopes.size() - 1)))),
        EPOCH_AHEAD(
                "bears epoch",
                true,
                events -> rechained(events, envelopes -> envelopes.replaceAll(Forgery::inEpochTwo))),
        SECOND_KEY(
                "enrols a second key",
                true,
                events -> rechained(
                        events,
                        envelopes -> envelopes.add(
                                at(envelopes, "instance_enrolled"),
                                envelopes.get(at(envelopes, "instance_enrolled")))));

        private final String complaint;
        private final boolean hidden;
        private final UnaryOperator<List<Event>> forge;

        /** @param hidden whether hashes and head were made to fit, as whoever owns the database can do */
        Forgery(String complaint, boolean hidden, UnaryOperator<List<Event>> forge) {
            this.complaint = complaint;
            this.hidden = hidden;
            this.forge = forge;
        }

        private record Placed(EventEnvelope envelope, Optional<Event.Erasable> erasable) {}

        private interface Edit {
            void make(List<Placed> envelopes);
        }

        private static List<Event> without(List<Event> events, int index) {
            List<Event> rest = new ArrayList<>(events);
            rest.remove(index);
            return rest;
        }

        private static int at(List<Placed> envelopes, String kind) {
            for (int i = 0; i < envelopes.size(); i++) {
                if (envelopes.get(i).envelope().kind().equals(kind)) {
                    return i;
                }
            }
            throw new AssertionError("the history has no " + kind);
        }

        private static Placed inEpochTwo(Placed placed) {
            EventEnvelope old = placed.envelope();
            return new Placed(
                    new EventEnvelope(old.version(), old.kind(), old.run(), old.seq(), 2, old.time(), old.data()),
                    placed.erasable());
        }

        private static List<Event> rechained(List<Event> events, Edit edit) {
            List<Placed> placed = new ArrayList<>();
            events.forEach(event -> placed.add(new Placed(EventEnvelope.parse(event.bytes()), event.erasable())));
            edit.make(placed);
            List<Event> forged = new ArrayList<>();
            Head head = Chain.genesis(placed.get(0).envelope().run());
            for (Placed one : placed) {
                EventEnvelope old = one.envelope();
                byte[] bytes = new EventEnvelope(
                                old.version(),
                                old.kind(),
                                old.run(),
                                head.seq() + 1,
                                old.epoch(),
                                old.time(),
                                old.data())
                        .bytes();
                head = Chain.append(head, bytes);
                forged.add(new Event(head.seq(), bytes, head.hash(), one.erasable()));
            }
            return forged;
        }
    }

    @ParameterizedTest
    @EnumSource
    void a_forged_journal_is_found(Forgery forgery) throws IOException {
        List<Event> forged = forgery.forge.apply(chain);
        List<String> asked = new ArrayList<>(ledger);
        forged.forEach(event -> asked.add("asked " + event.hash().hex() + " " + owner() + " " + 1));
        Event last = forged.get(forged.size() - 1);
        RunRow shown = forgery.hidden ? withHead(row, new Head(last.seq(), last.hash())) : row;

        assertThat(judged(shown, forged, asked, heard())).anyMatch(defect -> defect.contains(forgery.complaint));
    }

    private static RunRow withHead(RunRow row, Head head) {
        return new RunRow(row.run(), row.key(), row.host(), row.epoch(), head, row.status());
    }

    @Test
    void a_run_that_still_has_an_owner_is_found() throws IOException {
        RunRow owned = new RunRow(run, row.key(), OptionalLong.of(1), row.epoch(), row.head(), row.status());

        assertThat(judged(owned, chain, ledger, heard())).anyMatch(defect -> defect.contains("has not ended"));
    }

    @Test
    void a_run_that_is_gone_is_found() throws IOException {
        Oracle oracle = heard();
        oracle.spawned(new RunRef("acme", "run-99"));

        assertThat(judged(row, chain, ledger, oracle)).anyMatch(defect -> defect.contains("does not exist"));
    }

    // -- forged ledgers --------------------------------------------------------------------------------------

    @Test
    void an_event_of_a_former_owner_is_found() throws IOException {
        List<String> other = ledger.stream()
                .map(line -> line.startsWith("asked " + lastHash()) ? "asked " + lastHash() + " 4711 1" : line)
                .toList();

        assertThat(judged(row, chain, other, heard()))
                .anyMatch(defect -> defect.contains("was written by host 4711 though " + owner() + " owned the run"));
    }

    @Test
    void an_event_behind_a_stale_epoch_is_found() throws IOException {
        List<String> other = ledger.stream()
                .map(line ->
                        line.startsWith("asked " + lastHash()) ? "asked " + lastHash() + " " + owner() + " 7" : line)
                .toList();

        assertThat(judged(row, chain, other, heard())).anyMatch(defect -> defect.contains("was fenced by epoch 7"));
    }

    @Test
    void an_event_that_nobody_asked_for_is_found() throws IOException {
        List<String> less = ledger.stream()
                .filter(line -> !line.startsWith("asked " + lastHash()))
                .toList();

        assertThat(judged(row, chain, less, heard())).anyMatch(defect -> defect.contains("no host asked for it"));
    }

    @Test
    void an_event_that_a_host_was_told_of_and_that_is_lost_is_found() throws IOException {
        List<String> more = new ArrayList<>(ledger);
        more.add("acknowledged " + "ab".repeat(32));

        assertThat(judged(row, chain, more, heard())).anyMatch(defect -> defect.contains("is durable is lost"));
    }

    // -- what instances and users heard ----------------------------------------------------------------------

    @Test
    void a_promise_to_an_instance_that_is_not_kept_is_found() throws IOException {
        Oracle oracle = heard();
        oracle.accepted(run, new GatewayReply.Accepted(3, Digest.ofHex("ab".repeat(32))), "a step");

        assertThat(judged(row, chain, ledger, oracle))
                .anyMatch(defect -> defect.contains("event 3 of " + run + " was acknowledged (a step) and is lost"));
    }

    @Test
    void another_result_than_was_told_is_found() throws IOException {
        Oracle oracle = new Oracle();
        oracle.spawned(run);
        oracle.completed(run, "step-1", 1, new byte[] {1});

        assertThat(judged(row, chain, ledger, oracle)).anyMatch(defect -> defect.contains("holds another result"));
    }

    @Test
    void another_output_than_was_accepted_is_found() throws IOException {
        Oracle oracle = new Oracle();
        oracle.spawned(run);
        oracle.delivered(run, new byte[] {1});

        assertThat(judged(row, chain, ledger, oracle)).anyMatch(defect -> defect.contains("holds another output"));
    }

    @Test
    void a_result_that_changes_is_found_at_once() {
        Oracle oracle = heard();
        oracle.recorded(run, "step-1", new byte[] {1});

        assertThat(oracle.defects()).containsExactly("the result of step step-1 of " + run + " has changed");
    }

    @Test
    void a_completed_step_that_may_run_again_is_found_at_once() {
        Oracle oracle = heard();
        oracle.mayRun(run, "step-1", 2, "key");

        assertThat(oracle.defects())
                .containsExactly("step step-1 of " + run
                        + " may run in epoch 2 though its completion was acknowledged in epoch 1");
    }

    @Test
    void an_effect_that_happens_twice_is_found_unless_it_was_excused() {
        Oracle oracle = new Oracle();
        Plan.Step once = new Plan.Step("pay", dev.lantern.agent.Effect.AT_MOST_ONCE, Duration.ZERO, 0);
        oracle.happens(run, once, "key");
        oracle.excused("key");
        oracle.happens(run, once, "key");
        assertThat(oracle.defects()).isEmpty();

        oracle.happens(run, once, "key");

        assertThat(oracle.defects())
                .containsExactly("the effect of at_most_once step pay of " + run + " happened 3 times");
    }

    @Test
    void an_output_that_changes_is_found_at_once() {
        Oracle oracle = heard();
        oracle.delivered(run, new byte[] {1});

        assertThat(oracle.defects()).containsExactly("two outputs of " + run + " were accepted");
    }

    // -- the hearing -----------------------------------------------------------------------------------------

    /** What the honest world heard, told to a new oracle. */
    private Oracle heard() {
        Oracle oracle = new Oracle();
        oracle.spawned(run);
        for (Oracle.Promise promise : honest.promises()) {
            oracle.accepted(run, new GatewayReply.Accepted(promise.seq(), promise.hash()), promise.what());
        }
        for (Plan.Step step : plan.steps()) {
            oracle.completed(
                    run, step.name(), 1, honest.result(run, step.name()).orElseThrow());
        }
        oracle.delivered(run, honest.output(run).orElseThrow());
        return oracle;
    }

    private String lastHash() {
        return chain.get(chain.size() - 1).hash().hex();
    }

    private String owner() {
        return ledger.get(0).split(" ", -1)[2];
    }

    private List<String> judged(RunRow row, List<Event> events, List<String> lines, Oracle oracle) throws IOException {
        Path file = directory.resolve("forged.ledger");
        Files.write(file, lines);
        new Verdict(showing(row, events), Ledger.read(List.of(file)), oracle, SEED).judge();
        return oracle.defects();
    }

    /** A journal that shows these events for the run. */
    private Journal showing(RunRow row, List<Event> events) {
        return new ForwardingJournal(journal) {
            @Override
            public Optional<RunRow> find(RunRef wanted, Duration within) {
                return wanted.equals(run) ? Optional.of(row) : Optional.empty();
            }

            @Override
            public List<Event> read(long key, long afterSeq, int max, Duration within) {
                return events.stream().skip(afterSeq).limit(max).toList();
            }
        };
    }
}
