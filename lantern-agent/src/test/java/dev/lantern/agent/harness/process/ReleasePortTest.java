package dev.lantern.agent.harness.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lantern.agent.clockwork.SystemClockwork;
import dev.lantern.value.LanternException;
import java.io.IOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import javax.net.ServerSocketFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

final class ReleasePortTest {
    private final List<Throwable> failures = Collections.synchronizedList(new ArrayList<>());
    private final SystemClockwork clockwork = SystemClockwork.start(failures::add);
    private final AtomicInteger broken = new AtomicInteger();
    private int port;
    private ReleasePort release;

    /** Sockets whose accept fails as often as the test says. */
    private final class Fragile extends ServerSocketFactory {
        @Override
        public ServerSocket createServerSocket() throws IOException {
            return new ServerSocket() {
                @Override
                public Socket accept() throws IOException {
                    Socket peer = super.accept();
                    if (broken.getAndUpdate(left -> Math.max(0, left - 1)) > 0) {
                        peer.close();
                        throw new IOException("too many open files");
                    }
                    return peer;
                }
            };
        }

        @Override
        public ServerSocket createServerSocket(int onPort) {
            throw new AssertionError("it would be bound at once");
        }

        @Override
        public ServerSocket createServerSocket(int onPort, int backlog) {
            throw new AssertionError("it would be bound at once");
        }

        @Override
        public ServerSocket createServerSocket(int onPort, int backlog, InetAddress address) {
            throw new AssertionError("it would be bound at once");
        }
    }

    @BeforeEach
    void make() throws IOException {
        try (ServerSocket free = new ServerSocket(0)) {
            port = free.getLocalPort();
        }
        release = new ReleasePort(port, new Fragile(), clockwork, clockwork);
    }

    @AfterEach
    void close() {
        release.close();
        clockwork.close();
        assertThat(failures).isEmpty();
    }

    @Test
    void port_is_bound_when_it_is_opened_and_not_before() throws IOException {
        refused();
        release.open();
        hungUp();
        release.close();
        release.close();
        refusedSoon();
    }

    @Test
    void port_that_was_closed_before_is_never_bound() {
        release.close();
        release.open();

        refused();
    }

    @Test
    void failed_accept_does_not_end_it() throws IOException {
        broken.set(3);
        release.open();

        for (int i = 0; i < 10; i++) {
            hungUp();
        }
        assertThat(broken).hasValue(0);
    }

    @Test
    void peer_that_says_something_is_hung_up_on_as_well() throws IOException {
        release.open();
        try (Socket silent = connect();
                Socket loud = connect()) {
            loud.getOutputStream().write(1);
            assertThat(silent.getInputStream().read()).isNegative();
        }
        hungUp();
    }

    @Test
    void taken_port_is_named() throws IOException {
        try (ServerSocket other = new ServerSocket(port)) {
            assertThatThrownBy(release::open)
                    .isInstanceOf(LanternException.class)
                    .hasMessageStartingWith("cannot listen on port " + other.getLocalPort() + ", so no agent starts: ");
        }
    }

    private void hungUp() throws IOException {
        try (Socket socket = connect()) {
            assertThat(socket.getInputStream().read()).isNegative();
        }
    }

    private void refused() {
        assertThatThrownBy(this::connect).isInstanceOf(ConnectException.class);
    }

    /** Until the thread that accepts has let go of the socket, the kernel still answers for it. */
    private void refusedSoon() throws IOException {
        long until = System.nanoTime() + TimeUnit.SECONDS.toNanos(10);
        while (System.nanoTime() < until) {
            try (Socket late = connect()) {
                assertThat(late.isConnected()).isTrue();
            } catch (ConnectException e) {
                return;
            }
        }
        refused();
    }

    private Socket connect() throws IOException {
        Socket socket = new Socket(InetAddress.getLoopbackAddress(), port);
        socket.setSoTimeout(10_000);
        return socket;
    }
}
