package dev.lantern.core.gateway;

import io.netty.handler.ssl.NotSslRecordException;
import io.netty.handler.ssl.SslHandshakeTimeoutException;
import java.nio.channels.ClosedChannelException;
import java.util.regex.Pattern;

/**
 * Why a handshake failed, for the security log.
 *
 * @param reason its code
 */
record HandshakeFailure(String reason, String detail) {
    /** Netty's message holds what came as hexadecimal digits; a method of HTTP begins with a capital letter. */
    private static final Pattern CAPITALS = Pattern.compile(".*: (?:4[1-9a-f]|5[0-9a])(?:4[1-9a-f]|5[0-9a]){2}.*");

    /** Newer JDKs put the alert before the message. */
    private static final Pattern ALERT_BEFORE = Pattern.compile("^\\([a-z_]+\\) ");

    /** The JDK has two wordings, for clients that offer a list of versions and for those that do not know how to. */
    private static final Pattern OLD_VERSION = Pattern.compile(".*(?:requested|supported) protocol.*");

    static HandshakeFailure of(Throwable cause) {
        String said = ALERT_BEFORE.matcher(String.valueOf(cause.getMessage())).replaceFirst("");
        if (cause instanceof NotSslRecordException) {
            // What came is a stranger's and may be long: it is told what it looked like.
            return CAPITALS.matcher(said).matches()
                    ? of(Offence.PLAIN_HTTP, "the connection began with a request in plain HTTP")
                    : of(Offence.NOT_TLS, "the connection began with bytes that are no record of TLS");
        } else if (cause instanceof SslHandshakeTimeoutException) {
            return of(Offence.SLOW_HANDSHAKE, "the handshake did not end in time");
        } else if (cause instanceof ClosedChannelException || said.startsWith("Connection closed while")) {
            return of(Offence.ABANDONED_HANDSHAKE, "the connection ended before the handshake did");
        } else if (said.startsWith("Received fatal alert")) {
            return of(Offence.CLIENT_ALERT, said);
        } else if (OLD_VERSION.matcher(said).matches()) {
            return of(Offence.TLS_VERSION, said);
        }
        return of(Offence.BAD_HANDSHAKE, said);
    }

    boolean isAbandoned() {
        return reason.equals(Offence.ABANDONED_HANDSHAKE.code());
    }

    private static HandshakeFailure of(Offence offence, String detail) {
        return new HandshakeFailure(offence.code(), detail);
    }
}
