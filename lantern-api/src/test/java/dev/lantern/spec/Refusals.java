package dev.lantern.spec;

import static org.assertj.core.api.Assertions.catchThrowableOfType;

import org.assertj.core.api.ThrowableAssert.ThrowingCallable;

/** The text of a refusal, for tests that assert messages. */
final class Refusals {
    private Refusals() {}

    static String refusalOf(ThrowingCallable call) {
        InvalidSpecException refused = catchThrowableOfType(InvalidSpecException.class, call);
        if (refused == null) {
            throw new AssertionError("nothing was refused");
        }
        return refused.getMessage();
    }
}
