package dev.lantern.k8s;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonNull;
import com.google.gson.JsonObject;
import com.google.gson.JsonPrimitive;
import com.google.gson.Strictness;
import com.google.gson.ToNumberPolicy;
import com.google.gson.stream.JsonReader;
import com.google.gson.stream.JsonToken;
import java.io.IOException;
import java.io.StringReader;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;

/**
 * One JSON object of somebody who may want it to be read in two ways: no member twice, nothing behind it, no more than
 * UTF-8, a few levels deep. Numbers stay as they are written.
 */
final class StrictJson {
    private static final int DEEPEST = 8;

    private StrictJson() {}

    /** @throws UnreadableException if it is anything else */
    static JsonObject object(byte[] bytes) throws UnreadableException {
        try {
            String text = StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes))
                    .toString();
            // The reader would pass over a byte order mark.
            if (!text.startsWith("{")) {
                throw new UnreadableException("it is not one JSON object");
            }
            JsonReader json = new JsonReader(new StringReader(text));
            json.setStrictness(Strictness.STRICT);
            JsonElement element = element(json, 0);
            if (!(element instanceof JsonObject object) || json.peek() != JsonToken.END_DOCUMENT) {
                throw new UnreadableException("it is not one JSON object");
            }
            return object;
        } catch (CharacterCodingException e) {
            throw new UnreadableException("it is no UTF-8");
        } catch (IOException | IllegalStateException e) {
            throw new UnreadableException("it is no JSON");
        }
    }

    private static JsonElement element(JsonReader json, int depth) throws IOException, UnreadableException {
        if (depth > DEEPEST) {
            throw new UnreadableException("it is deeper than " + DEEPEST + " levels");
        }
        return switch (json.peek()) {
            case BEGIN_OBJECT -> members(json, depth);
            case BEGIN_ARRAY -> items(json, depth);
            case STRING -> new JsonPrimitive(json.nextString());
            case NUMBER -> new JsonPrimitive(ToNumberPolicy.LAZILY_PARSED_NUMBER.readNumber(json));
            case BOOLEAN -> new JsonPrimitive(json.nextBoolean());
            case NULL -> {
                json.nextNull();
                yield JsonNull.INSTANCE;
            }
            case END_OBJECT, END_ARRAY, NAME, END_DOCUMENT -> throw new UnreadableException("it is no JSON");
        };
    }

    private static JsonObject members(JsonReader json, int depth) throws IOException, UnreadableException {
        JsonObject object = new JsonObject();
        json.beginObject();
        while (json.hasNext()) {
            String name = json.nextName();
            if (object.has(name)) {
                throw new UnreadableException("it has a member twice");
            }
            object.add(name, element(json, depth + 1));
        }
        json.endObject();
        return object;
    }

    private static JsonArray items(JsonReader json, int depth) throws IOException, UnreadableException {
        JsonArray array = new JsonArray();
        json.beginArray();
        while (json.hasNext()) {
            array.add(element(json, depth + 1));
        }
        json.endArray();
        return array;
    }
}
