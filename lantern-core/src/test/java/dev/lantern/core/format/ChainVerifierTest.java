package dev.lantern.core.format;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lantern.journal.Event;
import dev.lantern.journal.Head;
import dev.lantern.run.ChainVerdict;
import dev.lantern.run.ChainVerdict.Broken;
import dev.lantern.run.ChainVerdict.Flaw;
import dev.lantern.run.ChainVerdict.Intact;
import dev.lantern.value.Digest;
import dev.lantern.value.RunRef;
import dev.lantern.value.internal.Json;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What a database administrator can do to a chain, and the sequence number that gives it away. */
final class ChainVerifierTest {
    private static final RunRef RUN = new RunRef("acme", "ticket-4711");
    private static final int LENGTH = 7;
    private static final List<Event> CHAIN = chain(RUN, LENGTH, "");
    private static final Head HEAD = new Head(LENGTH, CHAIN.get(LENGTH - 1).hash());

    record Attack(String name, List<Event> rows, long seq, Flaw flaw) {
        static Attack on(String name, long seq, Flaw flaw, UnaryOperator<List<Event>> change) {
            return new Attack(name, change.apply(new ArrayList<>(CHAIN)), seq, flaw);
        }

        @Override
        public String toString() {
            return name + " → " + flaw + " at " + seq;
        }
    }

    /** Found in the chain itself, without a head. */
    static Stream<Attack> attacksOnTheChain() {
        List<Attack> attacks = new ArrayList<>();
        for (int seq = 1; seq <= LENGTH; seq++) {
            int at = seq;
            attacks.add(Attack.on(
                    "bytes edited at " + at,
                    at,
                    Flaw.EDITED,
                    rows -> set(rows, at, edited(rows, at, "epoch\":1", "epoch\":2"))));
            attacks.add(Attack.on(
                    "bytes edited and re-hashed at " + at,
                    at < LENGTH ? at + 1 : 0,
                    Flaw.EDITED,
                    rows -> set(rows, at, rehashed(rows, at))));
            attacks.add(Attack.on(
                    "bytes replaced by junk at " + at,
                    at,
                    Flaw.EDITED,
                    rows -> set(
                            rows, at, new Event(at, utf8("junk"), row(rows, at).hash(), Optional.empty()))));
            attacks.add(Attack.on(
                    "hash edited at " + at,
                    at,
                    Flaw.EDITED,
                    rows -> set(rows, at, new Event(at, row(rows, at).bytes(), Digest.sha256(), Optional.empty()))));
            attacks.add(Attack.on(
                    "row number edited at " + at,
                    at,
                    Flaw.EDITED,
                    rows -> set(
                            rows,
                            at,
                            new Event(
                                    at + 50,
                                    row(rows, at).bytes(),
                                    row(rows, at).hash(),
                                    Optional.empty()))));
            attacks.add(Attack.on(
                    "white space added at " + at, at, Flaw.EDITED, rows -> set(rows, at, edited(rows, at, ",", ", "))));
            attacks.add(Attack.on("duplicated at " + at, at, Flaw.ADDED, rows -> insert(rows, at + 1, row(rows, at))));
            attacks.add(Attack.on(
                    "an event of another run at " + at,
                    at,
                    Flaw.WRONG_RUN,
                    rows -> set(
                            rows,
                            at,
                            chain(new RunRef("acme", "other"), LENGTH, "").get(at - 1))));
            if (at < LENGTH) {
                attacks.add(Attack.on("removed at " + at, at, Flaw.REMOVED, rows -> remove(rows, at)));
                attacks.add(Attack.on(
                        "removed and rows renumbered at " + at,
                        at,
                        Flaw.REMOVED,
                        rows -> renumbered(remove(rows, at))));
                attacks.add(Attack.on(
                        "swapped with the next at " + at, at, Flaw.REORDERED, rows -> swap(rows, at, at + 1)));
                attacks.add(Attack.on(
                        "swapped and rows renumbered at " + at,
                        at,
                        Flaw.REORDERED,
                        rows -> renumbered(swap(rows, at, at + 1))));
                attacks.add(Attack.on("moved to the end from " + at, at, Flaw.REORDERED, rows -> {
                    Event moved = row(rows, at);
                    List<Event> rest = remove(rows, at);
                    rest.add(moved);
                    return rest;
                }));
            }
            if (at < LENGTH - 1) {
                attacks.add(Attack.on(
                        "forged and inserted behind " + at,
                        at + 1,
                        Flaw.ADDED,
                        rows -> insert(rows, at + 1, forgedAfter(row(rows, at)))));
            }
            if (at < LENGTH - 2) {
                attacks.add(Attack.on(
                        "number inside the event edited at " + at,
                        at,
                        Flaw.EDITED,
                        rows -> set(rows, at, edited(rows, at, "\"seq\":" + at, "\"seq\":99"))));
                attacks.add(
                        Attack.on("two removed from " + at, at, Flaw.REMOVED, rows -> remove(remove(rows, at), at)));
            }
        }
        attacks.removeIf(attack -> attack.seq() == 0);
        attacks.add(new Attack("empty", List.of(), 1, Flaw.EMPTY));
        attacks.add(new Attack("all of another run", chain(new RunRef("acme", "other"), 3, ""), 1, Flaw.WRONG_RUN));
        attacks.add(new Attack(
                "all of another tenant", chain(new RunRef("evil", "ticket-4711"), 3, ""), 1, Flaw.WRONG_RUN));
        attacks.add(new Attack("reversed", reversed(), 1, Flaw.REORDERED));
        attacks.add(new Attack("an event that is none, in a chain that holds", malformedChain(), 3, Flaw.MALFORMED));
        return attacks.stream();
    }

    /** Found only against a head that somebody kept. */
    static Stream<Attack> attacksOnHistory() {
        List<Attack> attacks = new ArrayList<>();
        for (int seq = 1; seq < LENGTH; seq++) {
            int at = seq;
            attacks.add(Attack.on(
                    "tail cut behind " + at, at + 1, Flaw.TRUNCATED, rows -> new ArrayList<>(rows.subList(0, at))));
        }
        attacks.add(new Attack("empty", List.of(), 1, Flaw.EMPTY));
        attacks.add(new Attack("written anew", chain(RUN, LENGTH, "other"), LENGTH, Flaw.REWRITTEN));
        attacks.add(Attack.on(
                "last event re-hashed", LENGTH, Flaw.REWRITTEN, rows -> set(rows, LENGTH, rehashed(rows, LENGTH))));
        attacks.add(Attack.on(
                "forged and inserted before the last",
                LENGTH,
                Flaw.REWRITTEN,
                rows -> insert(rows, LENGTH, forgedAfter(row(rows, LENGTH - 1)))));
        attacks.add(new Attack("appended behind the end", chain(RUN, LENGTH + 1, ""), LENGTH + 1, Flaw.ADDED));
        attacks.add(Attack.on(
                "last event duplicated", LENGTH, Flaw.ADDED, rows -> insert(rows, LENGTH + 1, row(rows, LENGTH))));
        return attacks.stream();
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("attacksOnTheChain")
    void a_changed_chain_is_found_without_a_head(Attack attack) {
        assertFound(attack, verdict(ChainVerifier.of(RUN), attack.rows()));
        assertFound(attack, exported(attack.rows(), ChainVerifier.of(RUN)));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource({"attacksOnTheChain", "attacksOnHistory"})
    void a_changed_chain_is_found_with_a_head(Attack attack) {
        assertFound(attack, verdict(ChainVerifier.endingAt(RUN, HEAD), attack.rows()));
        assertFound(attack, exported(attack.rows(), ChainVerifier.endingAt(RUN, HEAD)));
    }

    @Test
    void the_matrix_has_not_shrunk() {
        long cases = attacksOnTheChain().count() + attacksOnHistory().count();
        System.out.println("ChainVerifier: " + cases + " attacks found and named");
        assertThat(cases).isGreaterThanOrEqualTo(115);
    }

    @Test
    void an_honest_chain_is_intact() {
        assertThat(verdict(ChainVerifier.of(RUN), CHAIN)).isEqualTo(intact(HEAD));
        assertThat(verdict(ChainVerifier.endingAt(RUN, HEAD), CHAIN)).isEqualTo(intact(HEAD));
        assertThat(verdict(ChainVerifier.passingThrough(RUN, HEAD), CHAIN)).isEqualTo(intact(HEAD));
    }

    @Test
    void a_chain_may_have_grown_past_a_head_that_was_seen_earlier() {
        Head earlier = new Head(3, CHAIN.get(2).hash());
        assertThat(verdict(ChainVerifier.passingThrough(RUN, earlier), CHAIN)).isEqualTo(intact(HEAD));
        assertThat(verdict(ChainVerifier.passingThrough(RUN, earlier), CHAIN.subList(0, 2)))
                .isEqualTo(new Broken(3, Flaw.TRUNCATED, "the chain ends at 2, and 3 events were written"));
        assertThat(verdict(ChainVerifier.passingThrough(RUN, earlier), chain(RUN, LENGTH, "other")))
                .isInstanceOfSatisfying(Broken.class, broken -> {
                    assertThat(broken.seq()).isEqualTo(3);
                    assertThat(broken.flaw()).isEqualTo(Flaw.REWRITTEN);
                });
    }

    @Test
    void without_a_head_a_cut_tail_is_not_seen_and_the_verdict_says_where_it_ends() {
        assertThat(verdict(ChainVerifier.of(RUN), CHAIN.subList(0, 4)))
                .isEqualTo(new Intact(4, CHAIN.get(3).hash()));
    }

    @Test
    void details_hold_no_content() {
        attacksOnTheChain()
                .forEach(attack -> assertThat(verdict(ChainVerifier.of(RUN), attack.rows()))
                        .isInstanceOfSatisfying(
                                Broken.class,
                                broken -> assertThat(broken.detail())
                                        .doesNotContain("hunter2")
                                        .isNotBlank()));
    }

    private static void assertFound(Attack attack, ChainVerdict verdict) {
        assertThat(verdict).isInstanceOfSatisfying(Broken.class, broken -> {
            assertThat(broken.seq()).as(broken.detail()).isEqualTo(attack.seq());
            assertThat(broken.flaw()).as(broken.detail()).isEqualTo(attack.flaw());
        });
    }

    private static ChainVerdict verdict(ChainVerifier verifier, List<Event> rows) {
        rows.forEach(verifier::add);
        return verifier.verdict();
    }

    private static ChainVerdict exported(List<Event> rows, ChainVerifier verifier) {
        try {
            ByteArrayOutputStream file = new ByteArrayOutputStream();
            JournalExport export = JournalExport.begin(file, RUN);
            for (Event row : rows) {
                export.add(row);
            }
            return JournalExport.verify(new ByteArrayInputStream(file.toByteArray()), run -> verifier);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static List<Event> chain(RunRef run, int length, String note) {
        List<Event> events = new ArrayList<>();
        Head head = Chain.genesis(run);
        for (int seq = 1; seq <= length; seq++) {
            byte[] bytes = new EventEnvelope(
                            1,
                            "usage_recorded",
                            run,
                            seq,
                            1,
                            Instant.ofEpochSecond(1_800_000_000L + seq),
                            Json.object().put("canary", "hunter2" + note).build())
                    .bytes();
            head = Chain.append(head, bytes);
            events.add(new Event(seq, bytes, head.hash(), Optional.empty()));
        }
        return events;
    }

    private static Event row(List<Event> rows, int seq) {
        return rows.get(seq - 1);
    }

    private static List<Event> set(List<Event> rows, int seq, Event event) {
        rows.set(seq - 1, event);
        return rows;
    }

    private static List<Event> insert(List<Event> rows, int place, Event event) {
        rows.add(place - 1, event);
        return rows;
    }

    private static List<Event> remove(List<Event> rows, int seq) {
        rows.remove(seq - 1);
        return rows;
    }

    private static List<Event> swap(List<Event> rows, int one, int other) {
        Collections.swap(rows, one - 1, other - 1);
        return rows;
    }

    private static List<Event> reversed() {
        List<Event> rows = new ArrayList<>(CHAIN);
        Collections.reverse(rows);
        return rows;
    }

    private static List<Event> renumbered(List<Event> rows) {
        List<Event> renumbered = new ArrayList<>();
        for (Event row : rows) {
            renumbered.add(new Event(renumbered.size() + 1, row.bytes(), row.hash(), Optional.empty()));
        }
        return renumbered;
    }

    private static Event edited(List<Event> rows, int seq, String what, String with) {
        String text = new String(row(rows, seq).bytes(), StandardCharsets.UTF_8);
        assertThat(text).contains(what);
        return new Event(seq, utf8(text.replace(what, with)), row(rows, seq).hash(), Optional.empty());
    }

    private static Event rehashed(List<Event> rows, int seq) {
        Head before = seq == 1
                ? Chain.genesis(RUN)
                : new Head(seq - 1, row(rows, seq - 1).hash());
        byte[] bytes = edited(rows, seq, "epoch\":1", "epoch\":2").bytes();
        return new Event(seq, bytes, Chain.append(before, bytes).hash(), Optional.empty());
    }

    private static Event forgedAfter(Event before) {
        byte[] bytes = new EventEnvelope(
                        1,
                        "limit_exceeded",
                        RUN,
                        before.seq() + 1,
                        1,
                        Instant.EPOCH,
                        Json.object().build())
                .bytes();
        return new Event(
                before.seq() + 1,
                bytes,
                Chain.append(new Head(before.seq(), before.hash()), bytes).hash(),
                Optional.empty());
    }

    private static List<Event> malformedChain() {
        List<Event> rows = new ArrayList<>(CHAIN.subList(0, 2));
        byte[] bytes = utf8("{}");
        rows.add(new Event(
                3, bytes, Chain.append(new Head(2, row(rows, 2).hash()), bytes).hash(), Optional.empty()));
        return rows;
    }

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static Intact intact(Head head) {
        return new Intact(head.seq(), head.hash());
    }
}
