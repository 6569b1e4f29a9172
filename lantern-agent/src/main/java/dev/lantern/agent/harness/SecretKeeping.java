package dev.lantern.agent.harness;

import dev.lantern.agent.clockwork.Clockwork;
import dev.lantern.agent.wire.Problem;
import dev.lantern.value.LanternException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * The secrets of one instance: all there before its agent starts, fresh while it works, gone when it ends. One thread at a
 * time.
 */
final class SecretKeeping implements Leased.Owner {
    /** The host closes what is not given back when the instance ends, so this is short enough for any grace. */
    static final Duration RETURN_WITHIN = Duration.ofSeconds(1);

    private final String instance;
    private final LeaseCalls calls;
    private final Clockwork clockwork;
    private final SecretsPlace place;
    private final Consumer<Problem> failed;
    private final Map<String, Leased> secrets = new LinkedHashMap<>();
    private Optional<Runnable> complete = Optional.empty();
    private boolean ended;

    /**
     * @param instance names it in messages
     * @param failed told once of what the instance cannot go on after
     */
    SecretKeeping(
            String instance, LeaseCalls calls, Clockwork clockwork, SecretsPlace place, Consumer<Problem> failed) {
        this.instance = instance;
        this.calls = calls;
        this.clockwork = clockwork;
        this.place = place;
        this.failed = failed;
    }

    /**
     * Asks for all of them at once.
     *
     * @param complete run once, as soon as all are in their place; never if one of them is refused before that
     */
    void begin(List<String> names, Runnable complete) {
        this.complete = Optional.of(complete);
        for (String name : names) {
            secrets.put(name, new Leased(name, calls, clockwork, place, this));
        }
        secrets.values().forEach(Leased::vend);
        put();
    }

    /** As they are now, in the order of the spec. */
    List<HeldSecret> held() {
        return secrets.values().stream().map(Leased::held).toList();
    }

    /**
     * The agent needs them no longer: removes them and gives their leases back.
     *
     * @param then run once, when all are taken back or that has taken too long
     */
    void finish(Runnable then) {
        List<String> leases = removed();
        if (leases.isEmpty()) {
            then.run();
            return;
        }
        int[] open = {leases.size()};
        boolean[] told = new boolean[1];
        Runnable once = () -> {
            if (!told[0]) {
                told[0] = true;
                then.run();
            }
        };
        clockwork.later(RETURN_WITHIN, once);
        for (String lease : leases) {
            calls.giveBack(lease, () -> {
                if (--open[0] == 0) {
                    once.run();
                }
            });
        }
    }

    /** The instance is over, and its leases with it: removes the secrets at once. */
    void drop() {
        removed();
    }

    @Override
    public void put() {
        if (!ended && complete.isPresent() && secrets.values().stream().allMatch(Leased::isThere)) {
            Runnable then = complete.get();
            complete = Optional.empty();
            then.run();
        }
    }

    @Override
    public boolean refused(String name, Problem problem) {
        if (complete.isEmpty()) {
            return true;
        }
        failed.accept(Problem.of(
                problem.code(),
                "the agent of instance " + instance + " was not started, because its secret " + name + " was refused ("
                        + problem.code().wireName() + "): " + problem.detail()));
        return false;
    }

    @Override
    public void failed(String name, LanternException why) {
        failed.accept(Problem.of(
                Problem.Code.DRAINING,
                "instance " + instance + " ends, because its secret " + name
                        + " cannot be kept where its agent looks for it: " + why.getMessage()));
    }

    private List<String> removed() {
        if (ended) {
            return List.of();
        }
        ended = true;
        List<String> leases = new ArrayList<>();
        secrets.values().forEach(secret -> secret.end().ifPresent(leases::add));
        place.removeAll();
        return leases;
    }
}
