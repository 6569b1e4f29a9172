package dev.lantern.k8s;

import com.google.gson.JsonObject;
import com.google.gson.JsonParseException;
import com.google.gson.JsonParser;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import okhttp3.Response;
import org.jspecify.annotations.Nullable;

/** Reads what comes instead of success: a {@code Status}, or whatever a proxy says. */
final class Refusals {
    private static final int LARGEST = 64 << 10;
    private static final int LONGEST_LINE = 300;

    private Refusals() {}

    static <R> Outcome.Refused<R> read(Response response, Instant askedAt) throws IOException {
        String body = new String(response.body().byteStream().readNBytes(LARGEST), StandardCharsets.UTF_8);
        View status = new View(status(body), "the answer");
        try {
            boolean isStatus = status.optionalText("kind").orElse("").equals("Status");
            return new Outcome.Refused<>(
                    response.code(),
                    isStatus ? status.optionalText("reason").orElse("") : "",
                    isStatus ? status.child("details").optionalText("name").orElse("") : "",
                    oneLine(isStatus ? status.optionalText("message").orElse("") : body),
                    retryAfter(response),
                    askedAt);
        } catch (UnreadableException e) {
            return new Outcome.Refused<>(response.code(), "", "", oneLine(body), retryAfter(response), askedAt);
        }
    }

    /** Without what could pass for another line of a log, and not too long to be read. */
    static String oneLine(String text) {
        String line = text.replaceAll("[\\p{Cntrl}\\s\\u2028\\u2029]+", " ").strip();
        return line.length() <= LONGEST_LINE ? line : line.substring(0, LONGEST_LINE) + "…";
    }

    private static JsonObject status(String body) {
        try {
            return JsonParser.parseString(body) instanceof JsonObject object ? object : new JsonObject();
        } catch (JsonParseException e) {
            // A proxy's page. It is quoted as it is.
            return new JsonObject();
        }
    }

    /** Whole seconds; the other form, a date, no API server sends. */
    private static Optional<Duration> retryAfter(Response response) {
        @Nullable String seconds = response.header("Retry-After");
        return seconds != null && seconds.matches("[0-9]{1,9}")
                ? Optional.of(Duration.ofSeconds(Long.parseLong(seconds)))
                : Optional.empty();
    }
}
