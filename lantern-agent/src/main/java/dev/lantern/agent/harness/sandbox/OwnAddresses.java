package dev.lantern.agent.harness.sandbox;

import java.net.InetAddress;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.util.List;

/** The addresses at which this sandbox is part of a network. Loopback and link-local ones lead nowhere. */
public final class OwnAddresses {
    private OwnAddresses() {}

    /** @throws SocketException if the kernel does not tell */
    public static List<InetAddress> look() throws SocketException {
        return NetworkInterface.networkInterfaces()
                .flatMap(NetworkInterface::inetAddresses)
                .filter(OwnAddresses::leadsSomewhere)
                .toList();
    }

    static boolean leadsSomewhere(InetAddress address) {
        return !address.isLoopbackAddress()
                && !address.isLinkLocalAddress()
                && !address.isAnyLocalAddress()
                && !address.isMulticastAddress();
    }
}
