package dev.lantern.core.gateway;

import dev.lantern.agent.wire.CallPath;
import dev.lantern.core.security.SecurityLog;
import dev.lantern.value.RunRef;
import java.net.InetAddress;
import java.time.InstantSource;
import java.util.Optional;
import java.util.function.BooleanSupplier;

/**
 * What all connections of one gateway share.
 *
 * @param calls how often each caller may call
 * @param draining whether the server takes no further calls: every answer is the last one from then on
 */
record Doorway(
        GatewayDoor door,
        GatewayLimits limits,
        CallerCredential bearers,
        SecurityLog security,
        Rates<Caller> calls,
        InstantSource clock,
        BooleanSupplier draining) {

    /**
     * Whose calls are counted together.
     *
     * @param from where a caller that no certificate speaks for comes from: nobody uses up the calls of an instance by its
     *     name alone
     */
    record Caller(Optional<InetAddress> from, RunRef run, int epoch) {
        static Caller of(CallPath path, Presented presented, InetAddress from) {
            return new Caller(
                    presented instanceof Presented.Certificate ? Optional.empty() : Optional.of(from),
                    path.run(),
                    path.epoch());
        }
    }
}
