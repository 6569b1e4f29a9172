package dev.lantern.secrets;

import dev.lantern.spec.AgentSpec;
import dev.lantern.spec.Isolation;
import java.time.Duration;
import java.util.EnumMap;
import java.util.Map;
import java.util.Objects;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Which secrets a host gives to which agents, and for how long at a time. It only narrows: an agent is never given a secret
 * that its spec does not name, nor one of another tenant, nor for longer than its spec says. Immutable.
 */
public final class SecretPolicy {
    private static final SecretPolicy DEFAULTS = new SecretPolicy(caps(), new TreeMap<>(), false);

    private final Map<Isolation, Duration> caps;
    private final SortedMap<String, SecretRule> rules;
    private final boolean onlyListed;

    private SecretPolicy(Map<Isolation, Duration> caps, SortedMap<String, SecretRule> rules, boolean onlyListed) {
        this.caps = caps;
        this.rules = rules;
        this.onlyListed = onlyListed;
    }

    /**
     * Every secret to every agent of its tenant whose spec names it; a lease lasts 1 minute for {@code hostile}, 5 for
     * {@code untrusted} and 15 for every other class at most.
     */
    public static SecretPolicy defaults() {
        return DEFAULTS;
    }

    private static Map<Isolation, Duration> caps() {
        Map<Isolation, Duration> caps = new EnumMap<>(Isolation.class);
        for (Isolation isolation : Isolation.values()) {
            caps.put(isolation, Duration.ofMinutes(15));
        }
        caps.put(Isolation.UNTRUSTED, Duration.ofMinutes(5));
        caps.put(Isolation.HOSTILE, Duration.ofMinutes(1));
        return caps;
    }

    /**
     * Leases of agents that run under this class last this long at most.
     *
     * @throws dev.lantern.value.LanternException if that is less than a second
     */
    public SecretPolicy atMost(Isolation isolation, Duration ttl) {
        Map<Isolation, Duration> changed = new EnumMap<>(caps);
        changed.put(isolation, SecretRule.checked(ttl));
        return new SecretPolicy(changed, rules, onlyListed);
    }

    /** The secret of this key, of whichever tenant, goes only to whom the rule lets have it; replaces an earlier rule. */
    public SecretPolicy secret(String key, SecretRule rule) {
        SortedMap<String, SecretRule> changed = new TreeMap<>(rules);
        changed.put(Objects.requireNonNull(key, "key"), Objects.requireNonNull(rule, "rule"));
        return new SecretPolicy(caps, changed, onlyListed);
    }

    /** Secrets without a rule of their own go to nobody. */
    public SecretPolicy onlyListed() {
        return new SecretPolicy(caps, rules, true);
    }

    /** Whether an agent of this spec, which runs under this class, may have the secret. */
    public boolean allows(AgentSpec spec, Isolation isolation, SecretPlace place) {
        SecretRule rule = rules.get(place.key());
        return rule == null ? !onlyListed : rule.allows(spec.name(), isolation);
    }

    /** How long a lease of this secret lasts at most. */
    public Duration longest(Isolation isolation, SecretPlace place) {
        Duration cap = Objects.requireNonNull(caps.get(isolation));
        SecretRule rule = rules.getOrDefault(place.key(), SecretRule.any());
        return rule.longest().filter(ttl -> ttl.compareTo(cap) < 0).orElse(cap);
    }
}
