package dev.lantern.agent.harness.sandbox;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lantern.agent.wire.FenceReport;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class FenceProbeTest {
    private static final String API_SERVER = "10.96.0.1:443";

    private long now = 7_000_000_000L;
    private final FenceProbe probe = new FenceProbe(API_SERVER, now);

    @Test
    void fence_holds_after_three_rounds_and_a_second() {
        assertThat(round(true, false, 400)).isEmpty();
        assertThat(round(true, false, 400)).isEmpty();
        assertThat(round(true, false, 400))
                .contains(new FenceReport(true, API_SERVER, 3, Duration.ofMillis(1_200), ""));
    }

    /** gVisor answers "refused" at once: many rounds fit into the tenths of a second in which policies are not there yet. */
    @Test
    void many_quick_rounds_are_not_enough() {
        int rounds = 0;
        Optional<FenceReport> report = Optional.empty();
        while (report.isEmpty()) {
            report = round(true, false, 10);
            rounds++;
        }

        assertThat(rounds).isEqualTo(100);
        assertThat(report.get().holds()).isTrue();
    }

    @Test
    void few_slow_rounds_are_not_enough() {
        assertThat(round(true, false, 3_000)).isEmpty();
        assertThat(round(true, false, 3_000)).isEmpty();
        assertThat(round(true, false, 10)).isPresent();
    }

    @Test
    void answer_of_the_forbidden_address_begins_it_anew() {
        assertThat(round(true, false, 900)).isEmpty();
        assertThat(round(true, false, 50)).isEmpty();
        assertThat(probe.said()).isEmpty();
        assertThat(round(true, true, 50)).isEmpty();
        assertThat(probe.said()).startsWith("forbidden and answered: 10.96.0.1:443");
        assertThat(round(true, false, 400)).isEmpty();
        assertThat(round(true, false, 400)).isEmpty();
        assertThat(round(true, false, 400)).hasValueSatisfying(report -> {
            assertThat(report.holds()).isTrue();
            assertThat(report.rounds()).isEqualTo(3);
            assertThat(report.said())
                    .isEqualTo("forbidden and answered: 10.96.0.1:443; no policy holds here, or none yet");
        });
    }

    @Test
    void gateway_that_does_not_answer_begins_it_anew() {
        assertThat(round(true, false, 600)).isEmpty();
        assertThat(round(true, false, 600)).isEmpty();
        assertThat(round(false, false, 600)).isEmpty();
        assertThat(round(true, false, 600)).isEmpty();
        assertThat(round(true, false, 600)).isEmpty();
        assertThat(round(true, false, 600)).isPresent();
    }

    @Test
    void fence_that_nobody_enforces_is_given_up() {
        Optional<FenceReport> report = Optional.empty();
        for (int i = 0; report.isEmpty(); i++) {
            assertThat(i).isLessThan(100);
            report = round(true, true, 500);
        }

        assertThat(report.get().holds()).isFalse();
        assertThat(report.get().rounds()).isZero();
        assertThat(Duration.ofNanos(now - 7_000_000_000L)).isEqualTo(FenceProbe.PATIENCE);
    }

    @Test
    void pod_without_any_way_out_proves_nothing_however_long_it_takes() {
        for (int i = 0; i < 100; i++) {
            assertThat(round(false, false, 1_000)).isEmpty();
        }
        assertThat(round(true, false, 500)).isEmpty();
        assertThat(round(true, false, 500)).isEmpty();

        assertThat(round(true, false, 500)).hasValueSatisfying(report -> {
            assertThat(report.holds()).isTrue();
            assertThat(report.said())
                    .isEqualTo("the gateway did not answer, so that nothing else answers proves nothing");
        });
    }

    @Test
    void patience_begins_anew_when_the_gateway_is_back() {
        for (int i = 0; i < 39; i++) {
            assertThat(round(true, true, 500)).isEmpty();
        }
        assertThat(round(false, true, 500)).isEmpty();
        for (int i = 0; i < 39; i++) {
            assertThat(round(true, true, 500)).isEmpty();
        }

        assertThat(round(true, true, 500))
                .hasValueSatisfying(report -> assertThat(report.holds()).isFalse());
    }

    @Test
    void stretch_that_begins_just_before_patience_ends_is_no_fence() {
        for (int i = 0; i < 39; i++) {
            assertThat(round(true, true, 500)).isEmpty();
        }

        assertThat(round(true, false, 500))
                .hasValueSatisfying(report -> assertThat(report.holds()).isFalse());
    }

    @Test
    void report_survives_the_wire() {
        FenceReport report = new FenceReport(false, API_SERVER, 2, Duration.ofMillis(700), "it answered");

        assertThat(FenceReport.of(report.json())).isEqualTo(report);
    }

    private Optional<FenceReport> round(boolean gateway, boolean forbidden, long millis) {
        long began = now;
        now += Duration.ofMillis(millis).toNanos();
        return probe.round(gateway, forbidden ? List.of(API_SERVER) : List.of(), began, now);
    }
}
