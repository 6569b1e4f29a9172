package dev.lantern.agent.harness;

import dev.lantern.agent.wire.GatewayReply;
import dev.lantern.agent.wire.StepId;
import dev.lantern.value.Digest;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Which steps of this instance are open, how many of each name are behind it, and what was acknowledged.
 *
 * <p>An occurrence is used up when its step is completed or recorded. A failed step keeps its occurrence, so
 * that beginning it again is the same step, here and after a resume. One thread at a time.
 */
final class StepLedger {
    /** Begins that may still be repeated; older tokens than these belong to requests long given up. */
    private static final int REMEMBERED_TOKENS = 4096;

    /**
     * What was acknowledged.
     *
     * @param content tells a repeat from another result
     */
    record Done(Digest content, GatewayReply.Accepted accepted) {}

    private final Map<StepId, OpenStep> open = new LinkedHashMap<>();
    private final Map<String, Integer> settled = new LinkedHashMap<>();
    private final Map<StepId, Done> done = new LinkedHashMap<>();
    private final Map<StepId, GatewayReply.Accepted> failed = new LinkedHashMap<>();
    private final Map<String, StepId> byStepKey = new LinkedHashMap<>();
    private final Map<String, StepId> byRetryToken = new LinkedHashMap<>() {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, StepId> eldest) {
            return size() > REMEMBERED_TOKENS;
        }
    };

    /** The step that a begin of this name means now. */
    StepId current(String name, Optional<String> key) {
        return key.isPresent()
                ? StepId.keyed(name, key.get())
                : StepId.occurrence(name, settled.getOrDefault(name, 0) + 1);
    }

    /** The step that {@code ref} points at, if this instance knows such a step. */
    Optional<StepId> find(StepRef ref) {
        if (ref.stepKey().isPresent()) {
            return Optional.ofNullable(byStepKey.get(ref.stepKey().get()))
                    .filter(id -> id.name().equals(ref.name())
                            && (ref.key().isEmpty() || ref.key().equals(id.key())));
        }
        if (ref.key().isPresent() || ref.occurrence() > 0) {
            return Optional.of(named(ref));
        }
        StepId current = current(ref.name(), Optional.empty());
        if (open.containsKey(current) || failed.containsKey(current)) {
            return Optional.of(current);
        }
        int last = settled.getOrDefault(ref.name(), 0);
        return last == 0 ? Optional.empty() : Optional.of(StepId.occurrence(ref.name(), last));
    }

    /** The step that {@code ref} names, known here or not; without key and occurrence the current one. */
    StepId named(StepRef ref) {
        return ref.key().isEmpty() && ref.occurrence() > 0
                ? StepId.occurrence(ref.name(), ref.occurrence())
                : current(ref.name(), ref.key());
    }

    Optional<StepId> begunWith(String retryToken) {
        return Optional.ofNullable(byRetryToken.get(retryToken));
    }

    @Nullable OpenStep open(StepId id) {
        return open.get(id);
    }

    @Nullable Done done(StepId id) {
        return done.get(id);
    }

    GatewayReply.@Nullable Accepted failed(StepId id) {
        return failed.get(id);
    }

    /** Whether a step of this id is behind this instance, so that beginning it again changes nothing here. */
    boolean settled(StepId id) {
        return id.key().isPresent() ? done.containsKey(id) : id.occurrence() <= settled.getOrDefault(id.name(), 0);
    }

    void opened(OpenStep step, Optional<String> retryToken) {
        open.put(step.id(), step);
        failed.remove(step.id());
        retryToken.ifPresent(token -> byRetryToken.put(token, step.id()));
    }

    void running(OpenStep step, String stepKey) {
        byStepKey.put(stepKey, step.id());
    }

    /** The step is done and was so before this instance came to it. */
    void recorded(StepId id) {
        open.remove(id);
        useUp(id);
    }

    /** This instance's completion was acknowledged. */
    void completed(StepId id, Done how) {
        open.remove(id);
        done.put(id, how);
        useUp(id);
    }

    /** This instance's failure was acknowledged; the step may be begun again. */
    void failed(StepId id, GatewayReply.Accepted accepted) {
        open.remove(id);
        failed.put(id, accepted);
    }

    /** Begin came to nothing. */
    void dropped(StepId id) {
        open.remove(id);
    }

    private void useUp(StepId id) {
        if (id.key().isEmpty()) {
            settled.merge(id.name(), id.occurrence(), Math::max);
        }
    }
}
