package dev.lantern.testkit.contract;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lantern.journal.Append;
import dev.lantern.journal.AppendResult;
import dev.lantern.journal.Create;
import dev.lantern.journal.Disposal;
import dev.lantern.journal.DisposalResult;
import dev.lantern.journal.Fence;
import dev.lantern.journal.ListedRun;
import dev.lantern.journal.RunPlace;
import dev.lantern.journal.RunRow;
import dev.lantern.run.Retained;
import dev.lantern.run.RunLabels;
import dev.lantern.run.RunQuery;
import dev.lantern.run.RunStatus;
import dev.lantern.value.RunRef;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Random;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Lists of runs, whole and page by page. */
interface JournalLists extends JournalFixture {

    @Test
    default void runs_are_listed_by_creation_and_where_that_is_equal_by_key() {
        long host = joined();
        List<String> byCreation = List.of("first", "second", "third", "fourth");
        listed("third", host, TestRun.NOON.plusSeconds(1));
        listed("first", host, TestRun.NOON.minusSeconds(1));
        listed("fourth", host, TestRun.NOON.plusSeconds(1));
        listed("second", host, TestRun.NOON);

        assertThat(names(RunQuery.all().order(RunQuery.Order.OLDEST_FIRST))).isEqualTo(byCreation);
        assertThat(names(RunQuery.all())).containsExactly("fourth", "third", "second", "first");
    }

    @Test
    default void a_listed_run_carries_its_row_its_agent_its_labels_and_its_creation() {
        long host = joined();
        RunLabels labels = RunLabels.none()
                .with("team", "support")
                .with("app.example/ticket", "")
                .with("note", "Zürich 🚀");
        Instant created = Instant.parse("2026-11-23T12:00:00.123456Z");
        TestRun run = new TestRun(new RunRef("acme", "a"));
        Create create = run.create(host, "triage", labels, created.plusNanos(789), "one");
        run.written(made(create(create)).key(), create.events());
        created("acme", "b", host);
        appended(run, host, 2);

        assertThat(list(RunQuery.all().label("team", "support")))
                .containsExactly(new ListedRun(row(run.ref()), "triage", labels, created));
        assertThat(list(RunQuery.all().label("team", "support")).get(0).row().head())
                .isEqualTo(run.head());
    }

    @Test
    default void each_condition_chooses_what_it_says() {
        long host = joined();
        TestRun mine = listed(
                "mine",
                host,
                TestRun.NOON,
                "triage",
                RunLabels.none().with("team", "x").with("tier", "1"));
        TestRun theirs = created("other", "theirs", host);
        TestRun ended = listed(
                "ended",
                host,
                TestRun.NOON.plusSeconds(60),
                "writer",
                RunLabels.none().with("team", "X"));
        closed(ended, host);
        appended(mine, host, 1);
        RunQuery all = RunQuery.all().order(RunQuery.Order.OLDEST_FIRST);

        assertThat(names(all)).containsExactly("mine", "theirs", "ended");
        assertThat(names(all.tenant("acme"))).containsExactly("mine", "ended");
        assertThat(names(all.tenant("ACME"))).isEmpty();
        assertThat(names(all.agent("writer"))).containsExactly("ended");
        assertThat(names(all.label("team", "x"))).as("values differ in case").containsExactly("mine");
        assertThat(names(all.label("team", "x").label("tier", "1"))).containsExactly("mine");
        assertThat(names(all.label("team", "x").label("tier", "2")))
                .as("all of them")
                .isEmpty();
        assertThat(names(all.label("tea", "x"))).isEmpty();
        assertThat(names(all.status(RunStatus.PENDING))).containsExactly("theirs");
        assertThat(names(all.status(RunStatus.RUNNING, RunStatus.SUCCEEDED))).containsExactly("mine", "ended");
        assertThat(names(all.open())).containsExactly("mine", "theirs");
        assertThat(names(all.closed())).containsExactly("ended");
        assertThat(names(all.createdFrom(TestRun.NOON.plusSeconds(60)))).containsExactly("ended");
        assertThat(names(all.createdFrom(TestRun.NOON.plusSeconds(60).plusNanos(1))))
                .isEmpty();
        assertThat(names(all.createdBefore(TestRun.NOON))).isEmpty();
        assertThat(names(all.createdBefore(TestRun.NOON.plusNanos(1)))).containsExactly("mine", "theirs");
        assertThat(names(all.createdFrom(Instant.MIN).createdBefore(Instant.MAX)))
                .hasSize(3);
        assertThat(names(all.limit(2))).containsExactly("mine", "theirs");
        assertThat(theirs.key()).isNotEqualTo(mine.key());
    }

    @Test
    default void a_run_that_nobody_owns_for_a_moment_is_open() {
        long host = joined();
        TestRun run = created("acme", "a", host);

        journal().release(run.key(), host, SOON);

        assertThat(names(RunQuery.all().open())).containsExactly("a");
        assertThat(names(RunQuery.all().closed())).isEmpty();
    }

    @Test
    default void deleted_runs_are_listed_only_when_they_are_asked_for() {
        long host = joined();
        TestRun run =
                listed("gone", host, TestRun.NOON, "triage", RunLabels.none().with("team", "x"));
        closed(run, host);
        created("acme", "here", host);
        journal().dispose(List.of(new Disposal(run.key(), Disposal.Kind.DELETE, run.head(), "test")), SOON);

        assertThat(names(RunQuery.all())).containsExactly("here");
        assertThat(names(RunQuery.all().label("team", "x").retained(Retained.TOMBSTONE)))
                .isEmpty();
        assertThat(list(RunQuery.all().retained(Retained.TOMBSTONE)))
                .containsExactly(new ListedRun(row(run.ref()), "triage", RunLabels.none(), TestRun.NOON));
        assertThat(names(RunQuery.all().retained(Retained.WHOLE, Retained.TOMBSTONE)))
                .hasSize(2);
    }

    @Test
    default void lists_answer_as_a_model_does_whole_and_in_pages_of_any_size() {
        long host = joined();
        Random random = new Random(20261123);
        List<ListedRun> model = new ArrayList<>();
        for (int i = 0; i < 60; i++) {
            model.add(randomRun(random, host, i));
        }
        int listed = 0;
        for (int i = 0; i < 120; i++) {
            RunQuery query = randomQuery(random);
            List<ListedRun> expected = model.stream()
                    .filter(run -> chosen(run, query))
                    .sorted(
                            query.order() == RunQuery.Order.OLDEST_FIRST
                                    ? Comparator.comparing(ListedRun::place)
                                    : Comparator.comparing(ListedRun::place).reversed())
                    .toList();

            assertThat(pages(query.limit(1 + random.nextInt(20)))).isEqualTo(expected);
            listed += expected.size();
        }
        assertThat(listed).as("the queries choose something").isGreaterThan(300);
    }

    @Test
    default void what_is_there_throughout_the_paging_is_listed_once_whatever_comes_and_goes() throws Exception {
        long host = joined();
        List<String> there = new ArrayList<>();
        List<TestRun> going = new ArrayList<>();
        for (int i = 0; i < 60; i++) {
            TestRun run = listed("there-" + i, host, TestRun.NOON.plusSeconds(i));
            there.add(run.ref().run());
            TestRun other = listed("going-" + i, host, TestRun.NOON.plusSeconds(i));
            closed(other, host);
            going.add(other);
        }
        AtomicBoolean done = new AtomicBoolean();

        List<List<String>> seen = Rivals.race(4, rival -> {
            if (rival > 1) {
                comeAndGo(rival, host, going, done);
                return List.of();
            }
            List<String> names = new ArrayList<>();
            RunQuery query = RunQuery.all()
                    .limit(7)
                    .order(rival == 0 ? RunQuery.Order.NEWEST_FIRST : RunQuery.Order.OLDEST_FIRST);
            try {
                names.addAll(
                        pages(query).stream().map(run -> run.row().run().run()).toList());
            } finally {
                done.set(true);
            }
            return names;
        });

        for (List<String> names : List.of(seen.get(0), seen.get(1))) {
            assertThat(names).doesNotHaveDuplicates().containsAll(there);
        }
    }

    @Test
    default void lists_and_writers_do_not_hinder_each_other() throws Exception {
        long host = joined();
        List<TestRun> runs = IntStream.range(0, 3)
                .mapToObj(i -> created("acme", "run-" + i, host))
                .toList();
        AtomicBoolean done = new AtomicBoolean();

        List<Integer> counts = Rivals.race(6, rival -> {
            if (rival < runs.size()) {
                try {
                    appended(runs.get(rival), host, 60);
                } finally {
                    done.set(true);
                }
                return 0;
            }
            int lists = 0;
            do {
                assertThat(names(RunQuery.all().tenant("acme").open())).hasSize(3);
                lists++;
            } while (!done.get());
            return lists;
        });

        assertThat(counts.subList(3, 6)).allMatch(lists -> lists > 0);
        for (TestRun run : runs) {
            assertThat(row(run.ref()).head()).isEqualTo(run.head());
        }
    }

    /** Until the paging is over: spawns at both ends and in the middle, and deletes. */
    private void comeAndGo(int rival, long host, List<TestRun> going, AtomicBoolean done) {
        for (int i = 0; i < 200 && !done.get(); i++) {
            listed("new-" + rival + "-" + i, host, TestRun.NOON.plusSeconds((i * 37) % 100 - 20));
            int place = i * 2 + rival - 2;
            if (place < going.size()) {
                TestRun run = going.get(place);
                Disposal disposal = new Disposal(run.key(), Disposal.Kind.DELETE, run.head(), "goes");
                assertThat(journal().dispose(List.of(disposal), SOON)).containsExactly(new DisposalResult.Done());
            }
        }
    }

    private ListedRun randomRun(Random random, long host, int i) {
        String[] tenants = {"acme", "other"};
        RunLabels labels = RunLabels.none();
        for (String name : List.of("team", "tier", "zone")) {
            if (random.nextBoolean()) {
                labels = labels.with(name, String.valueOf(random.nextInt(2)));
            }
        }
        Instant created = TestRun.NOON.plusSeconds(random.nextInt(20));
        String agent = "agent-" + random.nextInt(3);
        TestRun run = new TestRun(new RunRef(tenants[random.nextInt(2)], "run-" + i));
        Create create = run.create(host, agent, labels, created, "one");
        run.written(made(create(create)).key(), create.events());
        RunStatus status = anyStatus(random);
        Append append = new Append(
                run.key(),
                new Fence(host, 0, run.head()),
                TestRun.next(run.head(), "two"),
                0,
                status,
                status.terminal());
        assertThat(append(append)).isEqualTo(new AppendResult.Appended(append.after()));
        OptionalLong owner = status.terminal() ? OptionalLong.empty() : OptionalLong.of(host);
        RunRow row = new RunRow(run.ref(), run.key(), owner, 0, append.after(), status);
        return new ListedRun(row, agent, labels, created);
    }

    private static RunQuery randomQuery(Random random) {
        RunQuery query = RunQuery.all();
        if (random.nextInt(3) == 0) {
            query = query.tenant(random.nextBoolean() ? "acme" : "other");
        }
        if (random.nextInt(3) == 0) {
            query = query.agent("agent-" + random.nextInt(3));
        }
        for (String name : List.of("team", "tier", "zone")) {
            if (random.nextInt(5) == 0) {
                query = query.label(name, String.valueOf(random.nextInt(2)));
            }
        }
        if (random.nextInt(3) == 0) {
            query = query.status(anyStatus(random), anyStatus(random));
        }
        if (random.nextInt(4) == 0) {
            query = random.nextBoolean() ? query.open() : query.closed();
        }
        if (random.nextInt(3) == 0) {
            query = query.createdFrom(TestRun.NOON.plusSeconds(random.nextInt(20)));
        }
        if (random.nextInt(3) == 0) {
            query = query.createdBefore(TestRun.NOON.plusSeconds(random.nextInt(20)));
        }
        return random.nextBoolean() ? query : query.order(RunQuery.Order.OLDEST_FIRST);
    }

    private static RunStatus anyStatus(Random random) {
        List<RunStatus> all = List.of(RunStatus.values());
        return all.get(random.nextInt(all.size()));
    }

    private static boolean chosen(ListedRun run, RunQuery query) {
        return query.tenant().map(run.row().run().tenant()::equals).orElse(true)
                && query.agent().map(run.agent()::equals).orElse(true)
                && query.labels().asMap().entrySet().stream()
                        .allMatch(label ->
                                label.getValue().equals(run.labels().asMap().get(label.getKey())))
                && query.statuses().contains(run.row().status())
                && query.openness()
                        .map(open -> open == run.row().host().isPresent())
                        .orElse(true)
                && query.createdFrom()
                        .map(from -> !run.created().isBefore(from))
                        .orElse(true)
                && query.createdBefore().map(run.created()::isBefore).orElse(true);
    }

    private TestRun listed(String name, long host, Instant created) {
        return listed(name, host, created, "triage", RunLabels.none());
    }

    private TestRun listed(String name, long host, Instant created, String agent, RunLabels labels) {
        TestRun run = new TestRun(new RunRef("acme", name));
        Create create = run.create(host, agent, labels, created, "one");
        run.written(made(create(create)).key(), create.events());
        return run;
    }

    private List<ListedRun> list(RunQuery query) {
        return journal().list(query, Optional.empty(), SOON);
    }

    private List<String> names(RunQuery query) {
        return list(query).stream().map(run -> run.row().run().run()).toList();
    }

    private List<ListedRun> pages(RunQuery query) {
        List<ListedRun> all = new ArrayList<>();
        Optional<RunPlace> behind = Optional.empty();
        List<ListedRun> page;
        do {
            page = journal().list(query, behind, SOON);
            assertThat(page).hasSizeLessThanOrEqualTo(query.limit());
            all.addAll(page);
            behind = page.isEmpty()
                    ? behind
                    : Optional.of(page.get(page.size() - 1).place());
        } while (!page.isEmpty());
        return all;
    }
}
