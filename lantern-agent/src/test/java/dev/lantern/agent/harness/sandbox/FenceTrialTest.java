package dev.lantern.agent.harness.sandbox;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lantern.agent.clockwork.SystemClockwork;
import dev.lantern.agent.transport.GatewayAddress;
import dev.lantern.agent.wire.FenceReport;
import dev.lantern.value.LanternException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketAddress;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import javax.net.SocketFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The trial on a network that is scripted, and once on real sockets. */
class FenceTrialTest {
    private static final GatewayAddress GATEWAY = new GatewayAddress("10.0.0.1", 7410);
    private static final String API_SERVER = "10.96.0.1:443";
    private static final String OTHER = "[fd00::1]:443";

    private final SystemClockwork clockwork = SystemClockwork.start(failure -> {
        throw new AssertionError(failure);
    });
    private final Network network = new Network();
    private final List<String> trouble = Collections.synchronizedList(new ArrayList<>());

    @AfterEach
    void close() {
        clockwork.close();
    }

    @Test
    void fence_that_holds_is_told_after_it_has_settled() throws Exception {
        network.answer("10.0.0.1:7410");
        long began = System.nanoTime();

        FenceReport report = tried(API_SERVER, List.of());

        assertThat(report.holds()).isTrue();
        assertThat(report.forbidden()).isEqualTo(API_SERVER);
        assertThat(report.rounds()).isGreaterThanOrEqualTo(3);
        assertThat(report.stretch()).isGreaterThanOrEqualTo(FenceProbe.SETTLED);
        assertThat(Duration.ofNanos(System.nanoTime() - began)).isGreaterThanOrEqualTo(FenceProbe.SETTLED);
    }

    @Test
    void fence_that_comes_late_begins_to_count_when_it_is_there() throws Exception {
        network.answer("10.0.0.1:7410");
        network.answers(API_SERVER, 2);

        FenceReport report = tried(API_SERVER, List.of());

        assertThat(report.holds()).isTrue();
        assertThat(report.said()).startsWith("forbidden and answered: 10.96.0.1:443");
        assertThat(trouble).as("every fence is a little late").isEmpty();
        assertThat(network.tries("10.0.0.1:7410")).isGreaterThanOrEqualTo(5);
    }

    @Test
    void what_lasts_is_told_once() throws Exception {
        network.answer("10.0.0.1:7410");
        network.answers(API_SERVER, 11);

        FenceReport report = tried(API_SERVER, List.of());

        assertThat(report.holds()).isTrue();
        assertThat(trouble).containsExactly(report.said());
    }

    @Test
    void gateway_is_waited_for() throws Exception {
        network.answer("10.0.0.1:7410");
        network.failures("10.0.0.1:7410", 2);

        assertThat(tried(API_SERVER, List.of()).holds()).isTrue();
        assertThat(network.tries("10.0.0.1:7410")).isGreaterThanOrEqualTo(5);
    }

    /** A policy that holds for one family only is the usual way in which one holds for none that matters. */
    @Test
    void address_of_a_family_that_nothing_is_tried_in_is_no_fence() throws Exception {
        network.answer("10.0.0.1:7410");

        FenceReport report = tried(API_SERVER, List.of(address("10.1.2.3"), address("fd00::7")));

        assertThat(report.holds()).isFalse();
        assertThat(report.said())
                .isEqualTo("at fd00:0:0:0:0:0:0:7 nothing was tried: no forbidden address of that family is named");
        assertThat(network.tries("10.0.0.1:7410")).isZero();
        assertThat(tried(API_SERVER + "," + OTHER, List.of(address("10.1.2.3"), address("fd00::7")))
                        .holds())
                .isTrue();
    }

    @Test
    void each_forbidden_address_is_tried() throws Exception {
        network.answer("10.0.0.1:7410");
        network.answers(OTHER, 1);

        FenceReport report = tried(API_SERVER + "," + OTHER, List.of());

        assertThat(report.forbidden()).isEqualTo(API_SERVER + "," + OTHER);
        assertThat(report.said()).startsWith("forbidden and answered: [fd00::1]:443");
        assertThat(network.tries(API_SERVER)).isGreaterThanOrEqualTo(4);
    }

    @Test
    void real_sockets_tell_who_listens() throws Exception {
        InetAddress loopback = InetAddress.getByAddress(new byte[] {127, 0, 0, 1});
        try (ServerSocket gateway = new ServerSocket(0, 50, loopback)) {
            CompletableFuture<FenceReport> told = new CompletableFuture<>();
            String address;
            try (ServerSocket forbidden = new ServerSocket(0, 50, loopback)) {
                address = "127.0.0.1:" + forbidden.getLocalPort();
                FenceTrial.begin(
                        new GatewayAddress("127.0.0.1", gateway.getLocalPort()),
                        ForbiddenAddress.list(address),
                        List.of(),
                        SocketFactory.getDefault(),
                        clockwork,
                        clockwork,
                        trouble::add,
                        told::complete);
                forbidden.accept().close();
            }

            FenceReport report = told.get(30, TimeUnit.SECONDS);
            assertThat(report.holds()).isTrue();
            assertThat(report.said()).contains(address);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "10.0.0.1",
                "10.0.0.1:0",
                "10.0.0.1:70000",
                "api.example:443",
                "fd00::1:443",
                "[fd00::1]",
                "10.0.0.1:443,",
                "10.0.0.1:443/x",
                "http://10.0.0.1:443",
                "1:1,1:1",
                "10.0.0.1:1,10.0.0.1:2,10.0.0.1:3,10.0.0.1:4,10.0.0.1:5,10.0.0.1:6,10.0.0.1:7,10.0.0.1:8,10.0.0.1:9"
            })
    void addresses_of_another_form_are_refused(String text) {
        assertThatThrownBy(() -> ForbiddenAddress.list(text))
                .isInstanceOf(LanternException.class)
                .hasMessageContaining("forbidden addresses");
    }

    @Test
    void only_addresses_that_lead_somewhere_count() throws Exception {
        assertThat(List.of("10.0.0.1", "fd00::1", "2001:db8::1", "192.0.2.1"))
                .allMatch(text -> OwnAddresses.leadsSomewhere(address(text)));
        assertThat(List.of("127.0.0.1", "::1", "fe80::1", "169.254.1.1", "0.0.0.0", "ff02::1"))
                .noneMatch(text -> OwnAddresses.leadsSomewhere(address(text)));
        assertThat(OwnAddresses.look()).allMatch(OwnAddresses::leadsSomewhere);
    }

    private FenceReport tried(String forbidden, List<InetAddress> own) throws Exception {
        CompletableFuture<FenceReport> told = new CompletableFuture<>();
        FenceTrial.begin(
                GATEWAY,
                ForbiddenAddress.list(forbidden),
                own,
                network,
                clockwork,
                clockwork,
                trouble::add,
                told::complete);
        return told.get(30, TimeUnit.SECONDS);
    }

    private static InetAddress address(String text) {
        try {
            return InetAddress.getByName(text);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    /** Connections that come about, or not, as a test says. */
    private static final class Network extends SocketFactory {
        private final Map<SocketAddress, AtomicInteger> answers = new ConcurrentHashMap<>();
        private final Map<SocketAddress, AtomicInteger> failures = new ConcurrentHashMap<>();
        private final Map<SocketAddress, AtomicInteger> tries = new ConcurrentHashMap<>();

        void answer(String target) {
            answers(target, Integer.MAX_VALUE);
        }

        void answers(String target, int times) {
            answers.put(socket(target), new AtomicInteger(times));
        }

        void failures(String target, int times) {
            failures.put(socket(target), new AtomicInteger(times));
        }

        int tries(String target) {
            return tries.getOrDefault(socket(target), new AtomicInteger()).get();
        }

        private static SocketAddress socket(String target) {
            return ForbiddenAddress.list(target).get(0).socket();
        }

        @Override
        public Socket createSocket() {
            return new Socket() {
                @Override
                public void connect(SocketAddress target, int timeout) throws IOException {
                    tries.computeIfAbsent(target, none -> new AtomicInteger()).incrementAndGet();
                    AtomicInteger failing = failures.getOrDefault(target, new AtomicInteger());
                    AtomicInteger left = answers.getOrDefault(target, new AtomicInteger());
                    if (failing.getAndUpdate(n -> Math.max(0, n - 1)) > 0
                            || left.getAndUpdate(n -> Math.max(0, n - 1)) == 0) {
                        // As a policy under gVisor does, and as one under runc does in the end.
                        throw tries.get(target).get() % 2 == 0
                                ? new SocketException("refused")
                                : new SocketTimeoutException("timed out");
                    }
                }
            };
        }

        @Override
        public Socket createSocket(String host, int port) {
            throw new AssertionError("connected before it is tried");
        }

        @Override
        public Socket createSocket(String host, int port, InetAddress from, int fromPort) {
            throw new AssertionError("connected before it is tried");
        }

        @Override
        public Socket createSocket(InetAddress host, int port) {
            throw new AssertionError("connected before it is tried");
        }

        @Override
        public Socket createSocket(InetAddress host, int port, InetAddress from, int fromPort) {
            throw new AssertionError("connected before it is tried");
        }
    }
}
