package dev.lantern.testkit.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lantern.core.memory.InMemoryJournal;
import dev.lantern.journal.HostLease;
import dev.lantern.journal.Journal;
import dev.lantern.value.LanternException;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class InMemoryJournalTest extends JournalContract {
    private volatile Instant now = Instant.parse("2026-01-01T00:00:00Z");

    @Override
    protected Journal open() {
        return new InMemoryJournal(() -> now, "in-memory");
    }

    @Override
    protected void awaitLapse(HostLease lease) {
        now = lease.until();
    }

    @Test
    void a_lease_lapses_at_its_end_and_not_before() {
        HostLease lease = journal().join("https://gone:1", LONG, SOON);
        created("acme", "a", lease.host());
        long host = journal().join("https://next:1", LONG.plus(LONG), SOON).host();

        now = lease.until().minusNanos(1);
        assertThat(journal().claimLapsed(host, 10, SOON)).isEmpty();
        now = lease.until();
        assertThat(journal().claimLapsed(host, 10, SOON)).hasSize(1);
    }

    @Test
    void equal_calls_under_an_equal_clock_give_equal_numbers() {
        Journal other = new InMemoryJournal(() -> now, "in-memory");

        assertThat(joined())
                .isEqualTo(other.join("https://host:8443", LONG, SOON).host());
        assertThat(created("acme", "a", 1).key()).isEqualTo(1);
    }

    @Test
    void a_closed_journal_says_so() {
        journal().close();

        assertThatThrownBy(() -> journal().address(1, SOON))
                .isInstanceOf(LanternException.class)
                .hasMessage("read the address of host 1: this journal is closed");
    }
}
