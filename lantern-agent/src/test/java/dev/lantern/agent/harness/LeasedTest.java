package dev.lantern.agent.harness;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lantern.agent.clockwork.Clockwork;
import dev.lantern.agent.wire.Confidential;
import dev.lantern.agent.wire.GatewayReply;
import dev.lantern.agent.wire.Problem;
import dev.lantern.value.LanternException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class LeasedTest {
    private static final Duration TTL = Duration.ofSeconds(30);
    private static final Confidential VALUE = Confidential.of("canary".getBytes(StandardCharsets.UTF_8));

    private final ManualClockwork turns = new ManualClockwork(1);
    private Duration late = Duration.ZERO;

    /** Time goes on while the turns that it is due for do not come. */
    private final Clockwork clockwork = new Clockwork() {
        @Override
        public Timer later(Duration delay, Runnable turn) {
            return turns.later(delay, turn);
        }

        @Override
        public long nanos() {
            return turns.nanos() + late.toNanos();
        }

        @Override
        public byte[] random(int length) {
            return turns.random(length);
        }
    };

    @Test
    void value_is_not_shown_behind_its_lease_though_the_turn_that_removes_it_is_late() {
        Transport granting = (owner, call, outcome) -> turns.later(
                Duration.ZERO,
                () -> outcome.accept(new Transport.Outcome.Answered(new GatewayReply.Vended("1-r1", VALUE, TTL))));
        Calls calls = new Calls(HarnessFixture.RUN, 1, granting, clockwork, problem -> {
            throw new AssertionError(problem.toString());
        });
        Leased leased = new Leased(
                "TOKEN",
                new LeaseCalls(HarnessFixture.RUN, 1, calls, clockwork),
                clockwork,
                SecretsPlace.NONE,
                new Content());
        leased.vend();
        turns.settle();
        assertThat(leased.held().value()).contains(VALUE);
        assertThat(leased.held().left()).isEqualTo(TTL);

        late = TTL.minusNanos(1);
        assertThat(leased.isThere()).isTrue();
        assertThat(leased.held().left()).isEqualTo(Duration.ofNanos(1));
        late = TTL;
        assertThat(leased.isThere()).isFalse();
        assertThat(leased.held().value()).isEmpty();
        assertThat(leased.held().left()).isZero();
    }

    private static final class Content implements Leased.Owner {
        @Override
        public void put() {}

        @Override
        public boolean refused(String name, Problem problem) {
            throw new AssertionError(problem.toString());
        }

        @Override
        public void failed(String name, LanternException why) {
            throw why;
        }
    }
}
