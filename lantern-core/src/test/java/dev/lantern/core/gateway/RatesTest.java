package dev.lantern.core.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class RatesTest {
    private long nanos = Long.MAX_VALUE - TimeUnit.SECONDS.toNanos(2);
    private final Rates<String> rates = new Rates<>(10, 3, 2, () -> nanos);

    @Test
    void burst_is_given_at_once_and_comes_back_evenly() {
        assertThat(takenAtOnce("a")).isEqualTo(3);
        pass(99);
        assertThat(rates.take("a")).isFalse();
        pass(1);
        assertThat(rates.take("a")).isTrue();
        assertThat(rates.take("a")).isFalse();
        // Over the end of the clock's range, too.
        pass(10_000);
        assertThat(takenAtOnce("a")).isEqualTo(3);
    }

    @Test
    void each_key_has_its_own() {
        assertThat(takenAtOnce("a")).isEqualTo(3);
        assertThat(takenAtOnce("b")).isEqualTo(3);
    }

    @Test
    void refusals_cost_nothing() {
        takenAtOnce("a");
        for (int i = 0; i < 100; i++) {
            assertThat(rates.take("a")).isFalse();
        }
        pass(100);
        assertThat(rates.take("a")).isTrue();
    }

    @Test
    void only_the_keys_seen_last_are_remembered() {
        takenAtOnce("a");
        takenAtOnce("b");
        rates.take("a");
        rates.take("c");

        assertThat(rates.size()).isEqualTo(2);
        assertThat(rates.take("a")).isFalse();
        assertThat(takenAtOnce("b")).isEqualTo(3);
    }

    private int takenAtOnce(String key) {
        int taken = 0;
        while (rates.take(key)) {
            taken++;
        }
        return taken;
    }

    private void pass(long millis) {
        nanos += TimeUnit.MILLISECONDS.toNanos(millis);
    }
}
