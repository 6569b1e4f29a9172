package dev.lantern.k8s;

/** An answer of the API server that is not what it has to be. The message names the place and what was found. */
final class UnreadableException extends Exception {
    private static final long serialVersionUID = 1;

    UnreadableException(String message) {
        super(message);
    }
}
