package dev.lantern.secrets;

import dev.lantern.spec.Isolation;
import dev.lantern.value.LanternException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * Who may have one secret, and for how long at a time. Immutable; begins with {@link #any} and is narrowed from there.
 *
 * <pre>{@code
 * SecretRule.any().agents("triage").classes(Isolation.TRUSTED, Isolation.STANDARD).atMost(Duration.ofMinutes(1))
 * }</pre>
 */
public final class SecretRule {
    private static final SecretRule ANY = new SecretRule(List.of(), List.of(), Optional.empty());

    private final List<String> agents;
    private final List<Isolation> classes;
    private final Optional<Duration> atMost;

    private SecretRule(List<String> agents, List<Isolation> classes, Optional<Duration> atMost) {
        this.agents = List.copyOf(agents);
        this.classes = List.copyOf(classes);
        this.atMost = atMost;
    }

    /** Every agent whose spec names the secret, in every class, for as long as the class allows. */
    public static SecretRule any() {
        return ANY;
    }

    /**
     * Only agents of these names.
     *
     * @param names {@code metadata.name} of their specs; none means every agent
     */
    public SecretRule agents(String... names) {
        return new SecretRule(List.of(names), classes, atMost);
    }

    /**
     * Only agents that run under these classes.
     *
     * @param allowed none means every class
     */
    public SecretRule classes(Isolation... allowed) {
        return new SecretRule(agents, List.of(allowed), atMost);
    }

    /**
     * At most for this long at a time.
     *
     * @throws LanternException if that is less than a second
     */
    public SecretRule atMost(Duration ttl) {
        return new SecretRule(agents, classes, Optional.of(checked(ttl)));
    }

    static Duration checked(Duration ttl) {
        if (ttl.compareTo(Duration.ofSeconds(1)) < 0) {
            throw new LanternException("a lease lasts a second at least, found " + ttl);
        }
        return ttl;
    }

    boolean allows(String agent, Isolation isolation) {
        return (agents.isEmpty() || agents.contains(agent)) && (classes.isEmpty() || classes.contains(isolation));
    }

    Optional<Duration> longest() {
        return atMost;
    }

    @Override
    public String toString() {
        return "agents " + (agents.isEmpty() ? "all" : agents) + ", classes " + (classes.isEmpty() ? "all" : classes)
                + atMost.map(ttl -> ", at most " + ttl).orElse("");
    }
}
