package dev.lantern.k8s;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import com.google.gson.stream.JsonReader;
import java.io.IOException;

/** Reads one object as a whole. */
final class ObjectReader {
    private ObjectReader() {}

    /** Something that is no object of a kind, such as the version. */
    static JsonObject any(JsonReader body, BodyReader.Room room) throws UnreadableException, IOException {
        if (!(JsonParser.parseReader(body) instanceof JsonObject object)) {
            throw new UnreadableException("the answer is no JSON object");
        }
        End.of(body);
        return object;
    }

    /** The object that was asked for and no other. */
    static BodyReader<JsonObject> of(String apiVersion, String kind, String name) {
        return (body, room) -> {
            JsonObject object = any(body, room);
            View view = new View(object, "the answer");
            Kinds.require(view, apiVersion, kind);
            View metadata = view.child("metadata");
            if (!metadata.text("name").equals(name)) {
                throw new UnreadableException(
                        "the answer is " + kind + " " + metadata.text("name") + " where " + name + " was asked for");
            }
            metadata.text("uid");
            return object;
        };
    }
}
