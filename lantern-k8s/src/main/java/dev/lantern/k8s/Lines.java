package dev.lantern.k8s;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParseException;
import com.google.gson.JsonParser;
import com.google.gson.Strictness;
import com.google.gson.stream.JsonReader;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.StringReader;
import java.nio.charset.CharacterCodingException;
import java.util.Optional;
import okhttp3.Response;
import org.jspecify.annotations.Nullable;

/** An answer of JSON objects, one a line, of which no more than one is held. One thread. */
final class Lines implements AutoCloseable {
    private final Response response;
    private final BoundedStream bytes;
    private final BufferedReader reader;

    Lines(Response response, BoundedStream bytes) {
        this.response = response;
        this.bytes = bytes;
        this.reader = new BufferedReader(ApiServer.utf8(bytes));
    }

    /**
     * Waits for the next one; empty at the end.
     *
     * @throws IOException if it breaks off, or stays silent for too long
     * @throws UnreadableException if the line is no JSON object, or none that may be held; so is one that ends too early
     */
    Optional<JsonObject> next() throws IOException, UnreadableException {
        @Nullable String line = line();
        bytes.refill();
        return line == null ? Optional.empty() : Optional.of(object(line));
    }

    /** What would break it off again at the same place, the next time, is no breaking off. */
    private @Nullable String line() throws IOException, UnreadableException {
        try {
            return reader.readLine();
        } catch (BoundedStream.TooLargeException e) {
            throw new UnreadableException("an object of it is larger than there is room for");
        } catch (CharacterCodingException e) {
            throw new UnreadableException("a line of it is no UTF-8");
        }
    }

    private static JsonObject object(String line) throws UnreadableException {
        JsonReader json = new JsonReader(new StringReader(line));
        json.setStrictness(Strictness.STRICT);
        try {
            JsonElement element = JsonParser.parseReader(json);
            End.of(json);
            if (element instanceof JsonObject object) {
                return object;
            }
        } catch (JsonParseException | IOException e) {
            throw new UnreadableException("a line of it is no complete JSON");
        }
        throw new UnreadableException("a line of it is no JSON object");
    }

    @Override
    public void close() {
        response.close();
    }
}
