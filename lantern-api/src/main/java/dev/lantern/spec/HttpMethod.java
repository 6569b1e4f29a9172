package dev.lantern.spec;

/** A request method that an egress rule can admit (RFC 9110, RFC 5789). CONNECT and TRACE are never admitted. */
public enum HttpMethod {
    DELETE,
    GET,
    HEAD,
    OPTIONS,
    PATCH,
    POST,
    PUT;

    /**
     * Reads a method's name, in upper case as RFC 9110 has it.
     *
     * @throws InvalidSpecException for any other word
     */
    public static HttpMethod parse(String text) {
        return Words.parse("http_methods", text, values(), HttpMethod::name);
    }
}
