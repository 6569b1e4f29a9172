package dev.lantern.agent;

import dev.lantern.value.LanternException;

/** The lease of a secret has passed and its host does not answer: there may be a value again shortly. */
public final class SecretUnavailableException extends LanternException {
    private static final long serialVersionUID = 1L;

    SecretUnavailableException(String message) {
        super(message);
    }
}
