package dev.lantern.agent;

import java.nio.charset.StandardCharsets;

/**
 * A secret's value as it was when it was asked for. It shows itself in two named calls only, and not in a
 * {@link #toString}: keep it out of step results, inputs, failures and logs, which are kept for longer than its lease.
 * Immutable.
 */
public final class Secret {
    private final String name;
    private final byte[] bytes;

    Secret(String name, byte[] bytes) {
        this.name = name;
        this.bytes = bytes.clone();
    }

    /** A copy of the value. */
    public byte[] bytes() {
        return bytes.clone();
    }

    /** The value as UTF-8, with nothing taken off its ends. */
    public String text() {
        return new String(bytes, StandardCharsets.UTF_8);
    }

    /** Its name, and no value. */
    @Override
    public String toString() {
        return "Secret[" + name + "=…]";
    }
}
