package dev.lantern.testkit.sim;

import java.time.Duration;

/**
 * How bad the world is to those who live in it: drawn from the seed, so that each seed has its own mixture. A storm
 * ends, and then everything must come right.
 */
final class Weather {
    private final Dice dice;
    private boolean storm = true;

    final double journalFailsBefore;
    final double journalFailsAfter;
    final double journalSlow;
    final double groupTorn;
    final double requestLost;
    final double answerLost;
    final double duplicated;
    final double slowMessage;
    final double startFails;
    final double stopFails;
    final double lookFails;
    final double noticeLost;
    final double noticeRepeated;
    final double gateFails;
    /** How often something breaks; zero for a world in which only calls and messages fail. */
    final double disasters;

    final double hostDeaths;
    final double hostPauses;
    final double clockJumps;
    final double partitions;
    final double instanceDeaths;
    final double instancePauses;
    final double outages;
    final double cancels;
    final double factsSlow;
    final double factsOld;
    final double factsUntold;
    final double startViolates;
    final double stopLeaves;
    final double groundMoves;
    final double policyChanges;
    final double drifts;
    final double sandboxLies;
    final double fenceOpen;

    Weather(Dice dice) {
        this.dice = dice;
        journalFailsBefore = some(0.5, 0.05);
        journalFailsAfter = some(0.6, 0.05);
        journalSlow = some(0.3, 0.05);
        groupTorn = some(0.4, 0.05);
        requestLost = some(0.5, 0.1);
        answerLost = some(0.5, 0.1);
        duplicated = some(0.5, 0.15);
        slowMessage = some(0.3, 0.1);
        startFails = some(0.3, 0.15);
        stopFails = some(0.3, 0.2);
        lookFails = some(0.3, 0.2);
        noticeLost = some(0.4, 0.5);
        noticeRepeated = some(0.5, 0.5);
        gateFails = some(0.2, 0.5);
        disasters = some(0.85, 1);
        hostDeaths = some(0.7, 1);
        hostPauses = some(0.5, 1);
        clockJumps = some(0.3, 0.5);
        partitions = some(0.4, 1);
        instanceDeaths = some(0.5, 1);
        instancePauses = some(0.4, 1);
        outages = some(0.3, 0.5);
        cancels = some(0.4, 0.5);
        factsSlow = some(0.3, 0.2);
        factsOld = some(0.3, 0.4);
        factsUntold = some(0.2, 0.1);
        startViolates = some(0.2, 0.1);
        stopLeaves = some(0.5, 0.9);
        groundMoves = some(0.5, 1);
        policyChanges = some(0.4, 0.5);
        drifts = some(0.3, 0.3);
        sandboxLies = some(0.2, 0.2);
        fenceOpen = some(0.2, 0.2);
    }

    private double some(double often, double most) {
        boolean present = dice.chance(often);
        double strength = dice.between(1, 1000) / 1000.0;
        return present ? most * strength : 0;
    }

    boolean storm() {
        return storm;
    }

    void calm() {
        storm = false;
    }

    /** Whether something of this probability happens now. */
    boolean strikes(double probability) {
        return storm && dice.chance(probability);
    }

    /** Half of what a call takes: to its effect, or from there to its answer. */
    Duration callLatency() {
        return Duration.ofNanos(dice.between(50_000, 2_000_000));
    }

    Duration messageLatency() {
        return strikes(slowMessage) ? dice.millis(50, 4_000) : dice.millis(1, 20);
    }
}
