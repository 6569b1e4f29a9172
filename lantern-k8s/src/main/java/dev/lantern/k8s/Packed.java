package dev.lantern.k8s;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.zip.Deflater;
import java.util.zip.DeflaterOutputStream;
import java.util.zip.InflaterInputStream;

/** A JSON tree that is kept for long and read seldom: a tenth of the room that it takes as objects. Immutable. */
final class Packed {
    private final byte[] bytes;

    private Packed(byte[] bytes) {
        this.bytes = bytes;
    }

    static Packed of(JsonObject tree) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        Deflater deflater = new Deflater(Deflater.BEST_SPEED);
        try (DeflaterOutputStream out = new DeflaterOutputStream(bytes, deflater)) {
            out.write(tree.toString().getBytes(StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw new UncheckedIOException("an array cannot be written to", e);
        } finally {
            deflater.end();
        }
        return new Packed(bytes.toByteArray());
    }

    /** A tree of the caller's own. */
    JsonObject tree() {
        try (InputStreamReader reader = new InputStreamReader(
                new InflaterInputStream(new ByteArrayInputStream(bytes)), StandardCharsets.UTF_8)) {
            return JsonParser.parseReader(reader).getAsJsonObject();
        } catch (IOException e) {
            throw new UncheckedIOException("an array cannot be read", e);
        }
    }

    /** In bytes. */
    int size() {
        return bytes.length;
    }
}
