package dev.lantern.testkit.sim;

import dev.lantern.secrets.SecretPlace;
import dev.lantern.spec.SecretRef;
import dev.lantern.spec.SecretUri;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * One secret that a run's spec names, and what becomes of it in its store.
 *
 * @param key where it is kept, in the run's own tenant; no two runs share one
 * @param dynamic whether each who asks is made a value of its own
 */
record SecretPlan(String name, String key, boolean dynamic, Duration ttl, Fate fate) {
    enum Fate {
        KEPT,
        ROTATED,
        /** Gone some time after the run began. */
        REMOVED,
        /** Never there. */
        ABSENT
    }

    /** None for most runs. */
    static List<SecretPlan> draw(Dice dice, int number) {
        List<SecretPlan> secrets = new ArrayList<>();
        int count = dice.chance(0.6) ? dice.between(1, 3) : 0;
        for (int i = 1; i <= count; i++) {
            boolean dynamic = dice.chance(0.5);
            // Short enough that a storm sees renewals; one that lasts outlives every agent.
            Duration ttl = dice.chance(0.8) ? Duration.ofMillis(dice.between(4_000, 12_000)) : Duration.ofMinutes(10);
            secrets.add(new SecretPlan("SECRET_" + i, "run-" + number + "-" + i, dynamic, ttl, fate(dice)));
        }
        return secrets;
    }

    private static Fate fate(Dice dice) {
        if (dice.chance(0.3)) {
            return Fate.ROTATED;
        } else if (dice.chance(0.1)) {
            return Fate.REMOVED;
        }
        return dice.chance(0.08) ? Fate.ABSENT : Fate.KEPT;
    }

    SecretRef ref() {
        return SecretRef.of(name, SecretUri.ofOwnTenant(key)).ttl(ttl);
    }

    SecretPlace place(String tenant) {
        return new SecretPlace(tenant, key);
    }

    boolean mayBeRefused() {
        return fate == Fate.REMOVED || fate == Fate.ABSENT;
    }
}
