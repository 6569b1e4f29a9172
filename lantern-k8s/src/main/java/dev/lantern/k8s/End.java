package dev.lantern.k8s;

import com.google.gson.stream.JsonReader;
import com.google.gson.stream.JsonToken;
import java.io.IOException;

/** The end of a body, after which nothing may come. */
final class End {
    private End() {}

    static void of(JsonReader body) throws UnreadableException, IOException {
        if (body.peek() != JsonToken.END_DOCUMENT) {
            throw new UnreadableException("the answer goes on after its end");
        }
    }
}
