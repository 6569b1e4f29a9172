package dev.lantern.agent.http;

import java.nio.charset.StandardCharsets;

/**
 * A response.
 *
 * @param body not copied: whoever has the response owns it
 */
public record HttpResponse(int status, Headers headers, byte[] body) {

    /** A response with a text body. */
    public static HttpResponse text(int status, String mediaType, String body) {
        return of(status, mediaType, body.getBytes(StandardCharsets.UTF_8));
    }

    public static HttpResponse of(int status, String mediaType, byte[] body) {
        return new HttpResponse(status, Headers.none().with("Content-Type", mediaType), body);
    }

    public HttpResponse with(String name, String value) {
        return new HttpResponse(status, headers.with(name, value), body);
    }

    @Override
    public String toString() {
        return "HttpResponse[" + status + ", " + body.length + " bytes]";
    }
}
