package dev.lantern.testkit.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lantern.core.format.Chain;
import dev.lantern.journal.Create;
import dev.lantern.journal.CreateResult;
import dev.lantern.journal.Event;
import dev.lantern.journal.RunRow;
import dev.lantern.run.RunLabels;
import dev.lantern.run.RunStatus;
import dev.lantern.value.RunRef;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Making runs. */
interface JournalCreates extends JournalFixture {

    @Test
    default void a_new_run_is_created_with_its_first_events() {
        long host = joined();
        TestRun run = new TestRun(new RunRef("acme", "ticket-4711"));
        Create create = run.create(host, "one", "two");

        RunRow row = made(create(create));

        assertThat(row)
                .isEqualTo(
                        new RunRow(run.ref(), row.key(), OptionalLong.of(host), 0, create.after(), RunStatus.PENDING));
        assertThat(row(run.ref())).isEqualTo(row);
        assertThat(journal().read(row.key(), 0, 10, SOON)).isEqualTo(create.events());
    }

    @Test
    default void the_largest_input_stands_in_the_row_of_the_first_event() {
        long host = joined();
        for (int size : new int[] {Event.MAX_BYTES, Event.MAX_BYTES + 1, Event.MAX_BODY_BYTES}) {
            RunRef run = new RunRef("acme", "input-" + size);
            byte[] body = new byte[size];
            new Random(size).nextBytes(body);
            Optional<Event.Erasable> input = Optional.of(new Event.Erasable(new byte[32], body));
            List<Event> events = List.of(TestRun.event(Chain.genesis(run), "run_created", input));

            RunRow row = made(
                    create(new Create(run, host, "triage", RunLabels.none(), TestRun.NOON, RunStatus.PENDING, events)));

            assertThat(journal().read(row.key(), 0, 1, SOON).get(0).erasable()).isEqualTo(input);
        }
    }

    @Test
    default void a_run_that_was_never_made_is_not_found() {
        created("acme", "a", joined());

        assertThat(journal().find(new RunRef("acme", "b"), SOON)).isEmpty();
        assertThat(journal().find(new RunRef("b", "a"), SOON)).isEmpty();
    }

    @Test
    default void repeating_a_create_after_a_lost_answer_answers_created_again() {
        Create create = new TestRun(new RunRef("acme", "a")).create(joined(), "one", "two");
        RunRow first = made(create(create));

        assertThat(create(create)).isEqualTo(new CreateResult.Created(first));
        assertThat(journal().read(first.key(), 0, 10, SOON)).isEqualTo(create.events());
    }

    @Test
    default void repeating_a_create_answers_created_with_the_row_as_it_is_now() {
        long host = joined();
        TestRun run = new TestRun(new RunRef("acme", "a"));
        Create create = run.create(host, "one");
        run.written(made(create(create)).key(), create.events());
        appended(run, host, 2);
        long next = joined();
        journal().claim(run.key(), host, next, SOON);

        RunRow row = made(create(create));

        assertThat(row.head()).isEqualTo(run.head());
        assertThat(row.host()).hasValue(next);
    }

    @Test
    default void another_history_under_the_same_name_exists_and_writes_nothing() {
        long host = joined();
        TestRun run = created("acme", "a", host);
        RunRow before = row(run.ref());

        CreateResult result = create(new TestRun(run.ref()).create(host, "something else", "and more"));

        assertThat(result).isEqualTo(new CreateResult.Exists(before));
        assertThat(row(run.ref())).isEqualTo(before);
        assertThat(journal().read(run.key(), 0, 10, SOON)).isEqualTo(run.events());
    }

    @Test
    default void a_longer_create_that_begins_like_the_run_is_another_history() {
        long host = joined();
        TestRun run = new TestRun(new RunRef("acme", "a"));
        RunRow row = made(create(run.create(host, "one")));

        assertThat(create(run.create(host, "one", "two"))).isEqualTo(new CreateResult.Exists(row));
    }

    @Test
    default void the_same_run_id_under_another_tenant_is_another_run() {
        long host = joined();
        TestRun acme = created("acme", "a", host);
        TestRun other = created("other", "a", host);

        assertThat(acme.key()).isNotEqualTo(other.key());
        assertThat(journal().read(acme.key(), 0, 10, SOON)).isEqualTo(acme.events());
        assertThat(journal().read(other.key(), 0, 10, SOON)).isEqualTo(other.events());
    }

    @Test
    default void names_that_differ_only_in_case_are_different_runs() {
        long host = joined();
        TestRun lower = created("acme", "a", host);
        TestRun upper = created("acme", "A", host);

        assertThat(row(lower.ref()).key()).isNotEqualTo(row(upper.ref()).key());
    }

    @Test
    default void names_whose_joined_texts_are_equal_are_different_runs() {
        long host = joined();
        TestRun left = created("a-b", "c", host);
        TestRun right = created("a", "b-c", host);

        assertThat(row(left.ref()).key()).isNotEqualTo(row(right.ref()).key());
    }

    @Test
    default void the_longest_names_are_kept_whole() {
        TestRun run = created("t".repeat(128), "r".repeat(128), joined());

        assertThat(row(run.ref()).run()).isEqualTo(run.ref());
    }

    @Test
    default void a_losing_create_harms_no_neighbour_wherever_it_stands() {
        for (int place = 0; place < 3; place++) {
            long host = joined();
            TestRun taken = created("acme", "taken-" + place, host);
            Create loser = new TestRun(taken.ref()).create(host, "another history");
            Create left = new TestRun(new RunRef("acme", "left-" + place)).create(host, "l");
            Create right = new TestRun(new RunRef("acme", "right-" + place)).create(host, "r");
            List<Create> group = switch (place) {
                case 0 -> List.of(loser, left, right);
                case 1 -> List.of(left, loser, right);
                default -> List.of(left, right, loser);
            };

            List<CreateResult> results = journal().create(group, SOON);

            assertThat(results).hasSize(3);
            assertThat(results.get(place)).isEqualTo(new CreateResult.Exists(row(taken.ref())));
            assertThat(row(left.run()).head()).isEqualTo(left.after());
            assertThat(row(right.run()).head()).isEqualTo(right.after());
            assertThat(made(results.get(group.indexOf(left))).run()).isEqualTo(left.run());
            assertThat(made(results.get(group.indexOf(right))).run()).isEqualTo(right.run());
        }
    }

    @Test
    default void a_group_may_mix_new_runs_and_repeats() {
        long host = joined();
        Create known = new TestRun(new RunRef("acme", "known")).create(host, "one");
        RunRow row = made(create(known));
        Create fresh = new TestRun(new RunRef("acme", "fresh")).create(host, "one");

        List<CreateResult> results = journal().create(List.of(fresh, known), SOON);

        assertThat(made(results.get(0)).run()).isEqualTo(fresh.run());
        assertThat(results.get(1)).isEqualTo(new CreateResult.Created(row));
    }

    @Test
    default void a_run_named_twice_in_one_group_is_refused_and_nothing_is_written() {
        long host = joined();
        Create one = new TestRun(new RunRef("acme", "a")).create(host, "one");
        Create two = new TestRun(new RunRef("acme", "a")).create(host, "two");

        assertThatThrownBy(() -> journal().create(List.of(one, two), SOON))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("acme/a")
                .hasMessageContaining("twice");
        assertThat(journal().find(one.run(), SOON)).isEmpty();
    }

    @Test
    default void an_empty_group_creates_nothing() {
        assertThat(journal().create(List.of(), SOON)).isEmpty();
    }

    @Test
    default void a_large_group_is_created_in_order() {
        long host = joined();
        List<Create> group = IntStream.range(0, 200)
                .mapToObj(i -> new TestRun(new RunRef("acme", "run-" + (i * 7919) % 1000)).create(host, "run " + i))
                .toList();

        List<CreateResult> results = journal().create(group, SOON);

        assertThat(results)
                .extracting(result -> made(result).run())
                .isEqualTo(group.stream().map(Create::run).toList());
        assertThat(results)
                .extracting(result -> made(result).head())
                .isEqualTo(group.stream().map(Create::after).toList());
    }
}
