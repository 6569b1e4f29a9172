package dev.lantern.testkit.sim;

import dev.lantern.agent.harness.Transport.Outcome;
import dev.lantern.agent.wire.GatewayCall;
import dev.lantern.agent.wire.GatewayReply;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;

/** Carries calls from instances to hosts: late, twice, out of order or not at all. */
final class SimNetwork {
    private final World world;
    private final List<SimHost> hosts = new ArrayList<>();
    private final Set<String> cut = new LinkedHashSet<>();
    private final Dice dice;

    SimNetwork(World world) {
        this.world = world;
        this.dice = world.dice().split();
    }

    void reaches(SimHost host) {
        hosts.add(host);
    }

    /**
     * Nothing passes between the two any more.
     *
     * @param instance empty for all instances
     */
    String cut(SimHost host, Optional<SimInstance> instance) {
        String wire =
                host.name() + "|" + instance.map(one -> one.life().toString()).orElse("*");
        cut.add(wire);
        return wire;
    }

    void heal(String wire) {
        cut.remove(wire);
    }

    void healAll() {
        cut.clear();
    }

    void send(SimInstance from, byte[] secret, Optional<String> owner, GatewayCall call, Consumer<Outcome> outcome) {
        Optional<SimHost> host = owner.isPresent()
                ? hosts.stream().filter(one -> one.name().equals(owner.get())).findFirst()
                : Optional.of(dice.pick(hosts));
        if (host.isEmpty() || isCut(host.get(), from) || strikes(world.weather().requestLost)) {
            lost(from, outcome, "the request was lost");
            return;
        }
        carry(from, host.get(), secret, call, outcome, world.weather().messageLatency());
        if (strikes(world.weather().duplicated)) {
            carry(from, host.get(), secret, call, outcome, dice.millis(1, dice.chance(0.5) ? 800 : 8_000));
        }
    }

    private void carry(
            SimInstance from,
            SimHost host,
            byte[] secret,
            GatewayCall call,
            Consumer<Outcome> outcome,
            Duration latency) {
        world.agenda()
                .in(
                        latency,
                        () -> host.reached(
                                () -> host.call(secret, call, reply -> {
                                    world.oracle().answered(host.name(), call, reply);
                                    world.vendings().answered(host.name(), call, reply);
                                    world.timeline()
                                            .note(
                                                    host.name(),
                                                    () -> Told.call(from.ref(), call) + " -> " + Told.reply(reply));
                                    answer(from, host, reply, outcome);
                                }),
                                () -> lost(from, outcome, "nobody listens")));
    }

    private void answer(SimInstance from, SimHost host, GatewayReply reply, Consumer<Outcome> outcome) {
        if (isCut(host, from) || strikes(world.weather().answerLost)) {
            lost(from, outcome, "the answer was lost");
            return;
        }
        world.agenda()
                .in(
                        from.life(),
                        world.weather().messageLatency(),
                        () -> from.loop().run(() -> outcome.accept(new Outcome.Answered(reply))));
    }

    /** Most transports notice in the end; some lose track. */
    private void lost(SimInstance from, Consumer<Outcome> outcome, String why) {
        if (dice.chance(0.8)) {
            world.agenda()
                    .in(
                            from.life(),
                            dice.millis(20, 3_000),
                            () -> from.loop().run(() -> outcome.accept(new Outcome.Lost(why))));
        }
    }

    private boolean isCut(SimHost host, SimInstance instance) {
        return cut.contains(host.name() + "|*") || cut.contains(host.name() + "|" + instance.life());
    }

    private boolean strikes(double probability) {
        return world.weather().strikes(probability);
    }
}
