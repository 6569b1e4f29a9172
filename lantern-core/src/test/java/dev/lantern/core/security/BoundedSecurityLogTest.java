package dev.lantern.core.security;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lantern.identity.SecurityEvent;
import dev.lantern.value.RunRef;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;

class BoundedSecurityLogTest {
    private static final Stranger STRANGER = Stranger.at("10.1.2.3:4444");

    private final List<SecurityEvent> heard = new ArrayList<>();
    private Instant now = Instant.parse("2031-05-06T07:08:09Z");
    private final BoundedSecurityLog log = new BoundedSecurityLog(() -> now, 3, heard::add);

    @Test
    void refusal_is_told_with_what_the_stranger_claimed() {
        log.refused(
                "expired",
                STRANGER.claiming(new RunRef("acme", "ticket-1"), 3).showing(Optional.of("serial 1f")),
                "it was valid until noon");

        assertThat(heard)
                .containsExactly(new SecurityEvent(
                        now,
                        "expired",
                        "10.1.2.3:4444",
                        Optional.of(new RunRef("acme", "ticket-1")),
                        OptionalInt.of(3),
                        Optional.of("serial 1f"),
                        "it was valid until noon"));
    }

    @Test
    void flood_is_told_by_a_few_lines_and_counted_in_full() {
        for (int i = 0; i < 500; i++) {
            log.refused(i % 5 == 0 ? "bad-http" : "plain-http", STRANGER, "no. " + i);
        }
        assertThat(heard).hasSize(3);

        now = now.plusSeconds(1);
        log.refused("expired", STRANGER, "one more");

        assertThat(heard).hasSize(5);
        assertThat(heard.get(3).reason()).isEqualTo("left-out");
        assertThat(heard.get(3).detail()).isEqualTo("497: bad-http 99, plain-http 398");
        assertThat(heard.get(4).reason()).isEqualTo("expired");
        assertThat(log.counts().toString()).isEqualTo("{bad-http=100, expired=1, plain-http=400}");
    }

    @Test
    void what_was_left_out_is_told_also_if_nothing_follows_and_only_once() {
        for (int i = 0; i < 5; i++) {
            log.refused("plain-http", STRANGER, "no. " + i);
        }
        log.settle();
        assertThat(heard).hasSize(3);

        now = now.plusSeconds(1);
        log.settle();
        log.settle();
        now = now.plusSeconds(1);
        log.settle();

        assertThat(heard).hasSize(4);
        assertThat(heard.get(3).detail()).isEqualTo("2: plain-http 2");
    }

    @Test
    void clock_that_is_set_back_silences_nothing() {
        for (int i = 0; i < 4; i++) {
            log.refused("plain-http", STRANGER, "no. " + i);
        }
        now = now.minusSeconds(3600);
        log.refused("plain-http", STRANGER, "an hour before");

        assertThat(heard).last().extracting(SecurityEvent::detail).isEqualTo("an hour before");
    }

    @Test
    void listener_that_fails_harms_neither_the_log_nor_who_refuses() {
        BoundedSecurityLog failing = new BoundedSecurityLog(() -> now, 3, event -> {
            throw new IllegalStateException("a defect of the host's");
        });

        failing.refused("plain-http", STRANGER, "one");
        failing.refused("plain-http", STRANGER, "two");

        assertThat(failing.counts()).containsEntry("plain-http", 2L);
    }

    @Test
    void reasons_are_bounded_whatever_a_verifier_calls_them() {
        for (int i = 0; i < 10_000; i++) {
            log.refused("made-up-" + i, STRANGER, "");
        }
        assertThat(log.counts()).hasSize(257).containsEntry("other", 10_000L - 256);
    }
}
