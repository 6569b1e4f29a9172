package dev.lantern.k8s;

import dev.lantern.substrate.InstanceRef;

/** What stopping needs of whoever reads the logs. */
interface Drain {

    /** Begins to read the log to its end, if that has not begun; returns at once. */
    void drain(InstanceRef instance);

    /** Whether that is over: read to the end, or given up. */
    boolean drained(InstanceRef instance);
}
