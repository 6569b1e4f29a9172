package dev.lantern.testkit.contract;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lantern.journal.HostLease;
import java.time.Duration;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Host incarnations and their leases. */
interface JournalHosts extends JournalFixture {

    @Test
    default void every_host_gets_a_number_of_its_own_for_ever() {
        Set<Long> seen = new HashSet<>();
        long last = 0;
        for (int i = 0; i < 20; i++) {
            long host = joined();
            assertThat(seen.add(host)).isTrue();
            assertThat(host).isGreaterThan(last);
            last = host;
            if (i % 2 == 0) {
                journal().leave(host, SOON);
            }
        }
    }

    @Test
    default void a_lease_lasts_as_asked_by_the_backends_clock() {
        HostLease lease = journal().join("https://a:1", Duration.ofSeconds(15), SOON);

        assertThat(Duration.between(lease.now(), lease.until())).isEqualTo(Duration.ofSeconds(15));
    }

    @Test
    default void renewing_moves_the_end_of_the_lease_and_never_the_clock_back() {
        HostLease first = journal().join("https://a:1", Duration.ofSeconds(15), SOON);

        HostLease renewed =
                journal().renew(first.host(), Duration.ofSeconds(25), SOON).orElseThrow();

        assertThat(renewed.host()).isEqualTo(first.host());
        assertThat(renewed.now()).isAfterOrEqualTo(first.now());
        assertThat(renewed.until()).isEqualTo(renewed.now().plusSeconds(25));
    }

    @Test
    default void a_lapsed_lease_can_be_renewed() {
        HostLease lease = journal().join("https://a:1", SHORT, SOON);
        letLapse(lease);
        TestRun run = created("acme", "a", lease.host());

        assertThat(journal().renew(lease.host(), LONG, SOON)).isPresent();

        assertThat(journal().claimLapsed(joined(), 10, SOON)).isEmpty();
        assertThat(row(run.ref()).host()).hasValue(lease.host());
    }

    @Test
    default void a_host_that_has_left_is_gone_for_ever() {
        long host = joined();

        journal().leave(host, SOON);
        journal().leave(host, SOON);

        assertThat(journal().renew(host, LONG, SOON)).isEmpty();
        assertThat(journal().address(host, SOON)).isEmpty();
    }

    @Test
    default void a_host_that_never_was_cannot_renew_and_may_leave() {
        assertThat(journal().renew(4711, LONG, SOON)).isEmpty();
        journal().leave(4711, SOON);
    }

    @Test
    default void addresses_are_told_apart_and_survive_a_lapse() {
        HostLease one = journal().join("https://one:1", SHORT, SOON);
        HostLease two = journal().join("https://two:2", LONG, SOON);
        letLapse(one);

        assertThat(journal().address(one.host(), SOON)).isEqualTo(Optional.of("https://one:1"));
        assertThat(journal().address(two.host(), SOON)).isEqualTo(Optional.of("https://two:2"));
        assertThat(journal().address(4711, SOON)).isEmpty();
    }
}
