package dev.lantern.core.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class PeersTest {
    private static final Duration LONG = Duration.ofMinutes(1);

    /** Three connections, 100 bytes and two handshakes of one address; 150 bytes of all. */
    private final Peers peers = new Peers(
            new GatewayLimits(100, 3, 1_000, 1_000, 150, 100, LONG, LONG, LONG, LONG, LONG, LONG, LONG, 10, 10, 2, 10));

    @Test
    void as_many_connections_as_allowed_are_not_too_many() throws Exception {
        Peers.Peer one = peers.joined(address(1));
        peers.joined(address(1));
        peers.joined(address(1));
        assertThat(one.hasTooMany()).isFalse();

        peers.joined(address(1)).left();
        assertThat(one.hasTooMany()).isFalse();
        peers.joined(address(1));
        assertThat(one.hasTooMany()).isTrue();
        assertThat(peers.joined(address(2)).hasTooMany()).isFalse();
    }

    @Test
    void address_is_forgotten_with_its_last_connection() throws Exception {
        Peers.Peer one = peers.joined(address(1));
        peers.joined(address(1));
        peers.joined(address(2));
        one.left();
        assertThat(peers.size()).isEqualTo(2);
        one.left();
        assertThat(peers.size()).isEqualTo(1);
    }

    @Test
    void handshakes_at_once_are_counted_for_each_address() throws Exception {
        Peers.Peer one = peers.joined(address(1));
        assertThat(one.beginsHandshake()).isTrue();
        assertThat(one.beginsHandshake()).isTrue();
        assertThat(one.beginsHandshake()).isFalse();
        assertThat(peers.joined(address(2)).beginsHandshake()).isTrue();
        assertThat(peers.handshakes()).isEqualTo(3);

        one.endsHandshake();
        assertThat(one.beginsHandshake()).isTrue();
    }

    @Test
    void bytes_are_bounded_for_each_address_and_for_all_and_what_is_refused_takes_none() throws Exception {
        Peers.Peer one = peers.joined(address(1));
        Peers.Peer two = peers.joined(address(2));
        assertThat(one.take(101)).isFalse();
        assertThat(one.take(100)).isTrue();
        assertThat(one.take(1)).isFalse();
        assertThat(two.take(51)).as("of all there are 50 left").isFalse();
        assertThat(two.take(50)).isTrue();
        assertThat(peers.budgetLeft()).isZero();

        one.giveBack(100);
        assertThat(two.take(50)).as("its own share is 100").isTrue();
        assertThat(two.take(1)).isFalse();
        two.giveBack(100);
        assertThat(peers.budgetLeft()).isEqualTo(150);
        assertThat(one.take(100)).isTrue();
    }

    private static InetAddress address(int last) throws UnknownHostException {
        return InetAddress.getByAddress(new byte[] {10, 0, 0, (byte) last});
    }
}
