package dev.lantern.agent;

import java.lang.reflect.Type;
import java.util.List;

/**
 * The durable steps of a run, as its agent sees them. Thread-safe; steps that are open at the same time need
 * different names, or different keys.
 *
 * <p>What is promised: a step whose result is recorded is never run again, on any instance. A body whose instance
 * died before its result was recorded has run in part, in full or not at all, and what happens then is what its
 * {@link Effect} says; the idempotency key of such a step is the same on every try.
 */
public interface Steps {

    /**
     * Answers the step's recorded result, or runs {@code body} and records what it returns. When this returns,
     * the result is durable.
     *
     * <p>The value goes through the codec either way, so the first execution sees exactly what a resumed one
     * will. When the body throws, the failure is recorded by its exception's class and place (never its message),
     * the exception is thrown on, and the step may be begun again: a retry loop around this call is the same step.
     *
     * @throws StepInDoubtException if an earlier instance began the step and nobody knows how it went
     * @throws StepRefusedException if the step cannot be begun or recorded; the message says what to do
     * @throws AgentStoppedException if this instance is being stopped, or another has taken over
     * @throws Exception what {@code body} threw
     */
    Object step(StepSpec step, Type type, Body<?> body) throws Exception;

    /** As {@link #step(StepSpec, Type, Body)}, for results without type arguments. */
    @SuppressWarnings("unchecked")
    default <T> T step(StepSpec step, Class<T> type, Body<T> body) throws Exception {
        return (T) step(step, (Type) type, body);
    }

    /** As {@link #step(StepSpec, Type, Body)}, for an idempotent step that needs a name only. */
    default <T> T step(String name, Class<T> type, Body<T> body) throws Exception {
        return step(StepSpec.named(name), type, body);
    }

    /** As {@link #step(StepSpec, Type, Body)}, for a step that has no result but that it is done. */
    void step(StepSpec step, Action body) throws Exception;

    /** As {@link #step(StepSpec, Action)}, for an idempotent step that needs a name only. */
    default void step(String name, Action body) throws Exception {
        step(StepSpec.named(name), body);
    }

    /**
     * Records the result of a step that is known to have happened: one that was resolved as
     * {@link Resolution#HAPPENED}. When this returns, the result is durable.
     *
     * @throws StepRefusedException if the step is not in that state
     */
    void settle(StepSpec step, Object result);

    /** The steps that somebody must resolve before they can be begun; empty in a run without crashes. */
    List<StepInDoubt> inDoubt();

    /**
     * Says whether the effect of a step in doubt took place. Durable on return.
     *
     * @param how who or what knows, for the audit trail; it cannot be erased, so it holds no payload
     * @throws StepRefusedException if the step is not in doubt
     */
    void resolve(StepInDoubt step, Resolution resolution, String how);

    /**
     * The value of a secret of the spec as it is now. Each call asks anew, because values change while a run goes on: ask
     * where it is used, and not once at the start.
     *
     * @param name the secret's {@code env_name}
     * @throws SecretUnavailableException if its lease has passed and was not renewed yet; asking again may help
     * @throws AgentStoppedException if this instance is over
     * @throws dev.lantern.value.LanternException if the spec grants no secret of this name
     */
    Secret secret(String name);

    /** Reports usage outside of steps; durable on return. Inside of a step, {@link Attempt#usage} is the one. */
    void usage(ModelUsage usage);

    /**
     * A step's work.
     *
     * @param <T> its result
     */
    @FunctionalInterface
    interface Body<T> {
        /** Does the work; what it throws fails the attempt. */
        T run(Attempt attempt) throws Exception;
    }

    /** The work of a step without a result. */
    @FunctionalInterface
    interface Action {
        /** Does the work; what it throws fails the attempt. */
        void run(Attempt attempt) throws Exception;
    }

    /** One try of a step's body. */
    interface Attempt {
        /** The same for this step on every retry, resume and node: give it to whatever the body calls. */
        String idempotencyKey();

        /** Counts the tries that the journal knows of, from 1. */
        int number();

        /** Notes what a model call used. It becomes durable with the step's result or its failure. */
        void usage(ModelUsage usage);
    }

    /** Whether the effect of a step in doubt took place. */
    enum Resolution {
        /** It did: the step is not run again and waits for its result. */
        HAPPENED,
        /** It did not: the step may be begun again. */
        DID_NOT_HAPPEN
    }
}
