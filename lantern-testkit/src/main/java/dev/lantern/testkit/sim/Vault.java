package dev.lantern.testkit.sim;

import dev.lantern.core.secrets.InMemorySecretStore;
import dev.lantern.secrets.IssuedSecret;
import dev.lantern.secrets.SecretPlace;
import dev.lantern.secrets.SecretStore;
import dev.lantern.value.LanternException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;

/**
 * The one secret store behind all hosts: calls fail before or after their effect or take long, values are rotated and
 * removed. It remembers every value that there ever was, to tell them again wherever they show up.
 */
final class Vault implements SecretStore {
    private static final Duration LONGEST = Duration.ofMinutes(10);
    private static final int LENGTH = 24;
    /** No digit of a hash in hexadecimal is among them. */
    private static final String LETTERS = "ghijklmnopqrstuv";

    /**
     * A value that there was.
     *
     * @param mark by which events name it: the handle of a dynamic one, the version of a static one
     */
    record Value(SecretPlace place, boolean dynamic, String mark, String text, Traces traces) {

        @Override
        public String toString() {
            return "a value of " + place;
        }
    }

    private final Agenda agenda;
    private final Weather weather;
    private final Timeline timeline;
    private final Dice dice;
    private final InMemorySecretStore store;
    private final double failsBefore;
    private final double failsAfter;
    private final double slow;
    private final Map<SecretPlace, List<Value>> values = new LinkedHashMap<>();
    private final Set<String> renewed = new LinkedHashSet<>();
    private int versions;

    Vault(Agenda agenda, Weather weather, Timeline timeline, Dice dice) {
        this.agenda = agenda;
        this.weather = weather;
        this.timeline = timeline;
        this.dice = dice;
        this.store = new InMemorySecretStore(agenda::instant);
        this.failsBefore = some(0.2);
        this.failsAfter = some(0.2);
        this.slow = some(0.2);
    }

    private double some(double most) {
        return dice.chance(0.5) ? most * dice.between(1, 1000) / 1000 : 0;
    }

    // -- what becomes of secrets -------------------------------------------------------------------------------

    /** Puts a run's secrets in, and has happen to them what is planned. */
    void keep(RunPlan plan) {
        for (SecretPlan secret : plan.secrets()) {
            SecretPlace place = secret.place(plan.run().tenant());
            values.put(place, new ArrayList<>());
            if (secret.fate() == SecretPlan.Fate.ABSENT) {
                continue;
            } else if (secret.dynamic()) {
                store.makes(place, LONGEST, number -> bytes(text()));
            } else {
                put(place);
            }
            if (secret.fate() == SecretPlan.Fate.REMOVED) {
                agenda.in(plan.spawnedAt().plus(dice.millis(500, 20_000)), () -> remove(place));
            } else if (secret.fate() == SecretPlan.Fate.ROTATED && !secret.dynamic()) {
                rotateLater(place);
            }
        }
    }

    private void rotateLater(SecretPlace place) {
        agenda.in(dice.millis(1_000, 15_000), () -> {
            if (weather.storm()) {
                timeline.note("vault", () -> place + " is rotated");
                put(place);
                rotateLater(place);
            }
        });
    }

    private void put(SecretPlace place) {
        String text = text();
        store.put(place, bytes(text));
        add(place, false, Integer.toString(++versions), text);
    }

    private void remove(SecretPlace place) {
        timeline.note("vault", () -> place + " is removed");
        store.remove(place);
    }

    private void add(SecretPlace place, boolean dynamic, String mark, String text) {
        values.computeIfAbsent(place, any -> new ArrayList<>())
                .add(new Value(place, dynamic, mark, text, Traces.of(text)));
    }

    private String text() {
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < LENGTH; i++) {
            text.append(LETTERS.charAt(dice.below(LETTERS.length())));
        }
        return text.toString();
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }

    // -- what is true ------------------------------------------------------------------------------------------

    /** Every value that there was at this place, the oldest first. */
    List<Value> values(SecretPlace place) {
        return values.getOrDefault(place, List.of());
    }

    /** Whether somebody who reads the value can still use it: neither ended nor replaced. */
    boolean isOfUse(Value value) {
        if (value.dynamic()) {
            return isOpen(value.mark());
        }
        List<Value> all = values(value.place());
        return all.get(all.size() - 1).equals(value);
    }

    /** Whether a dynamic secret has neither been revoked nor ended by itself. */
    boolean isOpen(String handle) {
        return store.leases().stream()
                .anyMatch(lease -> lease.handle().equals(handle)
                        && !lease.revoked()
                        && agenda.instant().isBefore(lease.until()));
    }

    boolean wasRenewed(String handle) {
        return renewed.contains(handle);
    }

    // -- what hosts see ----------------------------------------------------------------------------------------

    @Override
    public String name() {
        return "simulated vault";
    }

    @Override
    public Optional<IssuedSecret> issue(SecretPlace place, Duration ttl, Duration within) {
        return around("issue of " + place, () -> {
            Optional<IssuedSecret> issued = store.issue(place, ttl, within);
            issued.ifPresent(secret -> secret.handle().ifPresent(handle -> add(place, true, handle, shown(secret))));
            return issued;
        });
    }

    private static String shown(IssuedSecret secret) {
        return new String(secret.value().reveal(), StandardCharsets.US_ASCII);
    }

    @Override
    public Optional<Duration> renew(SecretPlace place, String handle, Duration ttl, Duration within) {
        return around("renewal of " + handle, () -> {
            Optional<Duration> granted = store.renew(place, handle, ttl, within);
            granted.ifPresent(longer -> renewed.add(handle));
            return granted;
        });
    }

    @Override
    public void revoke(SecretPlace place, String handle, Duration within) {
        around("revocation of " + handle, () -> {
            store.revoke(place, handle, within);
            return true;
        });
    }

    private <T> T around(String call, Supplier<T> forward) {
        if (weather.storm() && dice.chance(slow)) {
            agenda.block(dice.millis(20, 6_000));
        }
        if (weather.storm() && dice.chance(failsBefore)) {
            throw failure(call + " failed before its effect");
        }
        T answer = forward.get();
        if (weather.storm() && dice.chance(failsAfter)) {
            throw failure(call + " took effect and its answer was lost");
        }
        return answer;
    }

    private LanternException failure(String message) {
        timeline.note("vault", () -> message);
        return new LanternException(message);
    }

    /** It outlives its hosts. */
    @Override
    public void close() {
        // The world ends, and the vault with it.
    }
}
