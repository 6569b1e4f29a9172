package dev.lantern.core.engine;

import dev.lantern.agent.wire.Credentials;
import dev.lantern.gate.HandlerKind;
import dev.lantern.gate.NodeId;
import dev.lantern.spec.AgentSpec;
import dev.lantern.spec.Isolation;
import dev.lantern.substrate.GatewayTrust;
import dev.lantern.substrate.InstanceRef;
import dev.lantern.substrate.PodId;
import java.time.Duration;
import java.util.Optional;

/** Certifies instances' keys. Thread-safe; called in a lane, since the key that signs may be elsewhere. */
public interface CredentialIssuer {

    /**
     * A certificate and a token for a key. Issuing leaves no trace: what was issued and not handed over is harmless.
     *
     * @throws dev.lantern.value.LanternException if it could not be issued now
     */
    Credentials issue(Subject subject, Duration within);

    /**
     * By what an instance that starts now knows the gateways of this runtime.
     *
     * @throws dev.lantern.value.LanternException if that is not known now
     */
    GatewayTrust trust(Duration within);

    /**
     * What is certified of an instance, as its chain has it.
     *
     * @param isolation the class that it runs under
     * @param handler the boundary around it
     * @param node where it runs, if that is known
     * @param pod what it is to the platform, where that has pods
     * @param publicKey the raw key that it enrolled with, in hexadecimal
     */
    record Subject(
            InstanceRef instance,
            AgentSpec spec,
            Isolation isolation,
            HandlerKind handler,
            Optional<NodeId> node,
            Optional<PodId> pod,
            String publicKey) {}
}
