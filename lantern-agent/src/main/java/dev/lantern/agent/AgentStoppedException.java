package dev.lantern.agent;

import dev.lantern.value.LanternException;

/** This instance is being stopped, its run has ended, or a newer instance has taken over: let it end the agent. */
public final class AgentStoppedException extends LanternException {
    private static final long serialVersionUID = 1L;

    AgentStoppedException(String message) {
        super(message);
    }

    AgentStoppedException(String message, Throwable cause) {
        super(message, cause);
    }
}
