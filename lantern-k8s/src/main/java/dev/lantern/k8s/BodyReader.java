package dev.lantern.k8s;

import com.google.gson.JsonParseException;
import com.google.gson.stream.JsonReader;
import java.io.IOException;

/** Makes a value of a body while it arrives, so that no more of it is held than is wanted. Called by the client's threads. */
@FunctionalInterface
interface BodyReader<R> {

    /**
     * Reads the body to its end.
     *
     * @param room is given more room at each {@link Room#refill}; a body that takes more than it was given is cut off
     * @throws UnreadableException if it is not what it has to be
     * @throws IOException if it breaks off
     * @throws JsonParseException if it is no JSON
     */
    R read(JsonReader body, Room room) throws UnreadableException, IOException;

    /** How much memory one object may take. */
    @FunctionalInterface
    interface Room {
        /** What was read so far has been digested; as much again may come. */
        void refill();
    }
}
