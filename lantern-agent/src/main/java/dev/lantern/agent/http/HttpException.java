package dev.lantern.agent.http;

import dev.lantern.value.LanternException;

/** A message breaks a rule of HTTP or one of our limits; the connection it came on is of no further use. */
public final class HttpException extends LanternException {
    private static final long serialVersionUID = 1L;

    private final int status;

    public HttpException(int status, String message) {
        super(message);
        this.status = status;
    }

    /** The status that a server answers with. */
    public int status() {
        return status;
    }
}
