package dev.lantern.torture;

import java.rmi.Remote;
import java.rmi.RemoteException;

/** What the test asks of a host process. An exception means that nothing is known about the call. */
interface RemoteHost extends Remote {

    /** Spawns the run, or attaches to it; it is durable when this returns. */
    void spawn(String tenant, String run) throws RemoteException;

    /** Cancels the run, whoever owns it; the request is durable when this returns. */
    void cancel(String tenant, String run) throws RemoteException;

    /** An instance is no more, as a watch on the cluster would tell it. */
    void ended(Place place, Ending ending) throws RemoteException;

    /**
     * Whether the database's disk is full, as far as this host's statements can tell.
     *
     * @return how many of them were refused for it by now
     */
    int diskIsFull(boolean full) throws RemoteException;

    /** Returns. A paused process does not. */
    void ping() throws RemoteException;

    /** How an instance ended. */
    enum Ending {
        EXITED_WELL,
        EXITED_BADLY,
        LOST
    }
}
