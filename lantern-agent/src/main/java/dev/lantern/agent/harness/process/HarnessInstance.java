package dev.lantern.agent.harness.process;

import dev.lantern.agent.clockwork.Clockwork;
import dev.lantern.agent.harness.AgentControl;
import dev.lantern.agent.harness.Custody;
import dev.lantern.agent.harness.Harness;
import dev.lantern.agent.harness.InstanceSigner;
import dev.lantern.agent.harness.Transport;
import dev.lantern.agent.harness.loopback.LoopbackApi;
import dev.lantern.agent.harness.loopback.LoopbackServer;
import dev.lantern.agent.wire.GatewayReply;
import dev.lantern.agent.wire.InsideReport;
import dev.lantern.agent.wire.Problem;
import dev.lantern.value.Payload;
import dev.lantern.value.RunRef;
import java.net.URI;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * One instance's harness and its agent's door, ready to be used from any thread.
 *
 * <p>What a substrate embeds in the host's JVM: it starts the agent with {@link #url} as {@code LANTERN_URL} once
 * {@link AgentControl#release} is called, and stops it on {@link AgentControl#stop}. Both are called in turns of
 * the clockwork and must not block. Thread-safe.
 */
public final class HarnessInstance implements AutoCloseable {
    private static final int REPORT_NAME_BYTES = 12;

    private final Harness harness;
    private final Clockwork clockwork;
    private final LoopbackServer door;
    private final URI url;

    private HarnessInstance(Harness harness, Clockwork clockwork, LoopbackServer door, URI url) {
        this.harness = harness;
        this.clockwork = clockwork;
        this.door = door;
        this.url = url;
    }

    /**
     * Opens the agent's door; nothing is sent before {@link #start}.
     *
     * @param door may serve other instances too; the caller closes it
     * @param custody who keeps what the instance is given; called in turns of the clockwork
     */
    public static HarnessInstance behind(
            LoopbackServer door,
            RunRef run,
            int epoch,
            Transport transport,
            Clockwork clockwork,
            InstanceSigner signer,
            AgentControl agent,
            Custody custody) {
        Harness harness = new Harness(run, epoch, transport, clockwork, signer, agent, custody);
        LoopbackApi api = new LoopbackApi(harness, () -> clockwork.random(REPORT_NAME_BYTES));
        return new HarnessInstance(harness, clockwork, door, door.serve(api, clockwork));
    }

    /** Begins to enrol, from no sandbox of its own. Called once. */
    public void start() {
        clockwork.soon(harness::start);
    }

    /** Begins to enrol, with what was found in the instance's own sandbox. Called once. */
    void start(InsideReport inside) {
        clockwork.soon(() -> harness.start(Optional.of(inside)));
    }

    /** The agent's {@code LANTERN_URL}. A secret: whoever has it may speak for the agent. */
    public URI url() {
        return url;
    }

    /**
     * Delivers what the agent left as its result, unless it has handed over an output itself.
     *
     * @param answer told in a turn; {@link GatewayReply.Accepted} means that the output is durable
     */
    public void deliver(Payload result, Consumer<GatewayReply> answer) {
        clockwork.soon(() -> harness.output(result, answer));
    }

    /** Tells in a turn whether the agent has handed over an output itself. */
    public void whetherOutputBegun(Consumer<Boolean> answer) {
        clockwork.soon(() -> answer.accept(harness.outputBegun()));
    }

    /** Tells in a turn whether an output of this instance is durable. */
    public void whetherOutputDurable(Consumer<Boolean> answer) {
        clockwork.soon(() -> answer.accept(harness.outputDurable()));
    }

    /** Tells in a turn why the instance has ended; empty while it has not. */
    public void whyEnded(Consumer<Optional<Problem>> answer) {
        clockwork.soon(() -> answer.accept(harness.ended()));
    }

    /**
     * Stops the agent and begins nothing new.
     *
     * @param drained run in a turn once no call is unanswered; the agent may still add some until it has ended
     */
    public void drain(String why, Runnable drained) {
        clockwork.soon(() -> harness.drain(why, drained));
    }

    /**
     * The agent has ended: removes its secrets and gives their leases back, which is waited for a second at most.
     *
     * @param drained as with {@link #drain}
     */
    public void agentEnded(Runnable drained) {
        clockwork.soon(() -> harness.agentEnded(drained));
    }

    /** Ends at once: the secrets are removed, the door is closed, what is unanswered is refused. Repeating it does nothing. */
    @Override
    public void close() {
        door.stopServing(url);
        clockwork.soon(harness::close);
    }
}
