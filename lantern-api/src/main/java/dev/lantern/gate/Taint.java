package dev.lantern.gate;

/**
 * A node's taint.
 *
 * @param key its key
 * @param value its value; may be empty
 * @param effect {@code NoSchedule}, {@code PreferNoSchedule} or {@code NoExecute}
 */
public record Taint(String key, String value, String effect) {

    /** Whether a pod that does not tolerate it stays away, or has to go. */
    public boolean repels() {
        return !effect.equals("PreferNoSchedule");
    }

    /** As {@code kubectl} writes it: {@code key=value:effect}. */
    @Override
    public String toString() {
        return (value.isEmpty() ? key : key + "=" + value) + ":" + effect;
    }
}
