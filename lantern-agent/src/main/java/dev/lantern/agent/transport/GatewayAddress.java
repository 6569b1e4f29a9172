package dev.lantern.agent.transport;

import dev.lantern.value.LanternException;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.Locale;

/**
 * Where a gateway listens: {@code http://host:port} or {@code https://host:port}, as a host names itself to its instances.
 *
 * @param scheme whether it speaks TLS
 * @param host a name or a literal address, IPv6 without brackets
 */
public record GatewayAddress(Scheme scheme, String host, int port) {
    private static final int MAX_PORT = 65_535;

    /** What is spoken there. */
    public enum Scheme {
        /** Plain, as on loopback. */
        HTTP,
        /** Over TLS, with both ends proven. */
        HTTPS;

        private String written() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /** Of a gateway without TLS. */
    public GatewayAddress(String host, int port) {
        this(Scheme.HTTP, host, port);
    }

    /** @throws LanternException unless it is {@code http://host:port} or {@code https://host:port} and nothing more */
    public static GatewayAddress parse(String text) {
        URI uri;
        try {
            uri = new URI(text);
        } catch (URISyntaxException e) {
            throw refused(text);
        }
        boolean wellFormed = ("http".equals(uri.getScheme()) || "https".equals(uri.getScheme()))
                && uri.getHost() != null
                && uri.getPort() > 0
                && uri.getPort() <= MAX_PORT
                && uri.getRawUserInfo() == null
                && uri.getRawQuery() == null
                && uri.getRawFragment() == null
                && (uri.getRawPath().isEmpty() || uri.getRawPath().equals("/"));
        if (!wellFormed) {
            throw refused(text);
        }
        String host = uri.getHost();
        return new GatewayAddress(
                "https".equals(uri.getScheme()) ? Scheme.HTTPS : Scheme.HTTP,
                host.startsWith("[") ? host.substring(1, host.length() - 1) : host,
                uri.getPort());
    }

    /** As it stands in a Host header. */
    public String authority() {
        return (host.indexOf(':') >= 0 ? "[" + host + "]" : host) + ":" + port;
    }

    @Override
    public String toString() {
        return scheme.written() + "://" + authority();
    }

    private static LanternException refused(String text) {
        return new LanternException("a gateway's address is http://<host>:<port> or https://<host>:<port>, found "
                + text.length() + " characters of another form");
    }
}
