package dev.lantern.torture;

import dev.lantern.core.gateway.GatewayDoor;
import dev.lantern.core.gateway.NeedsGateway;
import dev.lantern.gate.Facts;
import dev.lantern.gate.HandlerKind;
import dev.lantern.gate.HostFacts;
import dev.lantern.substrate.InstanceEnd;
import dev.lantern.substrate.InstanceRef;
import dev.lantern.substrate.InstanceStart;
import dev.lantern.substrate.Substrate;
import dev.lantern.substrate.SubstrateHost;
import dev.lantern.substrate.SubstrateListener;
import dev.lantern.value.LanternException;
import java.rmi.RemoteException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** A host's side of the cluster: its instances live elsewhere, and reach it through its gateway's socket. */
final class ClusterSubstrate implements Substrate, NeedsGateway {
    private final RemoteCluster cluster;
    private volatile @Nullable SubstrateListener listener;
    private volatile @Nullable String address;

    ClusterSubstrate(RemoteCluster cluster) {
        this.cluster = cluster;
    }

    String address() {
        return Objects.requireNonNull(address, "the runtime has not started");
    }

    /** The watch tells something. */
    void ended(InstanceRef instance, InstanceEnd end) {
        SubstrateListener told = listener;
        if (told != null) {
            told.ended(instance, end);
        }
    }

    @Override
    public String name() {
        return "a cluster beside the hosts";
    }

    @Override
    public Facts facts(String tenant, Duration within) {
        return new HostFacts(
                name(), Instant.now(), List.of(new HostFacts.Handler(HandlerKind.PROCESS, name())), List.of());
    }

    @Override
    public boolean overSockets() {
        return true;
    }

    @Override
    public void gateway(GatewayDoor door, String own) {
        address = own;
    }

    @Override
    public void open(SubstrateHost host) {
        listener = host.listener();
    }

    @Override
    public void start(InstanceStart start, Duration within) {
        asked("start " + start.instance(), () -> {
            cluster.start(new RemoteCluster.Start(Place.of(start.instance()), start.enrolmentSecret()));
            return true;
        });
    }

    @Override
    public boolean stop(InstanceRef instance, Duration grace, Duration within) {
        return asked("stop " + instance, () -> {
            cluster.stop(Place.of(instance));
            return true;
        });
    }

    @Override
    public List<InstanceRef> standing(Duration within) {
        return asked("list what stands", cluster::standing).stream()
                .map(Place::ref)
                .toList();
    }

    @Override
    public void close() {
        listener = null;
    }

    private interface Call<T> {
        T make() throws RemoteException;
    }

    private static <T> T asked(String what, Call<T> call) {
        try {
            return call.make();
        } catch (RemoteException e) {
            throw new LanternException("the cluster did not answer: " + what, e);
        }
    }
}
