package dev.lantern.agent.http;

import java.io.IOException;

/** Asks and waits for the answer: over a socket, or in the same JVM. Thread-safe. */
public interface Exchange {

    /** @throws IOException if no answer came; whether the request was carried out is unknown */
    HttpResponse exchange(HttpRequest request) throws IOException;
}
