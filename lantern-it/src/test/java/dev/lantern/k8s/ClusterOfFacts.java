package dev.lantern.k8s;

import dev.lantern.gate.Facts;
import dev.lantern.substrate.InstanceRef;
import dev.lantern.substrate.InstanceStart;
import dev.lantern.substrate.Substrate;
import dev.lantern.substrate.SubstrateHost;
import java.time.Duration;
import java.util.List;

/** A cluster that tells its facts and starts nothing. */
record ClusterOfFacts(FactFinder finder) implements Substrate {

    @Override
    public String name() {
        return "a cluster to be looked at";
    }

    @Override
    public Facts facts(String tenant, Duration within) {
        return finder.facts(tenant, within);
    }

    @Override
    public void open(SubstrateHost host) {
        // Nothing will ever happen.
    }

    @Override
    public void start(InstanceStart start, Duration within) {
        throw new AssertionError("nothing is to be started: " + start.instance());
    }

    @Override
    public boolean stop(InstanceRef instance, Duration grace, Duration within) {
        throw new AssertionError("nothing is to be stopped: " + instance);
    }

    @Override
    public List<InstanceRef> standing(Duration within) {
        return List.of();
    }

    @Override
    public void close() {
        // Nothing is held.
    }
}
