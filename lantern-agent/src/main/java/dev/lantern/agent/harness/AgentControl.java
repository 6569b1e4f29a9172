package dev.lantern.agent.harness;

import dev.lantern.agent.wire.GatewayReply;

/** What the harness tells whoever starts and stops the agent. Called in turns; must neither block nor throw. */
public interface AgentControl {

    /** The instance is enrolled: the agent may start. Called once at most, and never after {@link #stop}. */
    void release(GatewayReply.Enrolled enrolled);

    /**
     * The agent is to be stopped now, with its grace. Called once at most.
     *
     * @param why for logs
     */
    void stop(String why);
}
