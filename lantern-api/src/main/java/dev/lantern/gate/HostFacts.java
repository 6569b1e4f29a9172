package dev.lantern.gate;

import java.time.Instant;
import java.util.List;

/**
 * What a substrate that runs agents on this very machine tells.
 *
 * @param source who looked, and where
 * @param observedAt when, by the observer's clock
 * @param handlers the boundaries that are proven to be available
 * @param gaps what could not be told, in words; not empty means "cannot tell", which refuses every class that
 *     needs a boundary
 */
public record HostFacts(String source, Instant observedAt, List<Handler> handlers, List<String> gaps) implements Facts {
    public HostFacts {
        handlers = List.copyOf(handlers);
        gaps = List.copyOf(gaps);
    }

    /**
     * One available boundary.
     *
     * @param kind what it is
     * @param evidence what proves it
     */
    public record Handler(HandlerKind kind, String evidence) {}
}
