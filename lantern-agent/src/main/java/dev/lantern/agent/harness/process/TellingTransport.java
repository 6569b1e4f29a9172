package dev.lantern.agent.harness.process;

import dev.lantern.agent.harness.Transport;
import dev.lantern.agent.wire.GatewayCall;
import java.util.Optional;
import java.util.function.Consumer;

/** Says in the harness's log that calls are lost, once until one is answered again. Called in turns only. */
final class TellingTransport implements Transport {
    private final Transport transport;
    private boolean silent;

    TellingTransport(Transport transport) {
        this.transport = transport;
    }

    @Override
    public void send(Optional<String> owner, GatewayCall call, Consumer<Outcome> outcome) {
        transport.send(owner, call, told -> {
            if (told instanceof Outcome.Lost lost && !silent) {
                System.err.println("lantern: the gateway does not answer, which is tried again: " + lost.why());
            } else if (silent && !(told instanceof Outcome.Lost)) {
                System.err.println("lantern: the gateway answers again");
            }
            silent = told instanceof Outcome.Lost;
            outcome.accept(told);
        });
    }
}
