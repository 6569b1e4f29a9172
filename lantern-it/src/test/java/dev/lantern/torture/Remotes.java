package dev.lantern.torture;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.rmi.Remote;
import java.rmi.RemoteException;
import java.rmi.server.UnicastRemoteObject;
import java.util.Base64;

/** How the processes of the test call each other: RMI over loopback, on free ports, without a registry. */
final class Remotes {
    /** Every JVM of the test is started with it, so that no stub names an address of the network. */
    static final String ON_LOOPBACK = "-Djava.rmi.server.hostname=127.0.0.1";

    private static final int BACKLOG = 64;

    private Remotes() {}

    static <T extends Remote> T export(T object, Class<T> type) throws RemoteException {
        System.setProperty("java.rmi.server.hostname", "127.0.0.1");
        return type.cast(UnicastRemoteObject.exportObject(
                object, 0, null, port -> new ServerSocket(port, BACKLOG, InetAddress.getLoopbackAddress())));
    }

    static void unexport(Remote object) {
        try {
            UnicastRemoteObject.unexportObject(object, true);
        } catch (java.rmi.NoSuchObjectException e) {
            throw new IllegalStateException("it was not exported", e);
        }
    }

    /** A stub as one word of a command line. */
    static String word(Remote stub) {
        try (ByteArrayOutputStream bytes = new ByteArrayOutputStream();
                ObjectOutputStream out = new ObjectOutputStream(bytes)) {
            out.writeObject(stub);
            out.flush();
            return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes.toByteArray());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static <T extends Remote> T stub(String word, Class<T> type) {
        byte[] bytes = Base64.getUrlDecoder().decode(word);
        try (ObjectInputStream in = new ObjectInputStream(new ByteArrayInputStream(bytes))) {
            return type.cast(in.readObject());
        } catch (IOException | ClassNotFoundException e) {
            throw new IllegalArgumentException("no stub of " + type, e);
        }
    }
}
