package dev.lantern.k8s;

import dev.lantern.substrate.InstanceEnd;
import dev.lantern.substrate.InstanceRef;
import dev.lantern.substrate.LogPosition;
import dev.lantern.substrate.SubstrateHost;
import dev.lantern.substrate.SubstrateListener;
import dev.lantern.substrate.Verified;
import java.time.Instant;
import java.time.InstantSource;
import java.util.random.RandomGenerator;

/** A host that is told nothing any more once its substrate is closed. Thread-safe. */
final class UntilClosed implements SubstrateHost, SubstrateListener {
    private final SubstrateHost host;
    private final String installation;
    private volatile boolean closed;

    UntilClosed(SubstrateHost host) {
        this.host = host;
        this.installation = host.installation();
    }

    void close() {
        closed = true;
    }

    @Override
    public String installation() {
        return installation;
    }

    @Override
    public SubstrateListener listener() {
        return this;
    }

    @Override
    public void work(String name, Runnable work) {
        host.work(name, work);
    }

    @Override
    public InstantSource clock() {
        return host.clock();
    }

    @Override
    public RandomGenerator chance() {
        return host.chance();
    }

    @Override
    public LogPosition kept(InstanceRef instance) {
        return host.kept(instance);
    }

    @Override
    public void verified(InstanceRef instance, Verified verified) {
        if (!closed) {
            host.listener().verified(instance, verified);
        }
    }

    @Override
    public void ended(InstanceRef instance, InstanceEnd end) {
        if (!closed) {
            host.listener().ended(instance, end);
        }
    }

    @Override
    public void logged(InstanceRef instance, Instant at, String stream, String line) {
        if (!closed) {
            host.listener().logged(instance, at, stream, line);
        }
    }
}
