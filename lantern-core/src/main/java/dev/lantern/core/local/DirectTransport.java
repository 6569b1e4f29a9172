package dev.lantern.core.local;

import dev.lantern.agent.clockwork.SystemClockwork;
import dev.lantern.agent.harness.Transport;
import dev.lantern.agent.transport.GatewayAddress;
import dev.lantern.agent.transport.HttpTransport;
import dev.lantern.agent.wire.GatewayCall;
import dev.lantern.core.gateway.GatewayDoor;
import dev.lantern.core.gateway.Presented;
import dev.lantern.core.gateway.Secret;
import dev.lantern.value.LanternException;
import java.io.IOException;
import java.util.Optional;
import java.util.function.Consumer;
import javax.net.SocketFactory;
import org.jspecify.annotations.Nullable;

/**
 * Carries calls to the host in the same JVM as method calls, and to another host, once it owns the run, over HTTP.
 * Thread-safe.
 */
final class DirectTransport implements Transport, AutoCloseable {
    private final GatewayDoor door;
    private final String address;
    private final String secret;
    private final byte[] proof;
    private final SystemClockwork clockwork;
    private final Object lock = new Object();
    private @Nullable HttpTransport elsewhere;

    /** @param address how the host behind {@code door} is called when it is named as an owner */
    DirectTransport(GatewayDoor door, String address, String secret, SystemClockwork clockwork) {
        this.door = door;
        this.address = address;
        this.secret = secret;
        this.proof = Secret.parse(secret)
                .orElseThrow(() -> new LanternException("an enrolment secret is lower-case hexadecimal"));
        this.clockwork = clockwork;
    }

    @Override
    public void send(Optional<String> owner, GatewayCall call, Consumer<Outcome> outcome) {
        try {
            if (owner.isPresent() && !owner.get().equals(address)) {
                elsewhere(owner.get()).send(owner, call, outcome);
            } else {
                door.call(
                        new Presented.Bearer(proof.clone()),
                        call,
                        reply -> clockwork.soon(() -> outcome.accept(new Outcome.Answered(reply))));
            }
        } catch (LanternException e) {
            clockwork.soon(() -> outcome.accept(new Outcome.Lost(String.valueOf(e.getMessage()))));
        }
    }

    @Override
    public void close() throws IOException {
        HttpTransport open;
        synchronized (lock) {
            open = elsewhere;
        }
        if (open != null) {
            open.close();
        }
    }

    private HttpTransport elsewhere(String owner) {
        synchronized (lock) {
            if (elsewhere == null) {
                elsewhere = new HttpTransport(
                        GatewayAddress.parse(owner), secret, SocketFactory.getDefault(), clockwork, clockwork);
            }
            return elsewhere;
        }
    }
}
