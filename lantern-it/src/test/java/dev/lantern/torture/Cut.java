package dev.lantern.torture;

/** Where a connection is cut while a write is under way, as seen from the proxy between client and server. */
enum Cut {
    /** The server never sees the request. */
    BEFORE_THE_REQUEST,
    /** The server sees the first half of it. */
    INSIDE_THE_REQUEST,
    /** The server has answered, so it has done what it was asked, and the client hears nothing. */
    BEFORE_THE_REPLY,
    /** The client hears the first half of the answer. */
    INSIDE_THE_REPLY
}
