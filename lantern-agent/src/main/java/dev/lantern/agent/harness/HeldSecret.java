package dev.lantern.agent.harness;

import dev.lantern.agent.wire.Confidential;
import java.time.Duration;
import java.util.Optional;

/**
 * One secret of the spec as the harness holds it now.
 *
 * @param value empty while there is no lease that it could be had under
 * @param left how long the lease still lasts if it is not renewed; zero where there is none
 */
public record HeldSecret(String name, Optional<Confidential> value, Duration left) {}
