package dev.lantern.core.local;

import java.util.List;
import java.util.Optional;

/** What this machine says about its processes. Thread-safe. */
interface ProcessTable {

    /** The best one that this machine offers. */
    static ProcessTable ofThisMachine() {
        return ProcFs.isMounted() ? new ProcFs() : new PortableProcesses();
    }

    /**
     * A process, told from every other that has or had its number.
     *
     * @param birth when it began, in this table's words
     */
    record Leader(long pid, String birth) {}

    /** Names this boot of the machine, after which every number starts anew; empty where births are absolute. */
    String boot();

    /** Reads what {@code launch.sh} noted of itself; empty if the note is not complete. */
    Optional<Leader> leader(String note);

    /**
     * The living processes that belong to an instance, zombies left out.
     *
     * @param leader the instance's first process, where it is known
     * @param mark an environment entry that only this instance's processes have, {@code NAME=value}
     */
    List<ProcessHandle> membersOf(Optional<Leader> leader, String mark);
}
