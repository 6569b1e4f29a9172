package dev.lantern.core.identity;

import java.time.Instant;

/** What {@link Authority#verify} found. */
public sealed interface CertificateVerdict {

    /**
     * Whoever holds the private half of this key is this instance, says an authority key that is trusted now. That the
     * instance is alive and of the newest epoch is another question.
     *
     * @param notAfter the last moment of the certificate
     */
    record Certified(InstanceId id, VerificationKey key, Instant notAfter) implements CertificateVerdict {}

    /**
     * Not so.
     *
     * @param reason the first thing that is wrong
     * @param detail it in words, fit for a log of the host's; never for the wire
     */
    record Rejected(Reason reason, String detail) implements CertificateVerdict {}

    /** What can be wrong, in the order in which it is looked for. */
    enum Reason {
        /** No certificate, or more than the instance's and its authority's. */
        CHAIN_LENGTH,
        /** Larger than any that an authority issues. */
        TOO_LARGE,
        /** Not a certificate. */
        MALFORMED,
        /** Not of version 3, or with fields that version 3 has no use for. */
        VERSION,
        /** An extension stands there twice. */
        EXTENSION_TWICE,
        /** A certificate, in an encoding that is not DER. */
        NOT_DER,
        /** Signed with anything but Ed25519 without parameters, or saying two things about that. */
        ALGORITHM,
        /** It does not say which key issued it, or says so in another form. */
        ISSUER_KEY,
        /** The key that issued it is none of this authority's. */
        ISSUER_UNKNOWN,
        /** The key that issued it was this authority's once. */
        ISSUER_RETIRED,
        /** The issuer's name is not that of its key. */
        ISSUER_NAME,
        /** The certificate behind it is not its issuer's. */
        FOREIGN_AUTHORITY,
        /** The signature is not the issuer's over these bytes. */
        SIGNATURE,
        /** The serial number is not positive, or too long. */
        SERIAL,
        /** The times are in a form that RFC 5280 does not allow. */
        TIMES,
        /** It lasts longer than an instance's certificate may, or ends before it begins. */
        LIFETIME,
        /** Its time has not come. */
        NOT_YET_VALID,
        /** Its time is over. */
        EXPIRED,
        /** It has a name beside the alternative one. */
        SUBJECT_NAME,
        /** Its key is no Ed25519 key, or one that no honest generator makes. */
        KEY,
        /** A critical extension that is not known here. */
        EXTENSION_UNKNOWN,
        /** It may issue certificates, or does not say that it may not. */
        CERTIFICATE_AUTHORITY,
        /** Its key is for something else than digital signatures. */
        KEY_USAGE,
        /** It is not for TLS clients, or for more than them. */
        EXTENDED_KEY_USAGE,
        /** It does not have exactly one alternative name that is a URI. */
        ALTERNATIVE_NAME,
        /** The URI is no instance's. */
        INSTANCE_ID,
        /** The instance is of another trust domain. */
        FOREIGN_DOMAIN
    }
}
