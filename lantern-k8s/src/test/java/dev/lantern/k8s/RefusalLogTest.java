package dev.lantern.k8s;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lantern.k8s.NotIdentified.Reason;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

/** The operator is told why, and nobody fills the log. */
class RefusalLogTest {
    @Test
    void each_reason_is_told_once_in_a_while_with_how_many_came() {
        AtomicLong nanos = new AtomicLong();
        List<String> lines = new ArrayList<>();
        RefusalLog log = new RefusalLog(lines::add, nanos::get);

        for (int i = 0; i < 1000; i++) {
            log.accept(new NotIdentified(Reason.EXPIRED, "it expired"));
        }
        log.accept(new NotIdentified(Reason.NODE, "it is not on node n1"));
        nanos.addAndGet(Duration.ofSeconds(10).toNanos());
        log.accept(new NotIdentified(Reason.EXPIRED, "it expired"));
        log.accept(new NotIdentified(Reason.NODE, "it is not on node n1"));

        assertThat(lines)
                .containsExactly(
                        "A credential was refused, EXPIRED: it expired",
                        "A credential was refused, NODE: it is not on node n1",
                        "A credential was refused, EXPIRED: it expired (and 999 more for this reason since the last line)",
                        "A credential was refused, NODE: it is not on node n1");
    }
}
