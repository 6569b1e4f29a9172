package dev.lantern.value;

import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The root of every exception that Lantern throws on purpose.
 *
 * <p>Expected outcomes (a refusal, a cancellation, a limit reached) are values, not exceptions. A message says
 * what was attempted, on which id, what was found, what is allowed and what to do next; it never holds a
 * secret or a payload.
 */
public class LanternException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /** An exception that began here. */
    public LanternException(String message) {
        super(message);
    }

    /** An exception that began elsewhere; {@code cause} is kept for whoever debugs, the message stands alone. */
    public LanternException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }

    /** What was attempted, found and allowed; never null. */
    @Override
    public String getMessage() {
        return Objects.requireNonNullElse(super.getMessage(), "");
    }
}
