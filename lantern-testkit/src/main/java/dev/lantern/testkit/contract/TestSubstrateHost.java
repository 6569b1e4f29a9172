package dev.lantern.testkit.contract;

import dev.lantern.substrate.InstanceRef;
import dev.lantern.substrate.LogPosition;
import dev.lantern.substrate.SubstrateHost;
import dev.lantern.substrate.SubstrateListener;
import java.time.InstantSource;
import java.util.Random;
import java.util.function.Function;
import java.util.random.RandomGenerator;

/**
 * A host for the test of a substrate: real threads, the system's clock. Thread-safe.
 *
 * @param installation what the substrate marks its objects with
 * @param listener whom it tells
 * @param lines how far an instance's lines are kept
 */
public record TestSubstrateHost(
        String installation, SubstrateListener listener, Function<InstanceRef, LogPosition> lines)
        implements SubstrateHost {

    /** One that keeps no lines. */
    public static TestSubstrateHost of(String installation, SubstrateListener listener) {
        return new TestSubstrateHost(installation, listener, instance -> LogPosition.START);
    }

    @Override
    public void work(String name, Runnable work) {
        Thread thread = new Thread(work, name);
        thread.setDaemon(true);
        thread.start();
    }

    @Override
    public InstantSource clock() {
        return InstantSource.system();
    }

    @Override
    public RandomGenerator chance() {
        return new Random();
    }

    @Override
    public LogPosition kept(InstanceRef instance) {
        return lines.apply(instance);
    }
}
