package dev.lantern.core.engine;

import dev.lantern.core.turns.Turns;
import dev.lantern.substrate.InstanceRef;
import dev.lantern.substrate.LogPosition;
import dev.lantern.substrate.SubstrateHost;
import dev.lantern.substrate.SubstrateListener;
import java.nio.ByteBuffer;
import java.time.InstantSource;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;

/** What a host gives its substrate. */
record SubstrateDoor(SubstrateListener listener, Turns turns, HostListener keeper, Supplier<String> journal)
        implements SubstrateHost {

    @Override
    public String installation() {
        return journal.get();
    }

    @Override
    public void work(String name, Runnable work) {
        turns.work(name, work);
    }

    @Override
    public InstantSource clock() {
        return turns::now;
    }

    @Override
    public RandomGenerator chance() {
        return () -> ByteBuffer.wrap(turns.random(Long.BYTES)).getLong();
    }

    @Override
    public LogPosition kept(InstanceRef instance) {
        return keeper.kept(instance);
    }
}
