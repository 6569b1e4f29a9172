package dev.lantern.operations;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lantern.Lantern;
import dev.lantern.SpawnRequest;
import dev.lantern.crash.Wait;
import dev.lantern.journal.Disposal;
import dev.lantern.journal.DisposalResult;
import dev.lantern.journal.Journal;
import dev.lantern.journal.jdbc.JdbcJournal;
import dev.lantern.retention.ArchiveDirectory;
import dev.lantern.retention.Retention;
import dev.lantern.retention.RetentionEntry;
import dev.lantern.retention.RetentionReport;
import dev.lantern.retention.RetentionRule;
import dev.lantern.run.AgentRun;
import dev.lantern.run.ChainVerdict;
import dev.lantern.run.Retained;
import dev.lantern.run.RunDisposedException;
import dev.lantern.run.RunEvent;
import dev.lantern.run.RunPage;
import dev.lantern.run.RunQuery;
import dev.lantern.run.RunResult;
import dev.lantern.run.RunStatus;
import dev.lantern.run.RunSummary;
import dev.lantern.spec.AgentSpec;
import dev.lantern.spec.Isolation;
import dev.lantern.testkit.LanternExtension;
import dev.lantern.testkit.sim.ForwardingJournal;
import dev.lantern.value.LanternException;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import javax.sql.DataSource;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** Lists, following, erasure, archives and deletion through the API of two hosts on one real database. */
abstract class OperationsCases {
    /** The common pool has a single thread on two processors, and these wait for each other. */
    private static final java.util.concurrent.Executor THREAD_EACH = task -> new Thread(task).start();

    private static final String IMAGE = "registry.example/triage";
    private static final String PATIENT = "registry.example/patient";
    private static final String LARGE = "large";

    private final AtomicInteger disposals = new AtomicInteger();
    private final CountDownLatch goOn = new CountDownLatch(1);
    private volatile Optional<Integer> dieAtDisposal = Optional.empty();

    @TempDir
    Path directory;

    @RegisterExtension
    final LanternExtension here = host();

    @RegisterExtension
    final LanternExtension there = host();

    abstract DataSource source();

    private LanternExtension host() {
        return LanternExtension.on(() -> new Mortal(JdbcJournal.on(source())))
                .agent(IMAGE, String.class, (steps, ticket) -> {
                    if (ticket.equals("fails")) {
                        throw new IllegalStateException("the script wants it so");
                    }
                    String text = ticket.equals(LARGE) ? "x".repeat(200_000) : "text of " + ticket;
                    return steps.step("write", String.class, attempt -> text);
                })
                .agent(PATIENT, String.class, (steps, ticket) -> {
                    steps.step("before", String.class, attempt -> "b");
                    goOn.await();
                    steps.step("after", String.class, attempt -> "a");
                    return ticket;
                });
    }

    // -- lists

    @Test
    void runs_of_every_host_are_listed_by_tenant_status_agent_label_and_time() throws Exception {
        Instant before = Instant.now().minusSeconds(60);
        ended(here, request("acme", "a", "one").label("team", "x"));
        ended(there, request("acme", "b", "fails").label("team", "x"));
        ended(there, request("other", "c", "three").label("team", "y"));
        AgentRun waiting = here.spawn(patient("d"));
        // tag::list[]
        RunQuery failed = RunQuery.all()
                .tenant("acme")
                .status(RunStatus.FAILED)
                .label("team", "x")
                .createdFrom(before)
                .limit(50);
        RunPage page = here.runtime().runs(failed);
        // end::list[]

        assertThat(page.runs()).singleElement().satisfies(run -> {
            assertThat(run.ref().toString()).isEqualTo("acme/b");
            assertThat(run.agent()).isEqualTo("triage");
            assertThat(run.labels().asMap()).containsEntry("team", "x").containsEntry("kind", "test");
            assertThat(run.created()).isBetween(before, Instant.now().plusSeconds(60));
            assertThat(run.open()).isFalse();
            assertThat(run.retained()).isEqualTo(Retained.WHOLE);
        });
        assertThat(page.next()).isEmpty();
        assertThat(names(RunQuery.all().open())).containsExactly("d");
        assertThat(names(RunQuery.all().closed().order(RunQuery.Order.OLDEST_FIRST)))
                .containsExactly("a", "b", "c");
        Wait.until(
                "d runs", () -> names(RunQuery.all().status(RunStatus.RUNNING)).equals(List.of("d")));
        assertThat(names(RunQuery.all().agent("patient"))).containsExactly("d");
        assertThat(names(RunQuery.all().label("kind", "test").tenant("other"))).containsExactly("c");
        assertThat(names(RunQuery.all().createdBefore(before))).isEmpty();
        goOn.countDown();
        waiting.onEnd().get(60, TimeUnit.SECONDS);
    }

    @Test
    void pages_follow_each_other_by_a_cursor_that_any_host_takes() throws Exception {
        List<String> spawned = new ArrayList<>();
        for (int i = 0; i < 7; i++) {
            ended(here, request("acme", "run-" + i, "t"));
            spawned.add(0, "run-" + i);
        }
        List<String> listed = new ArrayList<>();
        // tag::pages[]
        RunQuery query = RunQuery.all().tenant("acme").limit(3);
        RunPage page = here.runtime().runs(query);
        page.runs().forEach(run -> listed.add(run.ref().run()));
        while (page.next().isPresent()) {
            page = here.runtime().runs(query.after(page.next().get()));
            page.runs().forEach(run -> listed.add(run.ref().run()));
        }
        // end::pages[]

        assertThat(listed).isEqualTo(spawned);
        String cursor = there.runtime().runs(query).next().orElseThrow();
        assertThat(there.runtime().runs(query.after(cursor).limit(1)).runs())
                .extracting(run -> run.ref().run())
                .containsExactly("run-3");
        String other = (cursor.startsWith("A") ? "B" : "A") + cursor.substring(1);
        for (String bad : List.of("", "page 2", cursor.substring(1), cursor + "A", other, "é")) {
            assertThatThrownBy(() -> here.runtime().runs(query.after(bad)))
                    .isInstanceOf(LanternException.class)
                    .hasMessageContaining("RunPage.next()");
        }
        assertThatThrownBy(() -> here.runtime().runs(query.after(cursor).order(RunQuery.Order.OLDEST_FIRST)))
                .isInstanceOf(LanternException.class)
                .hasMessageContaining("another order than OLDEST_FIRST");
        assertThatThrownBy(() -> query.limit(0)).hasMessageContaining("1 to 1000");
    }

    // -- following

    @Test
    void a_run_is_followed_from_any_host_and_from_any_event_to_its_end() throws Exception {
        AgentRun run = here.spawn(patient("a"));
        AgentRun same = there.runtime().find("acme", "a").orElseThrow();
        List<RunEvent> own = java.util.Collections.synchronizedList(new ArrayList<>());
        List<RunEvent> foreign = java.util.Collections.synchronizedList(new ArrayList<>());
        CompletableFuture<Void> ownEnd = CompletableFuture.runAsync(() -> run.follow(0, own::add), THREAD_EACH);
        CompletableFuture<Void> foreignEnd = CompletableFuture.runAsync(
                () -> {
                    // tag::follow[]
                    same.follow(0, event -> {
                        foreign.add(event); // event.seq() is where to go on, on any host
                    });
                    // end::follow[]
                },
                THREAD_EACH);
        awaitKind(foreign, "step_completed");
        awaitKind(own, "step_completed");
        goOn.countDown();
        ownEnd.get(60, TimeUnit.SECONDS);
        foreignEnd.get(60, TimeUnit.SECONDS);

        List<RunEvent> all = run.events();
        assertThat(own).isEqualTo(all);
        assertThat(foreign).isEqualTo(all);
        assertThat(all.get(all.size() - 1).kind()).isEqualTo("run_succeeded");
        List<RunEvent> rest = new ArrayList<>();
        same.follow(3, rest::add);
        assertThat(rest).isEqualTo(all.subList(3, all.size()));
        assertThat(same.events(2, 2)).isEqualTo(all.subList(2, 4));
        assertThat(same.events(all.size(), 10)).isEmpty();
    }

    @Test
    void an_interrupt_ends_the_following_and_stays_set() throws Exception {
        AgentRun run = there.spawn(patient("a"));
        List<RunEvent> seen = java.util.Collections.synchronizedList(new ArrayList<>());
        CompletableFuture<Boolean> interrupted = new CompletableFuture<>();
        Thread follower = new Thread(
                () -> {
                    here.runtime().find("acme", "a").orElseThrow().follow(0, seen::add);
                    interrupted.complete(Thread.currentThread().isInterrupted());
                },
                "follower");
        here.runtime();
        follower.start();
        awaitKind(seen, "step_completed");
        follower.interrupt();

        assertThat(interrupted.get(60, TimeUnit.SECONDS)).isTrue();
        goOn.countDown();
        run.onEnd().get(60, TimeUnit.SECONDS);
    }

    // -- verification and export

    @Test
    void an_export_is_verified_by_an_implementation_that_is_not_ours() throws Exception {
        AgentRun run = ended(here, request("acme", "a", "one"));
        Path file = directory.resolve("a.jsonl");
        // tag::verify[]
        ChainVerdict verdict = run.verify();
        if (verdict instanceof ChainVerdict.Intact intact) {
            try (var out = Files.newOutputStream(file)) {
                run.export(out);
            }
            Files.writeString(directory.resolve("a.head"), intact.head());
        }
        // end::verify[]

        String head = Files.readString(directory.resolve("a.head"));
        assertThat(IndependentVerifier.file(file, "acme/a", head))
                .startsWith("ok")
                .endsWith(head);
        assertThat(there.runtime().find("acme", "a").orElseThrow().verify()).isEqualTo(verdict);
    }

    // -- erasure

    @Test
    void erased_payloads_are_gone_for_every_host_and_the_chain_verifies_as_before() throws Exception {
        SpawnRequest request = request("acme", "a", LARGE);
        AgentRun run = ended(here, request);
        AgentRun same = there.runtime().find("acme", "a").orElseThrow();
        assertThat(run.await()).isInstanceOf(RunResult.Succeeded.class);
        assertThat(same.await()).as("read before, so a cache could have it").isInstanceOf(RunResult.Succeeded.class);
        ChainVerdict.Intact before = (ChainVerdict.Intact) run.verify();
        // tag::erase[]
        here.runtime().retention().erase("acme", "a", "the customer asked, case 12");
        // end::erase[]

        for (AgentRun handle : List.of(run, same)) {
            assertThat(handle.retained()).isEqualTo(Retained.CHAIN);
            assertThat(handle.await()).isEqualTo(new RunResult.Erased());
            assertThat(handle.verify()).isEqualTo(before);
            assertThat(handle.status()).isEqualTo(RunStatus.SUCCEEDED);
            assertThat(handle.usage().steps()).isEqualTo(1);
        }
        assertThat(new IndependentVerifier(directory).export(run, before.head()))
                .startsWith("ok");
        assertThatThrownBy(() -> here.spawn(request))
                .isInstanceOfSatisfying(
                        RunDisposedException.class,
                        e -> assertThat(e.retained()).isEqualTo(Retained.CHAIN))
                .hasMessageContaining("acme/a")
                .hasMessageContaining("erased");
        assertThat(there.runtime().retention().history("acme", "a"))
                .singleElement()
                .satisfies(entry -> {
                    assertThat(entry.act()).isEqualTo(RetentionEntry.Act.ERASED);
                    assertThat(entry.reason()).isEqualTo("the customer asked, case 12");
                });
        there.runtime().retention().erase("acme", "a", "again");
        assertThat(there.runtime().retention().history("acme", "a")).hasSize(1);
    }

    @Test
    void an_open_run_is_neither_erased_nor_archived_nor_deleted() throws Exception {
        AgentRun run = here.spawn(patient("a"));
        awaitKind(run, "step_completed");
        Retention retention = there.runtime().retention();

        assertThatThrownBy(() -> retention.erase("acme", "a", "too early"))
                .isInstanceOf(LanternException.class)
                .hasMessageContaining("only closed runs");
        assertThat(retention.erase(now())).isEqualTo(new RetentionReport(0, List.of()));
        assertThat(retention.delete(now())).isEqualTo(new RetentionReport(0, List.of()));
        assertThat(retention.archive(now(), ArchiveDirectory.in(directory)))
                .isEqualTo(new RetentionReport(0, List.of()));
        assertThatThrownBy(() -> retention.erase("acme", "nobody", "r")).hasMessageContaining("no run acme/nobody");

        goOn.countDown();
        assertThat(run.await()).isInstanceOf(RunResult.Succeeded.class);
    }

    // -- archives and deletion

    @Test
    void runs_past_their_time_are_archived_and_deleted_and_leave_what_verifies_the_archive() throws Exception {
        AgentRun old = ended(here, request("acme", "old", "one").label("team", "x"));
        AgentRun erased = ended(there, request("acme", "erased", LARGE));
        here.runtime().retention().erase("acme", "erased", "first the payloads");
        AgentRun other = ended(here, request("other", "kept", "one"));
        String head = ((ChainVerdict.Intact) old.verify()).head();
        Path archived = directory.resolve("archive");
        // tag::archive[]
        ArchiveDirectory archive = ArchiveDirectory.in(archived);
        RetentionRule rule = RetentionRule.closedFor(Duration.ofDays(365), "runs of acme are kept for a year")
                .of(RunQuery.all().tenant("acme"));
        RetentionReport report = here.runtime().retention().archive(rule, archive);
        // end::archive[]

        assertThat(report).as("nothing is old enough").isEqualTo(new RetentionReport(0, List.of()));
        assertThat(archived).doesNotExist();

        RetentionRule now = new RetentionRule(Duration.ZERO, "over", rule.runs());
        assertThat(there.runtime().retention().archive(now, archive)).isEqualTo(new RetentionReport(2, List.of()));

        assertThat(IndependentVerifier.file(archive.file("acme", "old"), "acme/old", head))
                .startsWith("ok");
        assertThat(IndependentVerifier.file(archive.file("acme", "erased"), "acme/erased", ""))
                .startsWith("ok");
        for (AgentRun run :
                List.of(old, erased, here.runtime().find("acme", "old").orElseThrow())) {
            assertThat(run.retained()).isEqualTo(Retained.TOMBSTONE);
            assertThat(run.status()).isEqualTo(RunStatus.SUCCEEDED);
            for (Reading reading : List.<Reading>of(
                    run::events, run::usage, run::verify, run::await, () -> followed(run), () -> exported(run))) {
                assertThatThrownBy(reading::read)
                        .isInstanceOf(RunDisposedException.class)
                        .hasMessageContaining(run.ref().toString())
                        .hasMessageContaining("was deleted");
            }
        }
        assertThatThrownBy(() -> here.spawn(request("acme", "old", "one")))
                .isInstanceOf(RunDisposedException.class)
                .hasMessageContaining("its id stays taken");
        assertThatThrownBy(() -> here.runtime().retention().erase("acme", "old", "r"))
                .isInstanceOf(RunDisposedException.class);
        assertThat(here.runtime().retention().history("acme", "erased"))
                .extracting(RetentionEntry::act)
                .containsExactly(RetentionEntry.Act.ERASED, RetentionEntry.Act.ARCHIVED);
        assertThat(names(RunQuery.all())).containsExactly("kept");
        assertThat(here.runtime()
                        .runs(RunQuery.all().retained(Retained.TOMBSTONE))
                        .runs())
                .extracting(RunSummary::retained)
                .containsExactly(Retained.TOMBSTONE, Retained.TOMBSTONE);
        assertThat(other.verify()).isInstanceOf(ChainVerdict.Intact.class);
        assertThat(there.runtime().retention().archive(now, archive)).isEqualTo(new RetentionReport(0, List.of()));
    }

    @Test
    void a_damaged_chain_stays_and_is_reported_and_the_others_go() throws Exception {
        ended(here, request("acme", "a", "one"));
        AgentRun damaged = ended(here, request("acme", "b", "one"));
        ended(here, request("acme", "c", "one"));
        Sql.on(source(), damaged).change("delete from lantern_event where seq = ? and run_key = ?", 3L);

        RetentionReport report = here.runtime().retention().archive(now(), ArchiveDirectory.in(directory));

        assertThat(report.done()).isEqualTo(2);
        assertThat(report.left()).singleElement().satisfies(left -> {
            assertThat(left.run()).isEqualTo(damaged.ref());
            assertThat(left.why()).contains("event 3").contains("REMOVED");
        });
        assertThat(damaged.retained()).isEqualTo(Retained.WHOLE);
        try (Stream<Path> files = Files.list(directory.resolve("acme"))) {
            assertThat(files.map(file -> file.getFileName().toString()).sorted())
                    .containsExactly("a.jsonl", "c.jsonl");
        }
    }

    @Test
    void an_archive_that_takes_nothing_stops_the_sweep_and_what_it_took_before_is_done() throws Exception {
        for (String id : List.of("a", "b", "c")) {
            ended(here, request("acme", id, "one"));
        }
        ArchiveDirectory disk = ArchiveDirectory.in(directory);

        assertThatThrownBy(() -> here.runtime().retention().archive(now(), (run, content) -> {
                    if (run.ref().run().equals("b")) {
                        throw new IOException("no space left on device");
                    }
                    disk.store(run, content);
                }))
                .isInstanceOf(LanternException.class)
                .hasMessageContaining("acme/b")
                .hasMessageContaining("no space left");
        assertThat(names(RunQuery.all().order(RunQuery.Order.OLDEST_FIRST))).containsExactly("b", "c");

        assertThat(here.runtime().retention().archive(now(), disk).done()).isEqualTo(2);
    }

    @Test
    void a_sweep_that_dies_between_its_commits_loses_nothing_and_is_repeated() throws Exception {
        List<AgentRun> runs = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            runs.add(ended(here, request("acme", "run-" + i, "one")));
        }
        ArchiveDirectory archive = ArchiveDirectory.in(directory);
        for (int point = 1; point <= 2; point++) {
            dieAtDisposal = Optional.of(point);
            disposals.set(0);
            assertThatThrownBy(() -> here.runtime().retention().archive(now(), archive))
                    .isInstanceOf(LanternException.class)
                    .hasMessageContaining("the test cut the connection");
            for (AgentRun run : runs) {
                boolean archived = Files.exists(archive.file("acme", run.ref().run()));
                assertThat(archived || run.retained() == Retained.WHOLE).isTrue();
            }
        }
        dieAtDisposal = Optional.empty();

        there.runtime().retention().archive(now(), archive);

        for (AgentRun run : runs) {
            assertThat(run.retained()).isEqualTo(Retained.TOMBSTONE);
            assertThat(here.runtime().retention().history("acme", run.ref().run()))
                    .hasSize(1);
            assertThat(IndependentVerifier.file(
                            archive.file("acme", run.ref().run()), run.ref().toString(), ""))
                    .startsWith("ok");
        }
    }

    @Test
    void two_hosts_archive_at_the_same_time_without_harm() throws Exception {
        for (int i = 0; i < 12; i++) {
            ended(i % 2 == 0 ? here : there, request("acme", "run-" + i, "one"));
        }
        ArchiveDirectory archive = ArchiveDirectory.in(directory);
        CyclicBarrier start = new CyclicBarrier(2);
        List<CompletableFuture<RetentionReport>> sweeps = Stream.of(here.runtime(), there.runtime())
                .map(runtime -> CompletableFuture.supplyAsync(
                        () -> {
                            try {
                                start.await(60, TimeUnit.SECONDS);
                            } catch (Exception e) {
                                throw new IllegalStateException(e);
                            }
                            return runtime.retention().archive(now(), archive);
                        },
                        THREAD_EACH))
                .toList();
        for (CompletableFuture<RetentionReport> sweep : sweeps) {
            assertThat(sweep.get(120, TimeUnit.SECONDS).left()).isEmpty();
        }

        assertThat(names(RunQuery.all())).isEmpty();
        for (int i = 0; i < 12; i++) {
            assertThat(IndependentVerifier.file(archive.file("acme", "run-" + i), "acme/run-" + i, ""))
                    .startsWith("ok");
            assertThat(here.runtime().retention().history("acme", "run-" + i)).hasSize(1);
        }
    }

    private interface Reading {
        Object read() throws Exception;
    }

    private static List<RunEvent> followed(AgentRun run) {
        List<RunEvent> events = new ArrayList<>();
        run.follow(0, events::add);
        return events;
    }

    private static int exported(AgentRun run) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        run.export(out);
        return out.size();
    }

    /** Dies at a disposal, before or after it took effect. */
    private final class Mortal extends ForwardingJournal {
        Mortal(Journal inner) {
            super(inner);
        }

        @Override
        public List<DisposalResult> dispose(List<Disposal> group, Duration within) {
            int call = disposals.incrementAndGet();
            if (dieAtDisposal.equals(Optional.of(1)) && call == 1) {
                throw new LanternException("the test cut the connection before the statement");
            }
            List<DisposalResult> results =
                    super.dispose(dieAtDisposal.isPresent() ? group.subList(0, 1) : group, within);
            if (dieAtDisposal.isPresent()) {
                throw new LanternException("the test cut the connection behind the statement");
            }
            return results;
        }
    }

    private static RetentionRule now() {
        return RetentionRule.closedFor(Duration.ZERO, "over");
    }

    private List<String> names(RunQuery query) {
        return here.runtime().runs(query).runs().stream()
                .map(run -> run.ref().run())
                .toList();
    }

    private static SpawnRequest request(String tenant, String id, String ticket) {
        return Lantern.spawn(spec("triage", IMAGE)).tenant(tenant).runId(id).input(ticket);
    }

    private static SpawnRequest patient(String id) {
        return Lantern.spawn(spec("patient", PATIENT)).tenant("acme").runId(id).input("t");
    }

    private static AgentSpec spec(String name, String image) {
        return AgentSpec.builder(name)
                .metadataLabel("kind", "test")
                .image(image + "@sha256:" + "ab".repeat(32))
                .isolation(Isolation.STANDARD)
                .build();
    }

    private static AgentRun ended(LanternExtension host, SpawnRequest request) throws Exception {
        AgentRun run = host.spawn(request);
        run.onEnd().get(60, TimeUnit.SECONDS);
        return run;
    }

    private static void awaitKind(AgentRun run, String kind) {
        Wait.until(
                kind + " of " + run,
                () -> run.events().stream().anyMatch(event -> event.kind().equals(kind)));
    }

    private static void awaitKind(List<RunEvent> seen, String kind) {
        Wait.until(
                kind,
                () -> List.copyOf(seen).stream().anyMatch(event -> event.kind().equals(kind)));
    }
}
