package dev.lantern.agent;

/** What running a step's body a second time would do to the world; decides what happens after a crash inside it. */
public enum Effect {
    /** Nothing outside the agent changes. After a crash the body runs again. */
    PURE("pure"),
    /** Running again with the same idempotency key does no harm. After a crash the body runs again with that key. */
    IDEMPOTENT("idempotent"),
    /** Must not run twice. Its start is durable; after a crash it is in doubt until it is resolved. */
    AT_MOST_ONCE("at_most_once"),
    /** Can be asked afterwards. Its start is durable; after a crash the agent's probe resolves it. */
    PROBE("probe");

    private final String wireName;

    Effect(String wireName) {
        this.wireName = wireName;
    }

    /** The name in the protocol and in the journal. */
    public String wireName() {
        return wireName;
    }

    /** Whether the start of such a step is written before its body runs. */
    public boolean beginIsDurable() {
        return this == AT_MOST_ONCE || this == PROBE;
    }

    /**
     * The effect of this wire name.
     *
     * @throws dev.lantern.value.LanternException if there is none
     */
    public static Effect ofWireName(String name) {
        for (Effect effect : values()) {
            if (effect.wireName.equals(name)) {
                return effect;
            }
        }
        throw new dev.lantern.value.LanternException(
                "\"" + name + "\" is no effect; allowed are pure, idempotent, at_most_once, probe");
    }
}
