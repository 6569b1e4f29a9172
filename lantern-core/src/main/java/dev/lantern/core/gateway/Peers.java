package dev.lantern.core.gateway;

import java.net.InetAddress;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Who is connected, by address. What comes from one address takes no more than its share, so that a pod that holds as many
 * connections as it can, or sends as much as it can, leaves room for the others. Thread-safe.
 */
final class Peers {
    private final GatewayLimits limits;
    private final BufferBudget all;
    private final Map<InetAddress, Peer> peers = new LinkedHashMap<>();

    Peers(GatewayLimits limits) {
        this.limits = limits;
        this.all = new BufferBudget(limits.maxBufferedBytes());
    }

    /** One more connection from there; it counts until {@link Peer#left}, also if it is one too many. */
    Peer joined(InetAddress address) {
        synchronized (peers) {
            Peer peer = peers.computeIfAbsent(address, Peer::new);
            peer.connections++;
            return peer;
        }
    }

    /** Bytes of bodies that may still be buffered, all addresses together. */
    long budgetLeft() {
        return all.left();
    }

    /** How many addresses are connected. */
    int size() {
        synchronized (peers) {
            return peers.size();
        }
    }

    /** How many handshakes are under way, from all addresses. */
    int handshakes() {
        synchronized (peers) {
            return peers.values().stream().mapToInt(peer -> peer.handshakes).sum();
        }
    }

    /** What is connected from one address. */
    final class Peer {
        private final InetAddress address;
        private final BufferBudget own = new BufferBudget(limits.maxBufferedBytesOfOne());
        private int connections;
        private int handshakes;

        private Peer(InetAddress address) {
            this.address = address;
        }

        boolean hasTooMany() {
            synchronized (peers) {
                return connections > limits.maxConnectionsOfOne();
            }
        }

        /** @return false, and then it does not count, if that is one handshake too many from there */
        boolean beginsHandshake() {
            synchronized (peers) {
                if (handshakes >= limits.maxHandshakesOfOne()) {
                    return false;
                }
                handshakes++;
                return true;
            }
        }

        void endsHandshake() {
            synchronized (peers) {
                handshakes--;
            }
        }

        InetAddress address() {
            return address;
        }

        void left() {
            synchronized (peers) {
                connections--;
                if (connections == 0) {
                    peers.remove(address);
                }
            }
        }

        /** @return false, with nothing taken, if that is more than is left, for this address or for all */
        boolean take(int bytes) {
            if (!own.take(bytes)) {
                return false;
            }
            if (!all.take(bytes)) {
                own.giveBack(bytes);
                return false;
            }
            return true;
        }

        void giveBack(int bytes) {
            own.giveBack(bytes);
            all.giveBack(bytes);
        }
    }
}
