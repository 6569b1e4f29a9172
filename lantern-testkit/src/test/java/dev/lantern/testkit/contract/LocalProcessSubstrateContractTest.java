package dev.lantern.testkit.contract;

import dev.lantern.core.local.LocalProcessSubstrate;
import dev.lantern.substrate.InstanceRef;
import dev.lantern.substrate.InstanceStart;
import dev.lantern.substrate.Substrate;
import java.nio.file.Path;
import org.junit.jupiter.api.io.TempDir;

class LocalProcessSubstrateContractTest extends SubstrateContract {
    @TempDir
    Path directory;

    @Override
    protected Substrate make() {
        LocalProcessSubstrate substrate = LocalProcessSubstrate.in(directory);
        substrate.gateway(new FriendlyHost(), "in-process");
        return substrate;
    }

    @Override
    protected InstanceStart start(InstanceRef instance, InstanceBehaviour behaviour) {
        return LocalAgents.start(instance, behaviour, "in-process");
    }

    @Override
    protected boolean runs(InstanceRef instance) {
        return LocalAgents.runs(instance, directory);
    }
}
