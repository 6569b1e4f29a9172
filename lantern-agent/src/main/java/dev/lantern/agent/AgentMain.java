package dev.lantern.agent;

import dev.lantern.agent.clockwork.RandomNames;
import dev.lantern.agent.http.Exchange;
import dev.lantern.value.LanternException;
import dev.lantern.value.Payload;
import dev.lantern.value.PayloadCodec;
import java.lang.reflect.Type;

/**
 * Runs an agent in its own process, beside the harness that {@code LANTERN_URL} names.
 *
 * <p>Reads the input, runs the agent, delivers its output and ends the JVM: with 0 once the output is durable,
 * with 1 when the agent or the delivery failed, after the stack trace on standard error. Threads that the agent
 * left running do not keep the process alive.
 */
public final class AgentMain {
    private static final String URL = "LANTERN_URL";

    private AgentMain() {}

    /** As {@link #run(PayloadCodec, Type, Agent)} with {@link RecordCodec}. Does not return. */
    public static <I, O> void run(Class<I> input, Agent<I, O> agent) {
        run(new RecordCodec(), input, agent);
    }

    /**
     * Runs the agent and ends the JVM.
     *
     * @param codec for the input, the output and the results of steps
     * @param input what the input is read as; {@link Payload} for its bytes as they are
     */
    @SuppressWarnings("SystemExitOutsideMain") // It is the agent's main: a stray thread must not hold the pod.
    public static <I, O> void run(PayloadCodec codec, Type input, Agent<I, O> agent) {
        System.exit(exitCode(codec, input, agent));
    }

    /**
     * Runs the agent over any way to its harness, in this thread, and returns when its output is durable. For
     * test kits that have the harness in the same JVM.
     *
     * @throws Exception what the agent threw
     */
    @SuppressWarnings({"exports", "unchecked"})
    public static <I, O> void call(Exchange harness, PayloadCodec codec, Type input, Agent<I, O> agent)
            throws Exception {
        HarnessClient client = new HarnessClient(harness);
        AgentSteps steps = new AgentSteps(client, codec, RandomNames.next());
        Payload given = client.input();
        Object read = input == Payload.class ? given : codec.decode(given, input);
        O output = agent.run(steps, (I) read);
        if (output == null) {
            throw new LanternException("the agent returned null: return its output, or an empty record for none");
        }
        client.output(output instanceof Payload payload ? payload : codec.encode(output));
    }

    private static <I, O> int exitCode(PayloadCodec codec, Type input, Agent<I, O> agent) {
        try {
            call(LoopbackLink.to(url()), codec, input, agent);
            return 0;
        } catch (Exception | Error e) {
            e.printStackTrace();
            return 1;
        }
    }

    private static String url() {
        String url = System.getenv(URL);
        if (url == null) {
            throw new LanternException(URL
                    + " is not set: an agent is started by Lantern, beside its harness; see docs/agent-protocol.md");
        }
        return url;
    }
}
