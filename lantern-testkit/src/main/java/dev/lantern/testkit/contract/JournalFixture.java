package dev.lantern.testkit.contract;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lantern.journal.Append;
import dev.lantern.journal.AppendResult;
import dev.lantern.journal.Create;
import dev.lantern.journal.CreateResult;
import dev.lantern.journal.HostLease;
import dev.lantern.journal.Journal;
import dev.lantern.journal.RunRow;
import dev.lantern.value.RunRef;
import java.time.Duration;
import java.util.List;

/** What the facets share: the journal under test, and the few acts that nearly every test begins with. */
interface JournalFixture {
    /** Longer than any call takes. */
    Duration SOON = Duration.ofSeconds(30);
    /** A lease that outlives the test. */
    Duration LONG = Duration.ofHours(1);
    /** A lease that a test waits for. */
    Duration SHORT = Duration.ofMillis(30);

    Journal journal();

    void letLapse(HostLease lease);

    default long joined() {
        return journal().join("https://host:8443", LONG, SOON).host();
    }

    /** A host whose lease has lapsed already. */
    default long lapsed() {
        HostLease lease = journal().join("https://gone:8443", SHORT, SOON);
        letLapse(lease);
        return lease.host();
    }

    default TestRun created(String tenant, String name, long host) {
        TestRun run = new TestRun(new RunRef(tenant, name));
        Create create = run.create(host, "created by " + host);
        RunRow row = made(create(create));
        run.written(row.key(), create.events());
        return run;
    }

    default CreateResult create(Create create) {
        return journal().create(List.of(create), SOON).get(0);
    }

    default AppendResult append(Append append) {
        return journal().append(List.of(append), SOON).get(0);
    }

    /** Appends {@code count} events one by one, each of which must win. */
    default void appended(TestRun run, long host, int count) {
        for (int i = 0; i < count; i++) {
            Append append = run.append(host, "event " + (run.head().seq() + 1));
            assertThat(append(append)).isEqualTo(new AppendResult.Appended(append.after()));
            run.written(append);
        }
    }

    /** Appends the last event, which must win. */
    default Append closed(TestRun run, long host) {
        Append close = run.closing(host, "the end");
        assertThat(append(close)).isEqualTo(new AppendResult.Appended(close.after()));
        run.written(close);
        return close;
    }

    default RunRow row(RunRef run) {
        return journal().find(run, SOON).orElseThrow();
    }

    default RunRow made(CreateResult result) {
        assertThat(result).isInstanceOf(CreateResult.Created.class);
        return ((CreateResult.Created) result).row();
    }
}
