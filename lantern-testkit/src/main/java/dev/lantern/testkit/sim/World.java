package dev.lantern.testkit.sim;

import dev.lantern.core.engine.EngineSettings;
import java.time.Duration;

/** What everybody in one simulated world shares. */
record World(
        Agenda agenda,
        Dice dice,
        Weather weather,
        Timeline timeline,
        Defects defects,
        Oracle oracle,
        SimKeys keys,
        SimSpecs specs,
        Ground ground,
        Admissions admissions,
        Vault vault,
        Vendings vendings,
        Seams seams) {

    /** Periods short enough that a minute holds many leases, many heartbeats and several adoptions. */
    static final EngineSettings SETTINGS = new EngineSettings(
            Duration.ofSeconds(2),
            Duration.ofSeconds(1),
            Duration.ofSeconds(6),
            Duration.ofSeconds(10),
            Duration.ofSeconds(1),
            Duration.ofSeconds(2),
            Duration.ofSeconds(15),
            60,
            3,
            Duration.ofMillis(100),
            Duration.ofSeconds(2),
            Duration.ofSeconds(20),
            Duration.ofSeconds(15),
            Duration.ofSeconds(2),
            Duration.ofSeconds(5));
}
