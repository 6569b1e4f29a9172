package dev.lantern.core.gateway;

import java.util.Locale;

/** What strangers do wrong at the door; a rejected certificate has its verifier's code instead. */
enum Offence {
    /** A request in plain HTTP where TLS is spoken. */
    PLAIN_HTTP,
    /** Bytes that are no TLS at all. */
    NOT_TLS,
    /** A version of TLS before 1.3. */
    TLS_VERSION,
    /** A handshake that broke off with an alert of the client's: it does not believe this host, or shares no algorithm. */
    CLIENT_ALERT,
    /** A handshake that broke a rule of TLS, or whose signature does not verify. */
    BAD_HANDSHAKE,
    /** A handshake that did not end in time. */
    SLOW_HANDSHAKE,
    /** A handshake that the client left. */
    ABANDONED_HANDSHAKE,
    /** A handshake that this host could not make: it has no certificate now, or its verifier failed. */
    HOST_TROUBLE,
    /** More handshakes, at once or in a short time, than one address may make. */
    TOO_MANY_HANDSHAKES,
    /** More connections than are allowed. */
    TOO_MANY_CONNECTIONS,
    /** A broken record on a connection that was fine. */
    BROKEN_TLS,
    /** A request that breaks a rule of HTTP. */
    BAD_HTTP,
    /** A request for something that no gateway has. */
    UNKNOWN_PATH,
    /** No bearer credential, or one that nobody can have been given. */
    BAD_CREDENTIAL,
    /** A call that needs a certificate, over a connection without one. */
    NO_CERTIFICATE,
    /** A certificate's holder that enrols once more. */
    ENROL_WITH_CERTIFICATE,
    /** A certificate and a bearer credential at once. */
    BEARER_WITH_CERTIFICATE,
    /** A certificate that has expired since it was shown. */
    CERTIFICATE_EXPIRED,
    /** The call of an instance that the certificate is not for. */
    OTHER_INSTANCE,
    /** A call that the host does not know the caller of: a wrong secret, an unknown run. */
    UNKNOWN_INSTANCE,
    /** More calls than one instance may make. */
    TOO_MANY_CALLS;

    /** As it stands in the security log, such as {@code plain-http}. */
    String code() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
