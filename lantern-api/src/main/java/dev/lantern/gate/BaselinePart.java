package dev.lantern.gate;

/**
 * One part of what has to stand in a namespace before an agent runs there, and how it was found.
 *
 * @param name what it is, such as {@code NetworkPolicy lantern-deny-all}
 * @param state how it was found
 * @param detail what is missing or different; empty if it is present
 */
public record BaselinePart(String name, State state, String detail) {

    /** How a part was found. */
    public enum State {
        /** As shipped, or stricter. */
        PRESENT,
        /** Not there. */
        MISSING,
        /** There, and not what it has to be. */
        CHANGED
    }

    /** The part as it has to be. */
    public static BaselinePart present(String name) {
        return new BaselinePart(name, State.PRESENT, "");
    }

    /** A part that is not there. */
    public static BaselinePart missing(String name, String detail) {
        return new BaselinePart(name, State.MISSING, detail);
    }

    /** A part that is there and is not what it has to be. */
    public static BaselinePart changed(String name, String detail) {
        return new BaselinePart(name, State.CHANGED, detail);
    }

    /** Whether the part is as it has to be. */
    public boolean holds() {
        return state == State.PRESENT;
    }
}
