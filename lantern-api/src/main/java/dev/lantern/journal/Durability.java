package dev.lantern.journal;

/** What an acknowledged append survives. */
public enum Durability {
    /** Nothing: it is gone with the process. For tests. */
    MEMORY,
    /** The death of the process, SIGKILL included; not that of the machine. */
    PROCESS,
    /** The death of the machine: it was synced to disk. */
    DISK
}
