package dev.lantern.core.engine;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.junit.jupiter.api.Test;

class GroupWriterTest {
    private record Line(String run, String text) {}

    private final ManualTurns turns = new ManualTurns();
    private final List<List<String>> groups = new ArrayList<>();
    private final List<String> answers = new ArrayList<>();
    private Function<List<Line>, List<String>> backend =
            group -> group.stream().map(line -> line.text() + " stands").toList();
    private final GroupWriter<Line, String> writer = new GroupWriter<>("journal", turns, turns, 3, Line::run, group -> {
        groups.add(group.stream().map(Line::text).toList());
        return backend.apply(group);
    });

    private void write(String run, String text) {
        writer.write(new Line(run, text), turns, answers::add);
    }

    @Test
    void one_caller_alone_is_written_at_once() {
        write("a", "1");
        turns.callNext();

        assertThat(groups).containsExactly(List.of("1"));
        assertThat(answers).containsExactly("1 stands");
        assertThat(turns.waitingCalls()).isZero();
    }

    @Test
    void whoever_waits_when_the_lane_comes_free_shares_one_call() {
        write("a", "1");
        write("b", "2");
        write("c", "3");
        while (turns.callNext()) {}

        assertThat(groups).containsExactly(List.of("1", "2", "3"));
    }

    @Test
    void a_group_is_bounded() {
        for (int i = 1; i <= 7; i++) {
            write("run-" + i, "" + i);
        }
        while (turns.callNext()) {}

        assertThat(groups).containsExactly(List.of("1", "2", "3"), List.of("4", "5", "6"), List.of("7"));
    }

    @Test
    void a_group_holds_each_run_once_and_keeps_its_order() {
        write("a", "1");
        write("b", "2");
        write("a", "3");
        write("b", "4");
        while (turns.callNext()) {}

        assertThat(groups).containsExactly(List.of("1", "2"), List.of("3", "4"));
    }

    @Test
    void after_an_exception_each_is_written_again_until_it_is_known() {
        backend = group -> {
            if (group.size() > 1 || group.get(0).text().equals("poison") && groups.size() < 5) {
                throw new IllegalStateException("connection lost");
            }
            return group.stream().map(line -> line.text() + " stands").toList();
        };
        write("a", "1");
        write("b", "poison");
        write("c", "3");
        turns.callNext();
        assertThat(answers).isEmpty();

        for (int i = 0; i < 10; i++) {
            turns.pass(Duration.ofMillis(50));
            while (turns.callNext()) {}
        }

        assertThat(groups.get(0)).containsExactly("1", "poison", "3");
        assertThat(groups.subList(2, groups.size()))
                .allSatisfy(group -> assertThat(group).hasSize(1));
        assertThat(answers).containsExactly("1 stands", "3 stands", "poison stands");
    }

    /** A journal as it is scripted: what stands, what is poisonous, whether answers arrive, whether it is there at all. */
    private static final class Scripted implements Function<List<Line>, List<String>> {
        private final List<String> stands = new ArrayList<>();
        private int written;
        private boolean away;
        private boolean answersLost;

        @Override
        public List<String> apply(List<Line> group) {
            if (away) {
                throw new IllegalStateException("nobody listens");
            }
            if (group.stream().anyMatch(line -> line.text().equals("poison"))) {
                throw new IllegalStateException("no such text");
            }
            List<String> results = new ArrayList<>();
            for (Line line : group) {
                boolean repeat = stands.contains(line.text());
                if (!repeat) {
                    stands.add(line.text());
                    written++;
                }
                results.add(line.text() + (repeat ? " stood" : " stands"));
            }
            if (answersLost) {
                throw new IllegalStateException("the answer was lost");
            }
            return results;
        }
    }

    private final GroupWriter<Line, String> wide = new GroupWriter<>("journal", turns, turns, 64, Line::run, group -> {
        groups.add(group.stream().map(Line::text).toList());
        return backend.apply(group);
    });

    private void pass(Duration time) {
        for (long passed = 0; passed < time.toMillis(); passed += 10) {
            while (turns.callNext()) {}
            turns.pass(Duration.ofMillis(10));
        }
    }

    @Test
    void poison_in_the_middle_of_a_group_is_alone_soon_and_its_neighbours_share_their_calls() {
        Scripted journal = new Scripted();
        backend = journal;
        for (int i = 0; i < 64; i++) {
            wide.write(new Line("run-" + i, i == 31 ? "poison" : "" + i), turns, answers::add);
        }
        while (turns.callNext()) {}

        assertThat(answers).hasSize(63).doesNotHaveDuplicates();
        assertThat(groups).as("twice the logarithm of 64, and the first").hasSize(13);
        assertThat(journal.written).isEqualTo(63);
        wide.write(new Line("another", "late"), turns, answers::add);
        while (turns.callNext()) {}
        assertThat(answers).as("nobody waits for the poisonous one").endsWith("late stands");

        int before = groups.size();
        pass(Duration.ofSeconds(30));
        assertThat(groups.subList(before, groups.size()))
                .hasSizeBetween(5, 20)
                .allSatisfy(group -> assertThat(group).containsExactly("poison"));
    }

    @Test
    void what_stands_behind_a_lost_answer_is_told_as_standing_and_written_once() {
        Scripted journal = new Scripted();
        journal.answersLost = true;
        backend = journal;
        for (int i = 0; i < 64; i++) {
            wide.write(new Line("run-" + i, "" + i), turns, answers::add);
        }
        turns.callNext();
        journal.answersLost = false;
        while (turns.callNext()) {}

        assertThat(journal.written).isEqualTo(64);
        assertThat(answers).hasSize(64).allMatch(answer -> answer.endsWith(" stood"));
        assertThat(groups).hasSize(3);
    }

    @Test
    void journal_that_is_away_for_minutes_costs_few_calls_and_everything_is_written_in_full_groups_after_it() {
        Scripted journal = new Scripted();
        journal.away = true;
        backend = journal;
        for (int i = 0; i < 6_400; i++) {
            wide.write(new Line("run-" + i, "" + i), turns, answers::add);
        }
        pass(Duration.ofMinutes(3));
        assertThat(answers).isEmpty();
        assertThat(groups).as("calls to a journal that is not there").hasSizeLessThan(70);
        groups.clear();

        journal.away = false;
        pass(Duration.ofSeconds(6));

        assertThat(answers).hasSize(6_400).doesNotHaveDuplicates();
        assertThat(journal.written).isEqualTo(6_400);
        assertThat(groups).as("the probe, and full groups").hasSizeBetween(101, 112);
    }

    @Test
    void poison_does_not_keep_the_journal_away() {
        Scripted journal = new Scripted();
        journal.away = true;
        backend = journal;
        wide.write(new Line("poisoned", "poison"), turns, answers::add);
        for (int i = 0; i < 10; i++) {
            wide.write(new Line("run-" + i, "" + i), turns, answers::add);
        }
        pass(Duration.ofMinutes(1));
        journal.away = false;
        pass(Duration.ofSeconds(12));

        assertThat(answers).hasSize(10);
    }

    @Test
    void lane_is_left_to_others_between_a_few_groups() {
        for (int i = 0; i < 60; i++) {
            write("run-" + i, "" + i);
        }
        turns.callNext();

        assertThat(groups).hasSize(8);
        assertThat(turns.waitingCalls()).isEqualTo(1);
    }

    @Test
    void pauses_grow_and_stay_below_five_seconds() {
        backend = group -> {
            throw new IllegalStateException("down");
        };
        write("a", "1");
        long longest = 0;
        for (int tries = 0; tries < 12; tries++) {
            while (turns.callNext()) {}
            long waited = 0;
            while (turns.waitingCalls() == 0) {
                turns.pass(Duration.ofMillis(10));
                waited += 10;
            }
            assertThat(waited).isGreaterThanOrEqualTo(Math.min(longest, 5_000));
            longest = Math.max(longest, waited);
        }
        assertThat(longest).isEqualTo(5_000);
    }

    @Test
    void short_answer_is_no_answer() {
        backend = group -> List.of();
        write("a", "1");
        turns.callNext();
        assertThat(answers).isEmpty();

        backend = group -> List.of("known at last");
        turns.pass(Duration.ofSeconds(1));
        turns.callNext();
        assertThat(answers).containsExactly("known at last");
    }

    @Test
    void full_lane_is_tried_again() {
        turns.full(true);
        write("a", "1");
        turns.full(false);
        turns.pass(Duration.ofSeconds(1));
        turns.callNext();

        assertThat(answers).containsExactly("1 stands");
    }

    @Test
    void closed_writer_answers_nobody_any_more() {
        write("a", "1");
        writer.close();
        write("b", "2");
        while (turns.callNext()) {}

        assertThat(groups).isEmpty();
        assertThat(answers).isEmpty();
    }
}
