package dev.lantern.k8s;

import dev.lantern.substrate.GatewayTrust;
import dev.lantern.value.LanternException;
import java.net.InetAddress;
import java.net.URI;
import java.net.UnknownHostException;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What a harness is told of the network around it.
 *
 * @param gateway where it finds its owner; an address, because there is no DNS
 * @param trust by what it knows the gateway
 * @param forbidden what answers whoever reaches it and must not be reached from a pod: the fence is tried with it
 */
record Reach(String gateway, Optional<GatewayTrust> trust, List<String> forbidden) {
    /** More are no better, and the harness takes no more. */
    static final int MOST_FORBIDDEN = 8;

    private static final Pattern ADDRESS =
            Pattern.compile("(?:([0-9]{1,3}(?:\\.[0-9]{1,3}){3})|\\[([0-9a-f:.]{2,45})]):([0-9]{1,5})");

    Reach {
        forbidden = List.copyOf(forbidden);
        if (forbidden.isEmpty() || forbidden.size() > MOST_FORBIDDEN) {
            throw new LanternException(
                    "1 to " + MOST_FORBIDDEN + " addresses are named as forbidden, found " + forbidden.size());
        }
        forbidden.forEach(Reach::requireAddress);
    }

    /** What every harness is told, whomever it is to trust. */
    Reach(String gateway, List<String> forbidden) {
        this(gateway, Optional.empty(), forbidden);
    }

    /** The same for an instance that knows its gateway by this. */
    Reach trusting(Optional<GatewayTrust> known) {
        return new Reach(gateway, known, forbidden);
    }

    /**
     * The API server, as this host reaches it: it answers everybody, and no agent has anything to do with it.
     *
     * @throws LanternException if that leads nowhere from inside of a pod
     */
    static List<String> apiServer(String basePath) {
        URI server = URI.create(basePath);
        int port = server.getPort() > 0 ? server.getPort() : server.getScheme().equals("http") ? 80 : 443;
        String address = server.getHost() + ":" + port;
        if (!ADDRESS.matcher(address).matches()) {
            throw new LanternException("the API server is reached by a name, " + Shown.quoted(server.getHost())
                    + ", and a pod has no DNS to try its fence with: say .forbidden(\"address:port\"), such as the"
                    + " ClusterIP of Service kubernetes in namespace default, with port 443");
        }
        requireAddress(address);
        return List.of(address);
    }

    private static void requireAddress(String address) {
        Matcher parts = ADDRESS.matcher(address);
        if (!parts.matches() || !isPort(parts.group(3)) || leadsNowhere(parts)) {
            throw new LanternException("what the fence is tried with is written <address>:<port>, with an address that"
                    + " pods could reach if nothing kept them from it, found " + Shown.quoted(address)
                    + ": say .forbidden(\"address:port\"), such as the ClusterIP of Service kubernetes in namespace"
                    + " default, with port 443");
        }
    }

    private static boolean isPort(String digits) {
        int port = Integer.parseInt(digits);
        return port > 0 && port <= 65_535;
    }

    /** A pod's loopback is its own, and to it nobody listens: such an address would prove every fence. */
    private static boolean leadsNowhere(Matcher parts) {
        try {
            InetAddress address = InetAddress.getByName(parts.group(1) != null ? parts.group(1) : parts.group(2));
            return address.isLoopbackAddress()
                    || address.isAnyLocalAddress()
                    || address.isLinkLocalAddress()
                    || address.isMulticastAddress();
        } catch (UnknownHostException e) {
            return true;
        }
    }
}
