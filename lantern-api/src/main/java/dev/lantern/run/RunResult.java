package dev.lantern.run;

import dev.lantern.gate.Violation;
import dev.lantern.value.Payload;
import java.util.List;

/** How a run ended. A value: none of these is thrown. */
public sealed interface RunResult {

    /**
     * The agent delivered its output.
     *
     * @param output what it delivered; no bytes of {@code application/octet-stream} if it ended well without one
     */
    record Succeeded(Payload output) implements RunResult {}

    /** The agent or its infrastructure failed for good. */
    record Failed(String reason) implements RunResult {}

    /** Somebody cancelled it. */
    record Cancelled(String reason) implements RunResult {}

    /** The gate refused it; nothing was started. */
    record Refused(List<Violation> violations) implements RunResult {
        public Refused {
            violations = List.copyOf(violations);
        }
    }

    /**
     * A limit was reached.
     *
     * @param limit the field's name, such as {@code max_tokens}
     * @param used what was used, in the limit's unit
     * @param allowed what the limit is
     */
    record LimitExceeded(String limit, String used, String allowed) implements RunResult {}

    /** It succeeded and its output was erased since. */
    record Erased() implements RunResult {}
}
