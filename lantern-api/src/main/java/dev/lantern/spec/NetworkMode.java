package dev.lantern.spec;

import java.util.Locale;

/**
 * What an agent may reach.
 *
 * <p>The default of every isolation class is {@link #ALLOWLIST_DOMAIN}: without egress rules it reaches nothing,
 * so a spec that says nothing about the network opens nothing.
 */
public enum NetworkMode {
    /** Nothing but the gateway's own protocol; egress rules are refused beside it. */
    NONE,
    /** What the egress rules name, through the gateway. */
    ALLOWLIST_DOMAIN,
    /** What the egress rules name, and the tenant's own network. */
    TENANT_VPC,
    /** Any public host. The gate decides for whom. */
    OPEN;

    /**
     * Reads the word that {@link #text()} writes.
     *
     * @throws InvalidSpecException for any other word, with the one probably meant
     */
    public static NetworkMode parse(String text) {
        return Words.parse("network", text, values(), NetworkMode::text);
    }

    /** The word in {@code agent.yaml}. */
    public String text() {
        return name().toLowerCase(Locale.ROOT);
    }
}
