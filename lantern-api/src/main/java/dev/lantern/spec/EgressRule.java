package dev.lantern.spec;

import dev.lantern.value.internal.Json;
import java.util.Collection;
import java.util.EnumSet;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * One permission to reach the outside: where, and optionally how, how fast, on which ports and with which
 * credential. Immutable; every method that takes a value returns a new rule.
 *
 * {@snippet :
 * EgressRule.to("*.github.com").httpMethods(List.of(HttpMethod.GET)).ports(List.of(443)).rateBps(524288);
 * }
 */
public final class EgressRule {
    private static final String RATE_RULE = "a whole number of bytes per second from 1 to 9007199254740991";
    private static final String PORT_RULE = "ports from 1 to 65535, each once";
    private static final int MOST_PORTS = 64;

    private final EgressPattern pattern;
    private final List<HttpMethod> httpMethods;
    private final OptionalLong rateBps;
    private final List<Integer> ports;
    private final Optional<SecretUri> credential;

    private EgressRule(
            EgressPattern pattern,
            List<HttpMethod> httpMethods,
            OptionalLong rateBps,
            List<Integer> ports,
            Optional<SecretUri> credential) {
        this.pattern = pattern;
        this.httpMethods = httpMethods;
        this.rateBps = rateBps;
        this.ports = ports;
        this.credential = credential;
    }

    /** Every method, every port, no rate limit, no credential. */
    public static EgressRule to(EgressPattern pattern) {
        return new EgressRule(
                Objects.requireNonNull(pattern, "pattern"),
                List.of(),
                OptionalLong.empty(),
                List.of(),
                Optional.empty());
    }

    /**
     * The same for a pattern as {@code agent.yaml} writes it.
     *
     * @throws InvalidSpecException as {@link EgressPattern#parse}
     */
    public static EgressRule to(String pattern) {
        return to(EgressPattern.parse(pattern));
    }

    /**
     * Admits these methods only; none means every method.
     *
     * @throws InvalidSpecException if one stands twice
     */
    public EgressRule httpMethods(Collection<HttpMethod> methods) {
        Set<HttpMethod> sorted = EnumSet.noneOf(HttpMethod.class);
        for (HttpMethod method : methods) {
            if (!sorted.add(method)) {
                throw InvalidSpecException.of("http_methods", method + " twice", "each method once", "");
            }
        }
        return new EgressRule(pattern, List.copyOf(sorted), rateBps, ports, credential);
    }

    /**
     * Limits the traffic of the rule to this many <em>bytes</em> a second.
     *
     * @throws InvalidSpecException unless it is from 1 to 2^53 - 1
     */
    public EgressRule rateBps(long bytesPerSecond) {
        if (bytesPerSecond < 1 || bytesPerSecond > Json.MAX_INTEGER) {
            String fix = bytesPerSecond == 0 ? "for no limit leave the field out" : "";
            throw InvalidSpecException.of("rate_bps", String.valueOf(bytesPerSecond), RATE_RULE, fix);
        }
        return new EgressRule(pattern, httpMethods, OptionalLong.of(bytesPerSecond), ports, credential);
    }

    /**
     * Admits these ports only; none means every port.
     *
     * @throws InvalidSpecException for a port outside 1 to 65535, one that stands twice, or more than 64
     */
    public EgressRule ports(Collection<Integer> ports) {
        TreeSet<Integer> sorted = new TreeSet<>();
        for (Integer port : ports) {
            if (port < 1 || port > 65535 || !sorted.add(port)) {
                throw InvalidSpecException.of(
                        "ports", sorted.contains(port) ? port + " twice" : "" + port, PORT_RULE, "");
            }
        }
        if (sorted.size() > MOST_PORTS) {
            throw InvalidSpecException.of("ports", sorted.size() + " ports", "at most " + MOST_PORTS, "");
        }
        return new EgressRule(pattern, httpMethods, rateBps, List.copyOf(sorted), credential);
    }

    /** Lets the gateway present this secret on the rule's requests; the agent never holds it. */
    public EgressRule credential(SecretUri secret) {
        return new EgressRule(pattern, httpMethods, rateBps, ports, Optional.of(secret));
    }

    /** Where to. */
    public EgressPattern pattern() {
        return pattern;
    }

    /** The methods admitted, in alphabetical order; empty means every method. */
    public List<HttpMethod> httpMethods() {
        return httpMethods;
    }

    /** Bytes per second, if limited. */
    public OptionalLong rateBps() {
        return rateBps;
    }

    /** The ports admitted, ascending; empty means every port. */
    public List<Integer> ports() {
        return ports;
    }

    /** The secret that the gateway presents, if any. */
    public Optional<SecretUri> credential() {
        return credential;
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof EgressRule that
                && pattern.equals(that.pattern)
                && httpMethods.equals(that.httpMethods)
                && rateBps.equals(that.rateBps)
                && ports.equals(that.ports)
                && credential.equals(that.credential);
    }

    @Override
    public int hashCode() {
        return Objects.hash(pattern, httpMethods, rateBps, ports, credential);
    }

    @Override
    public String toString() {
        return "EgressRule[" + pattern + " methods=" + httpMethods + " ports=" + ports + "]";
    }
}
