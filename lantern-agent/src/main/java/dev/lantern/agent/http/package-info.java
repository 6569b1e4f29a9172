/**
 * HTTP/1.1 (RFC 9112) over plain sockets, as much of it as Lantern's own two ends need and no more.
 *
 * <p>Messages are values; whatever two readers could take in two ways is refused: this is where request
 * smuggling ends. What must not enter: anything that knows what a message is about.
 */
@NullMarked
package dev.lantern.agent.http;

import org.jspecify.annotations.NullMarked;
