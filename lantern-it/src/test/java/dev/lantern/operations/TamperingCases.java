package dev.lantern.operations;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lantern.Lantern;
import dev.lantern.journal.jdbc.JdbcJournal;
import dev.lantern.run.AgentRun;
import dev.lantern.run.ChainVerdict;
import dev.lantern.run.ChainVerdict.Broken;
import dev.lantern.run.ChainVerdict.Flaw;
import dev.lantern.run.ChainVerdict.Intact;
import dev.lantern.run.RunEvent;
import dev.lantern.spec.AgentSpec;
import dev.lantern.spec.Isolation;
import dev.lantern.testkit.LanternExtension;
import dev.lantern.value.Digest;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.LongUnaryOperator;
import javax.sql.DataSource;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/**
 * A database administrator edits, removes, reorders and truncates rows of a run, on a real database. Our own verification
 * and one that is not written in Java both find it and name the event.
 */
abstract class TamperingCases {
    private static final int FEWEST = 15;
    private static final String IMAGE = "registry.example/triage";
    private static final AgentSpec SPEC = AgentSpec.builder("triage")
            .image(IMAGE + "@sha256:" + "ab".repeat(32))
            .isolation(Isolation.STANDARD)
            .build();

    @TempDir
    Path directory;

    @RegisterExtension
    final LanternExtension lantern = LanternExtension.on(() -> JdbcJournal.on(source()))
            .agent(IMAGE, String.class, (steps, ticket) -> {
                String one = steps.step("one", String.class, attempt -> "first of " + ticket);
                String two = steps.step("two", String.class, attempt -> "second of " + ticket);
                return one + ", " + two;
            });

    /** The database, the same for the whole of a test. */
    abstract DataSource source();

    /** One thing to do to a chain of {@code n} events. */
    private interface Act {
        void on(Sql sql, long n) throws Exception;
    }

    /**
     * @param seq the number that must be named, given the number of events
     * @param flaw what our verification calls it
     */
    private record Attack(String name, Act act, LongUnaryOperator seq, Flaw flaw) {}

    private static List<Attack> attacks() {
        return List.of(
                new Attack("a byte edited", (sql, n) -> edit(sql, 3), n -> 3, Flaw.EDITED),
                new Attack("the last event edited", TamperingCases::edit, n -> n, Flaw.EDITED),
                new Attack(
                        "a hash edited",
                        (sql, n) ->
                                sql.change("update lantern_event set hash = ? where seq = 3 and run_key = ?", (Object)
                                        new byte[32]),
                        n -> 3,
                        Flaw.EDITED),
                new Attack("a row removed", (sql, n) -> remove(sql, 3, 3), n -> 3, Flaw.REMOVED),
                new Attack("the first row removed", (sql, n) -> remove(sql, 1, 1), n -> 1, Flaw.REMOVED),
                new Attack("two rows removed", (sql, n) -> remove(sql, 3, 4), n -> 3, Flaw.REMOVED),
                new Attack("two rows swapped", (sql, n) -> swap(sql, 3, 4), n -> 3, Flaw.REORDERED),
                new Attack("the tail cut by one", (sql, n) -> remove(sql, n, n), n -> n, Flaw.TRUNCATED),
                new Attack("the tail cut by three", (sql, n) -> remove(sql, n - 2, n), n -> n - 2, Flaw.TRUNCATED),
                new Attack("all rows removed", (sql, n) -> remove(sql, 1, n), n -> 1, Flaw.EMPTY),
                new Attack("a row added at the end", TamperingCases::add, n -> n + 1, Flaw.ADDED),
                new Attack(
                        "the head set back",
                        (sql, n) -> sql.head(n - 1, Digest.ofBytes(sql.bytes("hash", n - 1))),
                        n -> n,
                        Flaw.ADDED),
                new Attack(
                        "the head's hash edited",
                        (sql, n) -> sql.head(n, Digest.sha256(new byte[1])),
                        n -> n,
                        Flaw.REWRITTEN),
                new Attack(
                        "an event edited and everything behind it hashed anew",
                        (sql, n) -> {
                            edit(sql, 3);
                            sql.rehash(3, n);
                        },
                        n -> n,
                        Flaw.REWRITTEN));
    }

    @Test
    void whatever_is_done_to_the_rows_is_found_and_named() throws Exception {
        IndependentVerifier python = new IndependentVerifier(directory);
        int cases = 0;
        for (Attack attack : attacks()) {
            AgentRun run = ended("attack-" + cases++);
            Intact before = (Intact) run.verify();
            assertThat(python.export(run, before.head())).startsWith("ok");

            attack.act().on(Sql.on(source(), run), before.seq());

            long seq = attack.seq().applyAsLong(before.seq());
            assertThat(run.verify()).as(attack.name()).isInstanceOfSatisfying(Broken.class, broken -> {
                assertThat(broken.seq()).isEqualTo(seq);
                assertThat(broken.flaw()).isEqualTo(attack.flaw());
            });
            // An export has no head of its own.
            if (!attack.name().startsWith("the head")) {
                assertThat(python.export(run, before.head())).as(attack.name()).startsWith("BAD event " + seq + ":");
            }
        }
        cases += moved_in_from_another_run(python);
        System.out.println(getClass().getSimpleName() + ": " + cases + " attacks on a chain");
        assertThat(cases).isGreaterThanOrEqualTo(FEWEST);
    }

    private int moved_in_from_another_run(IndependentVerifier python) throws Exception {
        AgentRun run = ended("victim");
        AgentRun other = ended("donor");
        Intact before = (Intact) run.verify();
        Sql sql = Sql.on(source(), run);
        Sql donor = Sql.on(source(), other);
        sql.change(
                "update lantern_event set bytes = ?, hash = ? where seq = 3 and run_key = ?",
                donor.bytes("bytes", 3),
                donor.bytes("hash", 3));

        assertThat(run.verify()).isInstanceOfSatisfying(Broken.class, broken -> {
            assertThat(broken.seq()).isEqualTo(3);
            assertThat(broken.flaw()).isEqualTo(Flaw.WRONG_RUN);
        });
        assertThat(python.export(run, before.head())).startsWith("BAD event 3:");
        return 1;
    }

    @Test
    void a_step_whose_result_was_rewritten_with_everything_behind_it_and_the_head_is_not_what_was_signed()
            throws Exception {
        AgentRun run = ended("forged");
        Intact before = (Intact) run.verify();
        long step = run.events().stream()
                .filter(event -> event.kind().equals("step_completed"))
                .findFirst()
                .map(RunEvent::seq)
                .orElseThrow();
        Sql sql = Sql.on(source(), run);
        String json = new String(sql.bytes("bytes", step), StandardCharsets.UTF_8);
        int result = json.indexOf("\"result\":\"") + 10;
        String forged = json.substring(0, result) + "ab".repeat(32) + json.substring(result + 64);
        set(sql, step, forged);
        sql.head(before.seq(), sql.rehash(step, before.seq()));

        assertThat(run.verify()).isInstanceOfSatisfying(Broken.class, broken -> {
            assertThat(broken.seq()).isEqualTo(step);
            assertThat(broken.flaw()).isEqualTo(Flaw.UNSIGNED);
        });
        assertThat(new IndependentVerifier(directory).export(run, ""))
                .startsWith("BAD event " + step + ":")
                .contains("signature");
    }

    @Test
    void what_nobody_signed_rewritten_with_the_head_shows_only_against_a_head_that_was_kept_elsewhere()
            throws Exception {
        AgentRun run = ended("rewritten");
        Intact kept = (Intact) run.verify();
        Sql sql = Sql.on(source(), run);
        edit(sql, kept.seq());
        sql.head(kept.seq(), sql.rehash(kept.seq(), kept.seq()));

        ChainVerdict verdict = run.verify();

        assertThat(verdict).isInstanceOf(Intact.class);
        assertThat(((Intact) verdict).head()).isNotEqualTo(kept.head());
        assertThat(new IndependentVerifier(directory).export(run, kept.head()))
                .isEqualTo("BAD event " + kept.seq() + ": the whole chain was written anew");
    }

    @Test
    void a_payload_that_was_edited_is_refused_when_it_is_read() throws Exception {
        AgentRun run = ended("payload");
        long output = run.events().stream()
                .filter(event -> event.kind().equals("result_ready"))
                .findFirst()
                .map(RunEvent::seq)
                .orElseThrow();
        Sql sql = Sql.on(source(), run);
        byte[] body = sql.bytes("body", output);
        body[body.length - 2] ^= 1;
        sql.change("update lantern_event set body = ? where seq = ? and run_key = ?", body, output);

        assertThat(run.verify()).as("payloads are no part of the chain").isInstanceOf(Intact.class);
        assertThatThrownBy(run::await)
                .hasMessageContaining(run.ref().toString())
                .hasMessageContaining("does not match its event");
    }

    private AgentRun ended(String id) throws Exception {
        AgentRun run =
                lantern.spawn(Lantern.spawn(SPEC).tenant("acme").runId(id).input(id));
        run.onEnd().get(60, TimeUnit.SECONDS);
        return run;
    }

    /** Changes the event's time by a microsecond, which is still an event. */
    private static void edit(Sql sql, long seq) throws Exception {
        String json = new String(sql.bytes("bytes", seq), StandardCharsets.UTF_8);
        int digit = json.indexOf("Z\"", json.indexOf("\"time\":")) - 1;
        char other = json.charAt(digit) == '0' ? '1' : '0';
        set(sql, seq, json.substring(0, digit) + other + json.substring(digit + 1));
    }

    private static void set(Sql sql, long seq, String json) throws Exception {
        sql.change(
                "update lantern_event set bytes = ? where seq = ? and run_key = ?",
                json.getBytes(StandardCharsets.UTF_8),
                seq);
    }

    private static void remove(Sql sql, long from, long to) throws Exception {
        sql.change("delete from lantern_event where seq between ? and ? and run_key = ?", from, to);
    }

    private static void swap(Sql sql, long one, long other) throws Exception {
        String move = "update lantern_event set seq = ? where seq = ? and run_key = ?";
        sql.change(move, -1L, one);
        sql.change(move, one, other);
        sql.change(move, other, -1L);
    }

    /** A well-formed event behind the last, rightly hashed. */
    private static void add(Sql sql, long n) throws Exception {
        String json =
                new String(sql.bytes("bytes", n), StandardCharsets.UTF_8).replace("\"seq\":" + n, "\"seq\":" + (n + 1));
        sql.change(
                "insert into lantern_event (seq, bytes, hash, run_key) values (?, ?, ?, ?)",
                n + 1,
                json.getBytes(StandardCharsets.UTF_8),
                new byte[32]);
        sql.rehash(n + 1, n + 1);
    }
}
