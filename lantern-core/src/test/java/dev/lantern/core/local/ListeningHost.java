package dev.lantern.core.local;

import dev.lantern.substrate.InstanceRef;
import dev.lantern.substrate.LogPosition;
import dev.lantern.substrate.SubstrateHost;
import dev.lantern.substrate.SubstrateListener;
import java.time.InstantSource;
import java.util.random.RandomGenerator;

/** A host that listens. Local processes need nothing else of one. */
record ListeningHost(SubstrateListener listener) implements SubstrateHost {

    @Override
    public String installation() {
        return "local-processes";
    }

    @Override
    public void work(String name, Runnable work) {
        throw new AssertionError("local processes have their own threads: " + name);
    }

    @Override
    public InstantSource clock() {
        return InstantSource.system();
    }

    @Override
    public RandomGenerator chance() {
        return RandomGenerator.getDefault();
    }

    @Override
    public LogPosition kept(InstanceRef instance) {
        return LogPosition.START;
    }
}
