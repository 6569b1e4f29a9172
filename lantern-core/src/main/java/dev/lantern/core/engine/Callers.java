package dev.lantern.core.engine;

import dev.lantern.agent.wire.GatewayCall;
import dev.lantern.agent.wire.Problem;
import dev.lantern.core.gateway.PeerIdentity;
import dev.lantern.core.gateway.Presented;
import dev.lantern.core.turns.Lane;
import dev.lantern.core.turns.LaneName;
import dev.lantern.core.turns.Loop;
import dev.lantern.core.turns.Outcome;
import dev.lantern.substrate.InstanceRef;
import dev.lantern.substrate.Substrate;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Finds out who calls. A secret of ours speaks for itself; whose a credential of the platform is, the substrate says, in a
 * lane of its own, because it may have to ask. Thread-safe.
 */
final class Callers {
    private static final Logger LOG = LoggerFactory.getLogger(Callers.class);

    private final Substrate substrate;
    private final Lane lane;
    private final Duration within;
    private final HostListener listener;

    Callers(Host.Parts parts) {
        this.substrate = parts.substrate();
        this.lane = parts.turns().lane(LaneName.CALLERS);
        this.within = parts.settings().callWithin();
        this.listener = parts.listener();
    }

    /**
     * Passes the call on with what its caller has shown, or answers it.
     *
     * @param loop where to go on if the substrate was asked; otherwise this goes on at once
     */
    void ask(Presented presented, GatewayCall call, CallToken token, Loop loop, Consumer<Stimulus.Called> known) {
        if (presented instanceof Presented.Bearer bearer) {
            askBearer(bearer.credential(), call, token, loop, known);
        } else {
            PeerIdentity peer = ((Presented.Certificate) presented).peer();
            Proof proof = new Proof.ByCertificate(new InstanceRef(peer.run(), peer.epoch()), peer.publicKeyHex());
            known.accept(new Stimulus.Called(token, proof, call));
        }
    }

    /** @param presented a secret's bytes, or a credential as it was sent */
    private void askBearer(
            byte[] presented, GatewayCall call, CallToken token, Loop loop, Consumer<Stimulus.Called> known) {
        if (!substrate.issuesCredentials()) {
            known.accept(new Stimulus.Called(token, Proof.BySecret.of(presented), call));
            return;
        }
        lane.call(loop, () -> substrate.identify(presented, within), (Outcome<Optional<InstanceRef>> outcome) -> {
            if (outcome instanceof Outcome.Value<Optional<InstanceRef>> answer) {
                answer.value()
                        .ifPresentOrElse(
                                caller -> known.accept(new Stimulus.Called(token, new Proof.ByPlatform(caller), call)),
                                () -> stranger(
                                        call,
                                        token,
                                        Strangers.CREDENTIAL,
                                        "the platform says that this credential is nobody's"));
            } else if (outcome instanceof Outcome.Failure<Optional<InstanceRef>> failure) {
                LOG.debug("who called as {} epoch {} could not be told", call.run(), call.epoch(), failure.cause());
                token.answer(Replies.unavailable("who calls cannot be told at the moment; repeat the call"));
            }
        });
    }

    private void stranger(GatewayCall call, CallToken token, String reason, String detail) {
        listener.refused(call.run(), call.epoch(), reason, detail);
        token.answer(Replies.refused(Problem.Code.UNKNOWN_INSTANCE, Strangers.ANSWER));
    }
}
