package dev.lantern.torture;

import dev.lantern.substrate.InstanceRef;
import dev.lantern.value.RunRef;
import java.io.Serializable;

/** An instance's name, as it travels between processes. */
record Place(String tenant, String run, int epoch) implements Serializable {

    static Place of(InstanceRef instance) {
        return new Place(instance.run().tenant(), instance.run().run(), instance.epoch());
    }

    InstanceRef ref() {
        return new InstanceRef(new RunRef(tenant, run), epoch);
    }
}
