package dev.lantern.agent.harness;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lantern.agent.wire.Confidential;
import dev.lantern.agent.wire.GatewayCall;
import dev.lantern.agent.wire.GatewayReply;
import dev.lantern.agent.wire.Problem;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

/**
 * Two secrets under short leases over a network that loses, duplicates, delays and reorders, under one seed after another.
 * At no moment lies a value in its place that no lease of the host's stands for.
 */
final class SecretChaosTest {
    private static final int SEEDS = 500;
    private static final Duration TTL = Duration.ofSeconds(6);
    private static final Duration LIFE = Duration.ofMinutes(4);
    private static final List<String> NAMES = List.of("API_KEY", "DB_PASSWORD");

    @Test
    void no_value_outlives_its_lease_and_each_comes_back_after_a_silence() {
        long looks = 0;
        long gaps = 0;
        long rotations = 0;
        for (int seed = 0; seed < SEEDS; seed++) {
            Run run = new Run(seed);
            run.live();
            assertThat(run.released).as("seed %s", seed).isEqualTo(1);
            assertThat(run.stopped).as("seed %s", seed).isEmpty();
            looks += run.looks;
            gaps += run.gaps;
            rotations += run.seen.size();
            run.endAgent();
            assertThat(run.place.there).as("seed %s", seed).isEmpty();
            assertThat(run.drained).as("seed %s", seed).isEqualTo(1);
        }
        System.out.println(
                "secret chaos: " + SEEDS + " seeds, " + looks + " looks, " + gaps + " gaps, " + rotations + " values");
        assertThat(looks).isGreaterThan(SEEDS * 500L);
        // Silences of 40 s against leases of 6 s: a test without a gap would have tried nothing.
        assertThat(gaps).isGreaterThan(SEEDS / 2L);
        assertThat(rotations).isGreaterThan(SEEDS * 5L);
    }

    /** The host: a lease for each request, open until it says. */
    private static final class Leases {
        private final ManualClockwork clockwork;
        private final Map<String, String> leases = new LinkedHashMap<>();
        private final Map<String, Long> until = new LinkedHashMap<>();

        Leases(ManualClockwork clockwork) {
            this.clockwork = clockwork;
        }

        GatewayReply answer(GatewayCall call) {
            if (call instanceof GatewayCall.Enrol) {
                return new GatewayReply.Enrolled(
                        3,
                        HarnessFixture.HEARTBEAT,
                        Optional.empty(),
                        HarnessFixture.enrolledReply().resume(),
                        Optional.empty(),
                        NAMES);
            } else if (call instanceof GatewayCall.Vend vend) {
                String lease = leases.computeIfAbsent(vend.request(), request -> vend.name() + "-" + leases.size());
                until.putIfAbsent(lease, clockwork.nanos() + TTL.toNanos());
                return vended(lease);
            } else if (call instanceof GatewayCall.RenewLease renew) {
                if (isOpen(renew.lease())) {
                    until.put(renew.lease(), clockwork.nanos() + TTL.toNanos());
                }
                return vended(renew.lease());
            } else if (call instanceof GatewayCall.ReturnLease back) {
                until.put(back.lease(), clockwork.nanos());
                return HarnessFixture.accepted(1);
            }
            return new GatewayReply.Alive(false);
        }

        /** Whether a lease for this secret lasts at least until now. */
        boolean covers(String name) {
            return until.entrySet().stream()
                    .anyMatch(lease -> lease.getKey().startsWith(name + "-") && lease.getValue() >= clockwork.nanos());
        }

        private boolean isOpen(String lease) {
            return until.getOrDefault(lease, Long.MIN_VALUE) > clockwork.nanos();
        }

        private GatewayReply vended(String lease) {
            if (!isOpen(lease)) {
                return new GatewayReply.Refused(Problem.of(Problem.Code.LEASE_CLOSED, "it has passed"));
            }
            String value = "value of minute " + clockwork.elapsed().toSeconds() / 20;
            return new GatewayReply.Vended(
                    lease,
                    Confidential.of(HarnessFixture.utf8(value)),
                    Duration.ofNanos(until.get(lease) - clockwork.nanos()));
        }
    }

    private static final class Run implements AgentControl {
        private final ManualClockwork clockwork;
        private final Leases host;
        private final KeptSecrets place = new KeptSecrets();
        private final Harness harness;
        private final List<String> stopped = new ArrayList<>();
        private final Set<String> seen = new LinkedHashSet<>();
        private int released;
        private int drained;
        private long looks;
        private long gaps;

        Run(long seed) {
            clockwork = new ManualClockwork(seed);
            host = new Leases(clockwork);
            harness = new Harness(
                    HarnessFixture.RUN,
                    1,
                    new LossyNetwork(seed, clockwork, host::answer),
                    clockwork,
                    new FakeSigner(),
                    this,
                    new Custody(CredentialsKeeper.NONE, place));
        }

        void live() {
            harness.start();
            boolean whole = false;
            while (clockwork.elapsed().compareTo(LIFE) < 0 || place.there.size() < NAMES.size()) {
                assertThat(clockwork.next()).as("the run is stuck").isTrue();
                looks++;
                place.there.forEach((name, value) -> {
                    seen.add(value);
                    assertThat(host.covers(name))
                            .as("%s at %s", name, clockwork.elapsed())
                            .isTrue();
                });
                boolean now = place.there.size() == NAMES.size();
                gaps += whole && !now ? 1 : 0;
                whole = now;
            }
        }

        void endAgent() {
            harness.agentEnded(() -> drained++);
            clockwork.advance(Duration.ofMinutes(2));
            harness.close();
        }

        @Override
        public void release(GatewayReply.Enrolled enrolled) {
            assertThat(place.there).containsOnlyKeys(NAMES);
            released++;
        }

        @Override
        public void stop(String why) {
            if (drained == 0 && !why.equals("the agent has ended")) {
                stopped.add(why);
            }
        }
    }
}
