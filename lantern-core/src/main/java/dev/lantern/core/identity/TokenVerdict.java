package dev.lantern.core.identity;

import java.time.Instant;

/** What {@link InstanceTokens#verify} found. */
public sealed interface TokenVerdict {

    /**
     * The authority said this of an instance, and it holds now. A token is evidence: whoever presents it has not shown
     * that it holds the key.
     *
     * @param id the instance
     * @param claims what else was said of it
     * @param key the instance's key
     * @param issuedAt when it was said
     * @param expiresAt from when on it holds no longer
     * @param tokenId the token's own id
     */
    record Verified(
            InstanceId id,
            InstanceClaims claims,
            VerificationKey key,
            Instant issuedAt,
            Instant expiresAt,
            String tokenId)
            implements TokenVerdict {}

    /**
     * Not so.
     *
     * @param reason the first thing that is wrong
     * @param detail it in words, fit for a log of the host's; never for the wire
     */
    record Rejected(Reason reason, String detail) implements TokenVerdict {}

    /** What can be wrong, in the order in which it is looked for. */
    enum Reason {
        /** Larger than any token is. */
        TOO_LARGE,
        /** A character that no token has: padding, white space, a control character. */
        CHARACTER,
        /** Not three parts between dots. */
        PARTS,
        /** Not signed at all. */
        UNSIGNED,
        /** Base64url in another form than the one there is for these bytes. */
        BASE64,
        /** The header is no JSON object, or says something twice. */
        HEADER,
        /** The header has a member beside alg, typ and kid. */
        HEADER_MEMBER,
        /** Another algorithm than EdDSA or Ed25519. */
        ALGORITHM,
        /** Something else than an instance token. */
        TYPE,
        /** No key id, or none of the form that thumbprints have. */
        KEY_ID,
        /** The key is none of this authority's. */
        KEY_UNKNOWN,
        /** The key was this authority's once. */
        KEY_RETIRED,
        /** The signature is not of 64 bytes. */
        SIGNATURE_LENGTH,
        /** The signature is not the key's over these bytes. */
        SIGNATURE,
        /** The payload is no JSON object, or says something twice. */
        PAYLOAD,
        /** A claim that is not known here: what is signed means all that it says. */
        CLAIM_UNKNOWN,
        /** A claim is missing. */
        CLAIM_MISSING,
        /** A claim is of another type or form. */
        CLAIM_FORM,
        /** It lasts longer than a token may, or ends before it begins. */
        LIFETIME,
        /** Its time has not come. */
        NOT_YET_VALID,
        /** Its time is over. */
        EXPIRED,
        /** Another issuer. */
        ISSUER,
        /** The subject is no instance. */
        SUBJECT,
        /** The instance is of another trust domain. */
        FOREIGN_DOMAIN,
        /** The claims name another instance than the subject. */
        OTHER_INSTANCE,
        /** The key's private half stands in the token. */
        KEY_EXPOSED,
        /** The instance's key is of another kind or form. */
        KEY_FORM,
        /** The instance's key is none that an honest generator makes. */
        KEY
    }
}
