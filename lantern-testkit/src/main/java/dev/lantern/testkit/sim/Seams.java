package dev.lantern.testkit.sim;

import dev.lantern.core.engine.Attester;
import dev.lantern.core.engine.GateKeeper;
import dev.lantern.core.engine.Signatures;
import dev.lantern.journal.Journal;
import dev.lantern.secrets.SecretStore;
import dev.lantern.substrate.InstanceEnd;
import dev.lantern.substrate.Substrate;

/** Where a test may put something else between the parts of a world: a mutant that the simulation must find. */
class Seams {

    /** The journal that all hosts share, inside of what records its history. */
    Journal store(Journal store, Agenda agenda) {
        return store;
    }

    /** One incarnation's connection to the journal, with all the faults that it has. */
    Journal connection(Journal connection, Agenda agenda, Life host) {
        return connection;
    }

    /** One incarnation's view of the substrate. */
    Substrate substrate(Substrate substrate) {
        return substrate;
    }

    /** How a host checks what instances sign. */
    Signatures signatures(Signatures signatures) {
        return signatures;
    }

    GateKeeper gate(GateKeeper gate) {
        return gate;
    }

    /** How a host judges what harnesses report. */
    Attester attester(Attester attester) {
        return attester;
    }

    /** What one incarnation hears of an instance's end. */
    InstanceEnd end(InstanceEnd end) {
        return end;
    }

    /** One incarnation's view of the secret store. */
    SecretStore secrets(SecretStore store) {
        return store;
    }

    /**
     * How what agents write gets from the substrate to the host application.
     *
     * @param masked through the host
     * @param raw past it
     */
    Lines lines(Lines masked, Lines raw) {
        return masked;
    }

    /** Where instances' calls reach one incarnation. */
    Door door(Door door) {
        return door;
    }
}
