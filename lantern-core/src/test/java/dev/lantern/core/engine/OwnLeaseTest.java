package dev.lantern.core.engine;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class OwnLeaseTest {
    private static final Duration LEASE = Duration.ofSeconds(10);

    private final ManualTurns turns = new ManualTurns();
    private final OwnLease lease = new OwnLease(turns);

    @BeforeEach
    void join() {
        lease.granted(lease.asking(LEASE));
    }

    @Test
    void counts_from_the_moment_it_was_asked_for() {
        OwnLease.Grant asked = lease.asking(LEASE);
        turns.pass(Duration.ofSeconds(4));
        lease.granted(asked);

        turns.pass(Duration.ofSeconds(6).minusNanos(1));
        assertThat(lease.holds()).isTrue();
        turns.pass(Duration.ofNanos(1));
        assertThat(lease.holds()).isFalse();
    }

    @Test
    void renewal_in_time_keeps_the_term() {
        long term = lease.term();
        turns.pass(Duration.ofSeconds(5));
        lease.granted(lease.asking(LEASE));

        assertThat(lease.term()).isEqualTo(term);
    }

    @Test
    void renewal_after_a_lapse_begins_a_new_term() {
        long term = lease.term();
        turns.pass(LEASE);
        lease.granted(lease.asking(LEASE));

        assertThat(lease.holds()).isTrue();
        assertThat(lease.term()).isEqualTo(term + 1);
    }

    @Test
    void answer_that_comes_after_the_lapse_begins_a_new_term() {
        long term = lease.term();
        turns.pass(Duration.ofSeconds(9));
        OwnLease.Grant asked = lease.asking(LEASE);
        turns.pass(Duration.ofSeconds(2));
        lease.granted(asked);

        assertThat(lease.term()).isEqualTo(term + 1);
    }

    @Test
    void suspended_machine_has_lost_its_lease_though_its_monotonic_clock_stood_still() {
        turns.suspend(Duration.ofHours(1));

        assertThat(lease.holds()).isFalse();
    }

    @Test
    void clock_set_back_lengthens_nothing() {
        turns.jump(Duration.ofHours(-1));
        turns.pass(LEASE);

        assertThat(lease.holds()).isFalse();
    }
}
