package dev.lantern.spec;

import java.util.Locale;

/**
 * How far an agent is kept from the machine and from its neighbours.
 *
 * <p>A spec asks for a class; the gate decides whether this cluster can give it. Policy may raise a class, never
 * lower it.
 */
public enum Isolation {
    /** First-party code on the ordinary container runtime. */
    TRUSTED,
    /** The default: a user-space kernel between agent and node. */
    STANDARD,
    /** Code or packages of others: like standard, with every fact proven and the gateway as the only way out. */
    UNTRUSTED,
    /** Code that is expected to attack: a virtual machine of its own on a dedicated node. */
    HOSTILE,
    /** A WebAssembly module under a handler declared as a wasm runtime. */
    WASM,
    /** Like standard, with a workspace that outlives the instance. */
    DEVCONTAINER;

    /**
     * Reads the word that {@link #text()} writes.
     *
     * @throws InvalidSpecException for any other word, with the one probably meant
     */
    public static Isolation parse(String text) {
        return Words.parse("isolation", text, values(), Isolation::text);
    }

    /** The word in {@code agent.yaml}. */
    public String text() {
        return name().toLowerCase(Locale.ROOT);
    }
}
