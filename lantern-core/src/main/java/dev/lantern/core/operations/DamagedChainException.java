package dev.lantern.core.operations;

import dev.lantern.value.LanternException;

/** A run's chain is not what was written; the message says where. */
final class DamagedChainException extends LanternException {
    private static final long serialVersionUID = 1L;

    DamagedChainException(String message) {
        super(message);
    }
}
