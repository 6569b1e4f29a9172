package dev.lantern.k8s;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lantern.substrate.InstanceRef;
import dev.lantern.testkit.kubernetes.FakePod;
import dev.lantern.value.LanternException;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import okhttp3.Interceptor;
import okhttp3.Response;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * A start that breaks off at each of its calls, in each way: whoever comes next takes it up or takes it away, and no pod
 * is ever let go that was not compared, nor twice.
 */
class LaunchFaultsTest {
    private static final InstanceRef INSTANCE = LaunchSite.instance(1);
    private static final Duration SHORT = Duration.ofMillis(400);
    /** More than a start makes. */
    private static final int CALLS = 6;

    private LaunchSite site;

    @BeforeEach
    void open() {
        site = new LaunchSite();
    }

    @AfterEach
    void close() {
        site.close();
    }

    /** How it breaks off. */
    enum Break {
        /** The host dies before the call has left it. */
        DIES_BEFORE(true, false),
        /** The host dies behind the call's effect, before it hears of it. */
        DIES_BEHIND(true, true),
        /** The call is lost, and later ones are not. */
        LOST(false, false),
        /** The answer is lost, and later ones are not. */
        ANSWER_LOST(false, true);

        private final boolean dies;
        private final boolean behind;

        Break(boolean dies, boolean behind) {
            this.dies = dies;
            this.behind = behind;
        }
    }

    record Case(Break how, int call) {}

    static Stream<Case> cases() {
        List<Case> cases = new ArrayList<>();
        for (Break how : Break.values()) {
            for (int call = 1; call <= CALLS; call++) {
                cases.add(new Case(how, call));
            }
        }
        return cases.stream();
    }

    /** What stands between a host and the API server. */
    private static final class Breaking implements Interceptor {
        private final Case broken;
        private final AtomicInteger calls = new AtomicInteger();

        Breaking(Case broken) {
            this.broken = broken;
        }

        @Override
        public Response intercept(Chain chain) throws IOException {
            int call = calls.incrementAndGet();
            boolean now = call == broken.call();
            if (broken.how().dies && call > broken.call() || now && !broken.how().behind) {
                throw new IOException("call " + call + " never left");
            }
            Response response = chain.proceed(chain.request());
            if (now) {
                response.close();
                throw new IOException("the answer to call " + call + " was lost");
            }
            return response;
        }
    }

    private void broken(Case how) {
        try {
            site.host(new Breaking(how)).launch().start(site.start(1), SHORT);
        } catch (LanternException nothingIsKnown) {
            assertThat(nothingIsKnown).hasMessageContaining(INSTANCE.toString());
        }
        assertThat(site.ledger.ends).isEmpty();
        assertThat(letGo()).hasSizeLessThanOrEqualTo(1);
    }

    @ParameterizedTest
    @MethodSource("cases")
    void start_that_broke_off_is_taken_up_by_another_host(Case how) {
        broken(how);

        LaunchSite.Host next = site.host();
        next.launch().start(site.start(1), LaunchSite.PATIENCE);

        assertThat(site.ledger.ends).isEmpty();
        assertThat(site.pods(INSTANCE)).hasSize(1);
        assertThat(letGo())
                .singleElement()
                .satisfies(pod -> assertThat(pod.node()).isEqualTo("sand"));
        assertThat(site.ledger.verified).as("compared before it was let go").isNotEmpty();
        assertThat(next.eyes().expected).hasSize(1);
        assertGone(next);
    }

    @ParameterizedTest
    @MethodSource("cases")
    void start_that_broke_off_is_taken_away_by_another_host(Case how) {
        broken(how);

        assertGone(site.host());
    }

    @Test
    void every_call_of_a_start_is_broken() {
        Breaking never = new Breaking(new Case(Break.LOST, Integer.MAX_VALUE));
        site.host(never).launch().start(site.start(1), LaunchSite.PATIENCE);

        assertThat(never.calls.get()).isBetween(4, CALLS);
        assertThat(cases()).hasSize(24);
    }

    private List<FakePod> letGo() {
        return site.pods(INSTANCE).stream()
                .filter(pod -> !LaunchSite.isHeld(pod))
                .toList();
    }

    private void assertGone(LaunchSite.Host host) {
        boolean gone = false;
        for (int i = 0; i < 20 && !gone; i++) {
            gone = host.teardown().stop(INSTANCE, LaunchSite.PATIENCE);
            site.kubernetes.advance(Duration.ofSeconds(5));
        }
        assertThat(gone).isTrue();
        assertThat(site.pods(INSTANCE)).isEmpty();
        assertThat(site.job(INSTANCE)).isEmpty();
    }
}
