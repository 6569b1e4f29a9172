package dev.lantern.core.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lantern.core.event.RunEvent;
import dev.lantern.secrets.SecretMode;
import dev.lantern.spec.SecretUri;
import dev.lantern.value.LanternException;
import java.time.Instant;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class LeaseBookTest {
    private static final SecretUri GITHUB = SecretUri.parse("lantern.secret://tenant/acme/key/github");
    private static final SecretUri ORDERS = SecretUri.parse("lantern.secret://tenant/acme/key/orders");

    /** Each is a value of its own, and a host that took over has to know of each. */
    @Test
    void every_open_dynamic_lease_is_known_by_itself() {
        LeaseBook book = LeaseBook.EMPTY
                .vended(dynamic("1-r1"), 1)
                .vended(dynamic("1-r2"), 1)
                .vended(fixed("1-r3"), 1)
                .vended(fixed("1-r4"), 1);

        assertThat(book.known()).extracting(Lease::id).containsExactlyInAnyOrder("1-r1", "1-r2", "1-r4");
    }

    @Test
    void static_value_stays_known_behind_its_lease_and_is_owed_and_a_dynamic_one_is_neither() {
        LeaseBook book = LeaseBook.EMPTY
                .vended(dynamic("1-r1"), 1)
                .vended(fixed("1-r2"), 1)
                .closed(new RunEvent.LeaseClosed("1-r1", "returned; revoked"))
                .closed(new RunEvent.LeaseClosed("1-r2", "returned"));

        assertThat(book.open()).isEmpty();
        assertThat(book.known()).extracting(Lease::id).containsExactly("1-r2");
        assertThat(book.released()).containsExactly(GITHUB);
    }

    @Test
    void closed_leases_are_remembered_for_as_long_as_their_instance_asks() {
        LeaseBook one = LeaseBook.EMPTY
                .vended(fixed("1-r1"), 1)
                .closed(new RunEvent.LeaseClosed("1-r1", "returned"))
                .vended(fixed("1-r2"), 1);
        LeaseBook two = one.vended(fixed("2-r1"), 2);

        assertThat(one.wasClosed("1-r1")).isTrue();
        assertThat(one.wasClosed("1-r2")).isFalse();
        assertThat(two.wasClosed("1-r1")).isFalse();
    }

    @Test
    void lease_that_is_not_open_cannot_be_closed() {
        assertThatThrownBy(() -> LeaseBook.EMPTY.closed(new RunEvent.LeaseClosed("1-r1", "returned")))
                .isExactlyInstanceOf(LanternException.class)
                .hasMessage("lease 1-r1 was closed though it was not open");
    }

    private static RunEvent.SecretVended fixed(String lease) {
        return new RunEvent.SecretVended(
                lease, "TOKEN", GITHUB, SecretMode.STATIC, Optional.empty(), Optional.of("7"), Instant.EPOCH, 0);
    }

    private static RunEvent.SecretVended dynamic(String lease) {
        return new RunEvent.SecretVended(
                lease,
                "DATABASE",
                ORDERS,
                SecretMode.DYNAMIC,
                Optional.of("handle-of-" + lease),
                Optional.empty(),
                Instant.EPOCH,
                0);
    }
}
