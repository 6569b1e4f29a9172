/**
 * What servers on sockets have in common: a listening socket, its event loops and connections, and how it ends.
 *
 * <p>On Netty, for the packages of core that serve something. What may enter: what two servers need alike. What must not:
 * what is said over a connection.
 */
@NullMarked
package dev.lantern.core.sockets;

import org.jspecify.annotations.NullMarked;
