package dev.lantern.k8s;

import java.io.IOException;
import java.time.Instant;
import okhttp3.Call;
import okhttp3.Response;

/** One request, sent and read by one thread. {@link #cancel} may be called by any other, before and during it. */
final class Exchange {
    private final Call call;
    private final Instant askedAt;

    Exchange(Call call, Instant askedAt) {
        this.call = call;
        this.askedAt = askedAt;
    }

    /** Reads the answer to its end. */
    <R> Outcome<R> whole(BodyReader<R> reader) {
        try (Response response = call.execute()) {
            return ApiServer.read(call, response, reader, askedAt);
        } catch (IOException e) {
            return new Outcome.Lost<>(ApiServer.unreached(e), askedAt);
        }
    }

    /** The answer line by line, as it comes; whoever gets the lines closes them. */
    Outcome<Lines> lines() {
        Response response;
        try {
            response = call.execute();
        } catch (IOException e) {
            return new Outcome.Lost<>(ApiServer.unreached(e), askedAt);
        }
        Outcome<Lines> outcome = ApiServer.digest(call, response, bytes -> new Lines(response, bytes), askedAt);
        if (!(outcome instanceof Outcome.Told)) {
            response.close();
        }
        return outcome;
    }

    /** The answer as it comes, which has to be text; whoever gets the body closes it. */
    Outcome<TextBody> text() {
        Response response;
        try {
            response = call.execute();
        } catch (IOException e) {
            return new Outcome.Lost<>(ApiServer.unreached(e), askedAt);
        }
        Outcome<TextBody> outcome = ApiServer.digestText(call, response, askedAt);
        if (!(outcome instanceof Outcome.Told)) {
            response.close();
        }
        return outcome;
    }

    void cancel() {
        call.cancel();
    }
}
