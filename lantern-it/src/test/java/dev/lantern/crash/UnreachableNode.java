package dev.lantern.crash;

import dev.lantern.agent.wire.GatewayCall;
import dev.lantern.agent.wire.GatewayReply;
import dev.lantern.core.gateway.GatewayDoor;
import dev.lantern.core.gateway.GatewayServer;
import dev.lantern.core.gateway.NeedsGateway;
import dev.lantern.core.gateway.Presented;
import dev.lantern.core.local.LocalProcessSubstrate;
import dev.lantern.gate.Facts;
import dev.lantern.substrate.InstanceRef;
import dev.lantern.substrate.InstanceStart;
import dev.lantern.substrate.Substrate;
import dev.lantern.substrate.SubstrateHost;
import dev.lantern.value.LanternException;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Local processes behind a network that the test owns: the first instance cannot be stopped, as on a node that
 * nobody reaches, and what it calls can be seen, and held up.
 */
final class UnreachableNode implements Substrate, NeedsGateway {
    private static final Duration ANSWER_WITHIN = Duration.ofSeconds(30);

    /** What the first instance asked, and what it was told. */
    record Answered(GatewayCall call, GatewayReply reply) {}

    /** Sees a call of the first instance before the host does; carries it on, now or later. */
    interface Network {
        void call(GatewayCall call, Runnable carryOn);
    }

    /** What the first instance proved itself with the last time, and where. */
    private record Shown(GatewayDoor door, Presented presented) {}

    private final LocalProcessSubstrate processes;
    private final Network network;
    private final List<Answered> answered = new CopyOnWriteArrayList<>();
    private volatile boolean reachable;
    private volatile boolean forgotten;
    private volatile @Nullable Shown shown;
    private @Nullable GatewayServer server;

    UnreachableNode(LocalProcessSubstrate processes, Network network) {
        this.processes = processes.harnessInOwnProcess();
        this.network = network;
    }

    void isReachableAgain() {
        reachable = true;
    }

    /** From now on the first instance is said to be gone, as of a node that somebody deleted, and it is not. */
    void isForgotten() {
        forgotten = true;
    }

    /** Calls with what the first instance proves itself with, past its harness. */
    GatewayReply asFirst(GatewayCall call) throws Exception {
        Shown first = Objects.requireNonNull(shown, "the first instance has not called yet");
        CompletableFuture<GatewayReply> reply = new CompletableFuture<>();
        first.door().call(first.presented(), call, reply::complete);
        return reply.get(ANSWER_WITHIN.toSeconds(), TimeUnit.SECONDS);
    }

    List<Answered> answered() {
        return answered;
    }

    @Override
    public boolean overSockets() {
        return false;
    }

    @Override
    public void gateway(GatewayDoor door, String address) {
        GatewayServer own = GatewayServer.open((secret, call, reply) -> {
            Consumer<GatewayReply> seen = call.epoch() == 1
                    ? answer -> {
                        answered.add(new Answered(call, answer));
                        reply.accept(answer);
                    }
                    : reply;
            Runnable carryOn = () -> door.call(secret, call, seen);
            if (call.epoch() == 1) {
                shown = new Shown(door, secret);
                network.call(call, carryOn);
            } else {
                carryOn.run();
            }
        });
        server = own;
        processes.gateway(door, own.address());
    }

    @Override
    public String name() {
        return processes.name();
    }

    @Override
    public Facts facts(String tenant, Duration within) {
        return processes.facts(tenant, within);
    }

    @Override
    public void open(SubstrateHost host) {
        processes.open(host);
    }

    @Override
    public void start(InstanceStart start, Duration within) {
        String behindTheNetwork = Objects.requireNonNull(server).address();
        processes.start(
                new InstanceStart(
                        start.instance(),
                        start.spec(),
                        start.placement(),
                        start.enrolmentSecret(),
                        behindTheNetwork,
                        start.remaining()),
                within);
    }

    @Override
    public boolean stop(InstanceRef instance, Duration grace, Duration within) {
        if (instance.epoch() == 1 && forgotten) {
            return true;
        }
        if (instance.epoch() == 1 && !reachable) {
            throw new LanternException("the node of " + instance + " does not answer");
        }
        return processes.stop(instance, grace, within);
    }

    @Override
    public List<InstanceRef> standing(Duration within) {
        return processes.standing(within).stream()
                .filter(instance -> instance.epoch() != 1 || !forgotten)
                .toList();
    }

    @Override
    public void close() {
        processes.close();
        if (server != null) {
            server.close();
        }
    }
}
