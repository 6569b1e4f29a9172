package dev.lantern.core.engine;

import dev.lantern.gate.Violation;
import dev.lantern.value.Commitment;
import java.util.List;
import java.util.Optional;

/** How a run will end: decided and durable, though something of it may still be torn down. */
sealed interface RunOutcome {

    /**
     * @param seq the event that decided it; the output's opening stands beside it
     * @param output the commitment to the output, unless the agent ended well without one
     */
    record Success(long seq, Optional<Commitment> output) implements RunOutcome {}

    record Failure(String reason) implements RunOutcome {}

    record Cancel(String reason) implements RunOutcome {}

    record Limit(String limit, String used, String allowed) implements RunOutcome {}

    record Refusal(List<Violation> violations) implements RunOutcome {}
}
