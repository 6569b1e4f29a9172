package dev.lantern.agent;

import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What an agent declares of a step before it runs. Immutable.
 *
 * <pre>{@code
 * StepSpec.named("charge").withKey(order.id()).withEffect(Effect.AT_MOST_ONCE).withInput(order)
 * }</pre>
 */
public final class StepSpec {
    private final String name;
    private final @Nullable String key;
    private final Effect effect;
    private final @Nullable Object input;
    private final long reserveTokens;
    private final @Nullable Probe<?> probe;

    private StepSpec(
            String name,
            @Nullable String key,
            Effect effect,
            @Nullable Object input,
            long reserveTokens,
            @Nullable Probe<?> probe) {
        this.name = name;
        this.key = key;
        this.effect = effect;
        this.input = input;
        this.reserveTokens = reserveTokens;
        this.probe = probe;
    }

    /**
     * An idempotent step.
     *
     * @param name 1 to 128 characters of {@code A-Z a-z 0-9 . _ : / -}; several steps of one name are told apart
     *     by the order in which they are begun, or by a key
     */
    public static StepSpec named(String name) {
        return new StepSpec(Objects.requireNonNull(name, "name"), null, Effect.IDEMPOTENT, null, 0, null);
    }

    /**
     * Tells this step from others of its name wherever and in whatever order they are begun.
     *
     * @param newKey made of identity fields of the step's subject, such as an order number; never of text that a
     *     model wrote, which differs from one try to the next
     */
    public StepSpec withKey(String newKey) {
        return new StepSpec(name, Objects.requireNonNull(newKey, "key"), effect, input, reserveTokens, probe);
    }

    /** Declares what repeating the step would do to the world, which decides what happens after a crash. */
    public StepSpec withEffect(Effect newEffect) {
        return new StepSpec(name, key, Objects.requireNonNull(newEffect, "effect"), input, reserveTokens, probe);
    }

    /**
     * Declares what the step works on: begun again with another input it is refused, and its old result is never
     * taken for an answer.
     */
    public StepSpec withInput(Object newInput) {
        return new StepSpec(name, key, effect, Objects.requireNonNull(newInput, "input"), reserveTokens, probe);
    }

    /** Counts so many tokens against the run's limit from the step's begin on; its begin is durable then. */
    public StepSpec withReserveTokens(long tokens) {
        return new StepSpec(name, key, effect, input, tokens, probe);
    }

    /** Makes this a step of {@link Effect#PROBE}: what is in doubt after a crash, {@code newProbe} finds out. */
    public StepSpec withProbe(Probe<?> newProbe) {
        return new StepSpec(name, key, Effect.PROBE, input, reserveTokens, Objects.requireNonNull(newProbe, "probe"));
    }

    /** The name that a retry and a resume find the step by. */
    public String name() {
        return name;
    }

    /** The key; empty for a step that is told apart by its occurrence. */
    public Optional<String> key() {
        return Optional.ofNullable(key);
    }

    /** What repeating the step would do to the world. */
    public Effect effect() {
        return effect;
    }

    /** The input whose change makes this another step; empty if none was declared. */
    public Optional<Object> input() {
        return Optional.ofNullable(input);
    }

    /** Tokens set aside before the step begins; 0 for none. */
    public long reserveTokens() {
        return reserveTokens;
    }

    /** What finds out whether a step in doubt took place; empty unless the effect is {@link Effect#PROBE}. */
    public Optional<Probe<?>> probe() {
        return Optional.ofNullable(probe);
    }

    /** Shows neither input nor key. */
    @Override
    public String toString() {
        return "StepSpec[" + name + ", " + effect.wireName() + "]";
    }

    /**
     * Finds out whether a step's effect took place.
     *
     * @param <T> the step's result
     */
    @FunctionalInterface
    public interface Probe<T> {

        /**
         * Asks the outside world.
         *
         * @param idempotencyKey what the earlier try carried
         * @return the step's result if its effect took place, empty if it certainly did not
         * @throws Exception if that cannot be told now; the step stays in doubt
         */
        Optional<T> ask(String idempotencyKey) throws Exception;
    }
}
