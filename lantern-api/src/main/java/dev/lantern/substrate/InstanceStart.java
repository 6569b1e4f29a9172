package dev.lantern.substrate;

import dev.lantern.gate.Placement;
import dev.lantern.spec.AgentSpec;
import java.time.Duration;
import java.util.Optional;

/**
 * What a substrate needs to start an instance.
 *
 * @param instance which one
 * @param spec what to run, narrowed limits included
 * @param placement where the gate admitted it
 * @param enrolmentSecret what the harness proves itself with; goes to the harness and nowhere else
 * @param gateway where the harness finds its owner
 * @param remaining what is left of the run's {@code timeout}; empty if it has none. A substrate that outlives its hosts
 *     ends the instance by itself some time after that
 * @param trust by what the harness knows its gateway; empty where it reaches it on this machine alone
 */
public record InstanceStart(
        InstanceRef instance,
        AgentSpec spec,
        Placement placement,
        String enrolmentSecret,
        String gateway,
        Optional<Duration> remaining,
        Optional<GatewayTrust> trust) {

    /** A start on the machine of its host. */
    public InstanceStart(
            InstanceRef instance,
            AgentSpec spec,
            Placement placement,
            String enrolmentSecret,
            String gateway,
            Optional<Duration> remaining) {
        this(instance, spec, placement, enrolmentSecret, gateway, remaining, Optional.empty());
    }

    /** Shows no secret. */
    @Override
    public String toString() {
        return "InstanceStart[" + instance + ", " + spec.name() + "]";
    }
}
