package dev.lantern.testkit.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lantern.logs.LogEntry;
import dev.lantern.logs.LogLine;
import dev.lantern.logs.LogStore;
import dev.lantern.substrate.InstanceRef;
import dev.lantern.value.LanternException;
import dev.lantern.value.RunRef;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What every {@link LogStore} does. A store's test extends this class and says how to open one. */
public abstract class LogStoreContract {
    private static final RunRef RUN = new RunRef("acme", "run-1");
    private static final Instant TIME = Instant.parse("2026-01-02T03:04:05.006007008Z");

    private static final Duration WITHIN = Duration.ofSeconds(60);

    private LogStore store;

    /** Only subclasses make one. */
    protected LogStoreContract() {}

    /** A new store that holds nothing and keeps at least a million bytes of each run. */
    protected abstract LogStore open() throws Exception;

    /** For tests of one store's own. */
    protected final LogStore store() {
        return store;
    }

    @BeforeEach
    final void openStore() throws Exception {
        store = open();
    }

    @AfterEach
    final void closeStore() {
        store.close();
    }

    /** A line of the contract's own run. */
    protected static LogEntry line(String text) {
        return line(RUN, 1, text);
    }

    /** A line of any run. */
    protected static LogEntry line(RunRef run, int epoch, String text) {
        return new LogEntry(new InstanceRef(run, epoch), TIME, "stdout", text);
    }

    /** Every line of the contract's own run that is kept. */
    protected final List<LogLine> all() {
        return store.read(RUN, "", Integer.MAX_VALUE);
    }

    @Test
    void lines_come_back_in_order_with_all_that_was_said_about_them() {
        store.append(List.of(
                new LogEntry(new InstanceRef(RUN, 1), TIME, "stdout", "one"),
                new LogEntry(new InstanceRef(RUN, 2), TIME.plusNanos(1), "stderr", "two")));
        store.append(List.of(line("three")));

        assertThat(all()).extracting(LogLine::text).containsExactly("one", "two", "three");
        assertThat(all().get(1)).satisfies(two -> {
            assertThat(two.time()).isEqualTo(TIME.plusNanos(1));
            assertThat(two.epoch()).isEqualTo(2);
            assertThat(two.stream()).isEqualTo("stderr");
        });
    }

    @Test
    void reading_goes_on_behind_a_cursor() {
        for (int i = 0; i < 10; i++) {
            store.append(List.of(line("line " + i)));
        }
        List<String> read = new ArrayList<>();
        String cursor = "";
        while (true) {
            List<LogLine> page = store.read(RUN, cursor, 3);
            if (page.isEmpty()) {
                break;
            }
            assertThat(page).hasSizeLessThanOrEqualTo(3);
            page.forEach(line -> read.add(line.text()));
            cursor = page.get(page.size() - 1).cursor();
        }
        assertThat(read)
                .isEqualTo(IntStream.range(0, 10).mapToObj(i -> "line " + i).toList());

        store.append(List.of(line("later")));
        assertThat(store.read(RUN, cursor, 10)).extracting(LogLine::text).containsExactly("later");
    }

    @Test
    void no_cursor_is_used_twice() {
        store.append(IntStream.range(0, 500).mapToObj(i -> line("x")).toList());

        assertThat(all()).extracting(LogLine::cursor).doesNotHaveDuplicates().hasSize(500);
    }

    @Test
    void runs_do_not_mix_even_where_their_names_differ_in_case_only() {
        RunRef upper = new RunRef("acme", "RUN-1");
        RunRef tenant = new RunRef("Acme", "run-1");
        store.append(List.of(line("lower"), line(upper, 1, "upper"), line(tenant, 1, "tenant"), line("lower again")));

        assertThat(all()).extracting(LogLine::text).containsExactly("lower", "lower again");
        assertThat(store.read(upper, "", 10)).extracting(LogLine::text).containsExactly("upper");
        assertThat(store.read(tenant, "", 10)).extracting(LogLine::text).containsExactly("tenant");
        assertThat(store.read(new RunRef("acme", "other"), "", 10)).isEmpty();
    }

    @Test
    void names_of_the_longest_kind_are_kept_apart() {
        RunRef one = new RunRef("t".repeat(128), "r".repeat(127) + "1");
        RunRef two = new RunRef("t".repeat(128), "r".repeat(127) + "2");
        store.append(List.of(line(one, 1, "one"), line(two, 1, "two")));

        assertThat(store.read(one, "", 10)).extracting(LogLine::text).containsExactly("one");
        assertThat(store.read(two, "", 10)).extracting(LogLine::text).containsExactly("two");
    }

    @Test
    void control_characters_are_replaced_and_no_line_forges_another() {
        String forged = "99 2026-01-02T03:04:05Z 9 stderr forged";
        store.append(List.of(
                line("a\n" + forged),
                line("b\r\n" + forged),
                line("c\u2028" + forged + "\u0085\u001b[31m\u0000"),
                line("tab\tstays")));

        assertThat(all()).hasSize(4);
        assertThat(all()).extracting(LogLine::epoch).containsOnly(1);
        assertThat(all())
                .extracting(LogLine::text)
                .containsExactly(
                        "a\uFFFD" + forged,
                        "b\uFFFD\uFFFD" + forged,
                        "c\uFFFD" + forged + "\uFFFD\uFFFD[31m\uFFFD",
                        "tab\tstays");
    }

    @Test
    void text_of_every_script_comes_back_and_halves_of_characters_do_not() {
        store.append(List.of(line(""), line("  spaces  "), line("żółć 漢字 🜁"), line("half \uD83D and \uDF01")));

        assertThat(all())
                .extracting(LogLine::text)
                .containsExactly("", "  spaces  ", "żółć 漢字 🜁", "half \uFFFD and \uFFFD");
    }

    @Test
    void an_endless_line_is_cut_and_says_so() {
        store.append(List.of(line("x".repeat(1_000_000)), line("next")));

        assertThat(all()).extracting(LogLine::text).element(0).satisfies(text -> {
            assertThat(text)
                    .hasSizeLessThanOrEqualTo(64 * 1024)
                    .startsWith("xxx")
                    .endsWith("[cut]");
        });
        assertThat(all()).extracting(LogLine::text).element(1).isEqualTo("next");
    }

    @Test
    void a_cursor_of_another_kind_is_refused() {
        assertThatThrownBy(() -> store.read(RUN, "page-2", 10))
                .isInstanceOf(LanternException.class)
                .hasMessageContaining("\"page-2\"")
                .hasMessageContaining("take one from a line that it returned");
    }

    @Test
    void a_run_that_outgrows_its_share_loses_its_oldest_lines_and_no_cursor() {
        store.append(List.of(line("the first")));
        String first = all().get(0).cursor();
        RunRef quiet = new RunRef("acme", "quiet");
        store.append(List.of(line(quiet, 1, "still here")));

        int written = 0;
        while (!all().isEmpty() && all().get(0).cursor().equals(first)) {
            store.append(IntStream.range(written, written + 200)
                    .mapToObj(i -> line(i + " " + "y".repeat(1000)))
                    .toList());
            written += 200;
            assertThat(written).as("a share is finite").isLessThan(100_000);
        }

        List<LogLine> left = all();
        assertThat(left).isNotEmpty();
        assertThat(left.get(left.size() - 1).text()).startsWith((written - 1) + " ");
        assertThat(store.read(RUN, first, Integer.MAX_VALUE)).isEqualTo(left);
        assertThat(store.read(quiet, "", 10)).extracting(LogLine::text).containsExactly("still here");
    }

    @Test
    void threads_that_write_at_once_lose_nothing_and_keep_their_order() throws Exception {
        Rivals.race(4, rival -> {
            for (int i = 0; i < 50; i++) {
                store.append(List.of(line(rival + "/" + i + "/a"), line(rival + "/" + i + "/b")));
            }
            return rival;
        });

        List<String> texts = all().stream().map(LogLine::text).toList();
        assertThat(texts).hasSize(400);
        for (int rival = 0; rival < 4; rival++) {
            String own = rival + "/";
            List<String> expected = new ArrayList<>();
            for (int i = 0; i < 50; i++) {
                expected.addAll(List.of(own + i + "/a", own + i + "/b"));
            }
            assertThat(texts.stream().filter(text -> text.startsWith(own)).toList())
                    .isEqualTo(expected);
        }
    }

    @Test
    void deleting_takes_every_line_of_the_named_runs_and_of_no_other() {
        RunRef upper = new RunRef("acme", "RUN-1");
        RunRef next = new RunRef("acme", "run-10");
        RunRef tenant = new RunRef("umbrella", "run-1");
        RunRef second = new RunRef("acme", "run-2");
        for (int i = 0; i < 3; i++) {
            store.append(List.of(
                    line("gone"),
                    line(RUN, 2, "gone"),
                    line(upper, 1, "upper"),
                    line(next, 1, "next"),
                    line(tenant, 1, "tenant"),
                    line(second, 1, "gone")));
        }

        store.delete(List.of(second, RUN), WITHIN);

        assertThat(all()).isEmpty();
        assertThat(store.read(second, "", 10)).isEmpty();
        for (RunRef other : List.of(upper, next, tenant)) {
            assertThat(store.read(other, "", 10)).as(other.toString()).hasSize(3);
        }
    }

    @Test
    void deleting_again_or_what_never_was_is_nothing_and_a_late_line_is_kept() {
        RunRef never = new RunRef("nobody", "never");
        store.append(List.of(line("gone")));
        String cursor = all().get(0).cursor();

        store.delete(List.of(RUN, never, RUN), WITHIN);
        store.delete(List.of(RUN, never), WITHIN);
        store.delete(List.of(), WITHIN);

        assertThat(store.read(RUN, cursor, 10)).isEmpty();
        store.append(List.of(line("late")));
        assertThat(all()).extracting(LogLine::text).containsExactly("late");
        store.delete(List.of(RUN), WITHIN);
        assertThat(all()).isEmpty();
    }

    @Test
    void without_time_nothing_is_deleted() {
        store.append(List.of(line("stays")));

        for (Duration none : List.of(Duration.ZERO, Duration.ofSeconds(-1))) {
            assertThatThrownBy(() -> store.delete(List.of(RUN), none)).isInstanceOf(LanternException.class);
        }

        assertThat(all()).extracting(LogLine::text).containsExactly("stays");
    }

    @Test
    void threads_that_write_and_delete_the_same_runs_in_any_order_do_not_stop_each_other() throws Exception {
        List<RunRef> runs = IntStream.range(0, 6)
                .mapToObj(i -> new RunRef("acme", "shared-" + i))
                .toList();

        Rivals.race(4, rival -> {
            for (int i = 0; i < 25; i++) {
                List<RunRef> order = new ArrayList<>(runs);
                Collections.rotate(order, rival + i);
                if (rival % 2 == 0) {
                    store.append(order.stream().map(run -> line(run, 1, "x")).toList());
                } else {
                    store.delete(order, WITHIN);
                }
            }
            return rival;
        });
        store.delete(runs, WITHIN);

        for (RunRef run : runs) {
            assertThat(store.read(run, "", 10)).as(run.toString()).isEmpty();
        }
    }

    @Test
    void nothing_appended_changes_nothing() {
        store.append(List.of());

        assertThat(all()).isEmpty();
    }
}
