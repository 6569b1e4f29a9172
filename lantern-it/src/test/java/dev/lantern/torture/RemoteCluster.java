package dev.lantern.torture;

import java.io.Serializable;
import java.rmi.Remote;
import java.rmi.RemoteException;
import java.util.List;

/** What a host process asks of the cluster. */
interface RemoteCluster extends Remote {

    /** An instance to start, with what its harness will prove itself with. */
    record Start(Place place, String secret) implements Serializable {}

    /**
     * A host process has opened its runtime.
     *
     * @param incarnation as the journal counts hosts
     * @param gateway where instances reach it
     */
    record Arrival(String name, long incarnation, String gateway) implements Serializable {}

    void arrived(Arrival arrival, RemoteHost host) throws RemoteException;

    void start(Start start) throws RemoteException;

    void stop(Place place) throws RemoteException;

    List<Place> standing() throws RemoteException;
}
