package dev.lantern.core.security;

import dev.lantern.value.RunRef;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * What is known of somebody who was refused: where it came from, and what it claimed without having proven it. Immutable.
 *
 * @param remote {@code address:port}
 * @param certificate serial number and subject of the certificate that it showed
 */
public record Stranger(String remote, Optional<RunRef> run, OptionalInt epoch, Optional<String> certificate) {

    public static Stranger at(String remote) {
        return new Stranger(remote, Optional.empty(), OptionalInt.empty(), Optional.empty());
    }

    public Stranger claiming(RunRef claimed, int claimedEpoch) {
        return new Stranger(remote, Optional.of(claimed), OptionalInt.of(claimedEpoch), certificate);
    }

    public Stranger showing(Optional<String> shown) {
        return new Stranger(remote, run, epoch, shown);
    }
}
