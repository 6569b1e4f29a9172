package dev.lantern.agent.http;

/**
 * A request.
 *
 * @param method such as {@code POST}
 * @param target path and query as they stand on the wire
 * @param body not copied: whoever has the request owns it
 */
public record HttpRequest(String method, String target, Headers headers, byte[] body) {

    /** The same request with its body. */
    HttpRequest with(byte[] content) {
        return new HttpRequest(method, target, headers, content);
    }

    /** Shows neither body nor query nor header values: paths of Lantern hold tokens. */
    @Override
    public String toString() {
        return "HttpRequest[" + method + ", " + body.length + " bytes]";
    }
}
