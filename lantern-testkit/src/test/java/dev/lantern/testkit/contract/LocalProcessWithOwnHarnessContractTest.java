package dev.lantern.testkit.contract;

import dev.lantern.core.gateway.GatewayServer;
import dev.lantern.core.local.LocalProcessSubstrate;
import dev.lantern.substrate.InstanceRef;
import dev.lantern.substrate.InstanceStart;
import dev.lantern.substrate.Substrate;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.io.TempDir;

class LocalProcessWithOwnHarnessContractTest extends SubstrateContract {
    private final FriendlyHost host = new FriendlyHost();
    private final GatewayServer gateway = GatewayServer.open(host);

    @TempDir
    Path directory;

    @AfterEach
    void closeGateway() {
        gateway.close();
    }

    @Override
    protected Substrate make() {
        LocalProcessSubstrate substrate = LocalProcessSubstrate.in(directory).harnessInOwnProcess();
        substrate.gateway(host, gateway.address());
        return substrate;
    }

    @Override
    protected InstanceStart start(InstanceRef instance, InstanceBehaviour behaviour) {
        return LocalAgents.start(instance, behaviour, gateway.address());
    }

    @Override
    protected boolean runs(InstanceRef instance) {
        return LocalAgents.runs(instance, directory);
    }
}
