package dev.lantern.testkit.contract;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lantern.journal.Durability;
import dev.lantern.journal.HostLease;
import dev.lantern.journal.Journal;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * What every {@link Journal} does. A backend's test extends this class and says how to open one:
 *
 * <pre>{@code
 * class MyJournalTest extends JournalContract {
 *     @Override
 *     protected Journal open() {
 *         return new MyJournal(freshPlace());
 *     }
 * }
 * }</pre>
 *
 * <p>The tests stand in one interface per facet: creating, appending, reading, lists, disposals, hosts, claiming, inbox,
 * sealing anew, limits, and races between many writers. A backend that deviates overrides the test and disables it with
 * the reason.
 */
public abstract class JournalContract
        implements JournalCreates,
                JournalAppends,
                JournalReads,
                JournalLists,
                JournalDisposals,
                JournalHosts,
                JournalClaims,
                JournalInbox,
                JournalReplaces,
                JournalLimits,
                JournalRaces {
    private Journal journal;

    /** Only subclasses make one. */
    protected JournalContract() {}

    /** A new journal that holds nothing. */
    protected abstract Journal open() throws Exception;

    /**
     * Closes what {@link #open} made last and opens it again, where something survives that.
     *
     * @return empty exactly where {@link Journal#durability} is {@link Durability#MEMORY}
     */
    protected Optional<Journal> reopen() throws Exception {
        return Optional.empty();
    }

    /** Returns once the backend's clock has reached the end of {@code lease}. Asks the backend for its time until then. */
    protected void awaitLapse(HostLease lease) {
        Await.until(
                "the backend's clock to reach " + lease.until(),
                () -> !Await.now(journal).isBefore(lease.until()));
    }

    /** For the facets; a backend overrides {@link #open}. */
    @Override
    public final Journal journal() {
        return journal;
    }

    /** For the facets; a backend overrides {@link #awaitLapse}. */
    @Override
    public final void letLapse(HostLease lease) {
        awaitLapse(lease);
    }

    @BeforeEach
    final void openJournal() throws Exception {
        journal = open();
    }

    @AfterEach
    final void closeJournal() {
        journal.close();
    }

    @Test
    void everything_acknowledged_is_there_after_closing_and_opening_again() throws Exception {
        long host = joined();
        TestRun run = created("acme", "reopened", host);
        appended(run, host, 3);
        journal.keep(run.key(), TestRun.commitment("large"), TestRun.bytes("large body"), SOON);
        long message = journal.put(TestRun.message(run.key(), "cancel", "please"), SOON);
        String installation = journal.installation(SOON);

        Optional<Journal> reopened = reopen();

        if (reopened.isEmpty()) {
            assertThat(journal.durability())
                    .as("a journal that survives nothing says so")
                    .isEqualTo(Durability.MEMORY);
            return;
        }
        journal = reopened.get();
        assertThat(journal.durability()).isNotEqualTo(Durability.MEMORY);
        assertThat(journal.installation(SOON)).isEqualTo(installation);
        assertThat(row(run.ref()).head()).isEqualTo(run.head());
        assertThat(journal.read(run.key(), 0, 100, SOON)).containsExactlyElementsOf(run.events());
        assertThat(journal.kept(run.key(), TestRun.commitment("large"), SOON)).contains(TestRun.bytes("large body"));

        long next = joined();
        assertThat(next).as("host numbers are never used again").isGreaterThan(host);
        journal.claim(run.key(), host, next, SOON);
        assertThat(journal.inbox(next, 10, SOON))
                .singleElement()
                .satisfies(found -> assertThat(found.id()).isEqualTo(message));
        assertThat(journal.put(TestRun.message(run.key(), "cancel", "again"), SOON))
                .as("message numbers grow")
                .isGreaterThan(message);
        appended(run, next, 1);
        assertThat(row(run.ref()).head()).isEqualTo(run.head());
    }

    @Test
    void close_is_idempotent() {
        journal.close();
        journal.close();
    }

    @Test
    void the_installation_is_one_name_for_ever() {
        assertThat(journal.installation(SOON)).isNotBlank().isEqualTo(journal.installation(Duration.ofSeconds(20)));
    }
}
