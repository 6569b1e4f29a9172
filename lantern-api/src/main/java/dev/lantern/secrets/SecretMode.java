package dev.lantern.secrets;

/** What ends a secret. */
public enum SecretMode {
    /** Nothing but somebody who changes it: once it was given out, it has to be rotated. */
    STATIC,
    /** It was made for one asker, ends by itself, and can be ended before. */
    DYNAMIC
}
