package dev.lantern.torture;

/** What is done to hosts, database and instances. */
enum Fault {
    /** SIGKILL; another process takes its place. */
    HOST_KILLED,
    /** SIGSTOP until others have adopted every run of it, then SIGCONT. */
    HOST_PAUSED,
    /** No connection between one host and the database, until others have adopted its runs. */
    HOST_ISOLATED,
    CUT_BEFORE_THE_REQUEST,
    CUT_INSIDE_THE_REQUEST,
    CUT_BEFORE_THE_REPLY,
    CUT_INSIDE_THE_REPLY,
    /** Some instances die, others live on as zombies. */
    INSTANCES_LOST,
    /** SIGKILL for one server process of PostgreSQL, which ends all of them and replays its log. */
    BACKEND_KILLED,
    /** PostgreSQL is stopped with {@code immediate} and started again. */
    DATABASE_STOPPED,
    /** Not one byte is left, until the database has complained. */
    DISK_FULL
}
