package dev.lantern.gate;

/**
 * A pod's toleration, as Kubernetes defines it.
 *
 * @param key the taint's key; empty, with {@code Exists}, means every key
 * @param operator {@code Exists} or {@code Equal}; what is neither tolerates nothing here
 * @param value the taint's value, for {@code Equal}
 * @param effect the taint's effect; empty means every effect
 */
public record Toleration(String key, String operator, String value, String effect) {

    /** Whether it tolerates the taint for as long as the pod runs. */
    public boolean tolerates(Taint taint) {
        if (!effect.isEmpty() && !effect.equals(taint.effect())) {
            return false;
        }
        return switch (operator) {
            case "Exists" -> key.isEmpty() || key.equals(taint.key());
            case "Equal" -> !key.isEmpty() && key.equals(taint.key()) && value.equals(taint.value());
            default -> false;
        };
    }
}
