package dev.lantern.testkit;

import dev.lantern.agent.Agent;
import dev.lantern.agent.AgentMain;
import dev.lantern.agent.http.Exchange;
import dev.lantern.value.PayloadCodec;
import java.lang.reflect.Type;

/** An agent with the type of its input, which a lambda does not know. */
record AgentUnderTest(PayloadCodec codec, Type input, Agent<?, ?> agent) {

    /** Runs it in this thread until its output is durable. */
    void run(Exchange harness) throws Exception {
        AgentMain.call(harness, codec, input, agent);
    }
}
