package dev.lantern.agent;

/**
 * An agent: from the run's input to its output, in steps.
 *
 * <p>After a crash a new instance calls {@link #run} again with the same input, and every step whose result is
 * recorded answers that result without running its body. So what lies between steps runs once for every
 * instance: it begins the same steps with the same inputs each time, and leaves what changes (time, chance, a
 * model's words, the world) to the bodies of steps.
 *
 * <pre>{@code
 * record Ticket(String id, String text) {}
 * record Report(String summary) {}
 *
 * final class Triage implements Agent<Ticket, Report> {
 *     public Report run(Steps steps, Ticket ticket) throws Exception {
 *         String summary = steps.step("summarise", String.class, attempt -> model.summarise(ticket.text()));
 *         return new Report(summary);
 *     }
 *
 *     public static void main(String[] args) {
 *         AgentMain.run(Ticket.class, new Triage());
 *     }
 * }
 * }</pre>
 *
 * @param <I> the input; {@link dev.lantern.value.Payload} for its bytes as they are
 * @param <O> the output; {@link dev.lantern.value.Payload} for bytes as they are
 */
@FunctionalInterface
public interface Agent<I, O> {

    /**
     * Does the run's work.
     *
     * @throws Exception ends this instance as a failure of the agent; what its steps recorded stays
     */
    O run(Steps steps, I input) throws Exception;
}
