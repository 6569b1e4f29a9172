package dev.lantern.testkit.sim;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lantern.core.engine.Signatures;
import dev.lantern.journal.Journal;
import java.util.function.BiFunction;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** A simulation that finds nothing proves nothing: each of these defects must be found, and soon. */
@Tag("long")
class MutantsTest {
    private static final int COMMITTED = 38;
    private static int found;

    static Stream<Mutant> mutants() {
        return Stream.of(
                new Mutant(
                        "fence without host",
                        300,
                        () -> store(inner -> new JournalMutants.Unfenced(inner, true, false))),
                new Mutant(
                        "fence without head",
                        300,
                        () -> store(inner -> new JournalMutants.Unfenced(inner, false, true))),
                new Mutant(
                        "fence without host and head",
                        100,
                        () -> store(inner -> new JournalMutants.Unfenced(inner, true, true))),
                new Mutant("fence without epoch", 300, MutantsTest::epochUnchecked),
                new Mutant("acknowledged before it is committed", 100, () -> new Seams() {
                    @Override
                    Journal connection(Journal connection, Agenda agenda, Life host) {
                        return new JournalMutants.EarlyAnswers(connection, agenda, host);
                    }
                }),
                new Mutant(
                        "lost answer taken for success",
                        100,
                        () -> connection(
                                inner -> new JournalMutants.Certain(inner, JournalMutants.Certain.Belief.WRITTEN))),
                new Mutant("lost answer told as a failure", 100, MutantsTest::lostAnswerIsFailure),
                new Mutant(
                        "lost answer of a claim forgotten", 1_000, () -> connection(JournalMutants.NothingOwned::new)),
                new Mutant("written again behind another head", 300, () -> connection(JournalMutants.Stubborn::new)),
                new Mutant(
                        "adoption without reading the run again",
                        100,
                        () -> connection(JournalMutants.StaleReads::new)),
                new Mutant(
                        "inbox message removed before it is an event",
                        300,
                        () -> connection(JournalMutants.ForgetfulInbox::new)),
                new Mutant(
                        "journal that went back not noticed",
                        600,
                        () -> door((door, known) -> DoorMutants.headUnchecked(door))),
                new Mutant("one run twice in a group", 300, MutantsTest::oneRunTwice),
                new Mutant("fence tested in a snapshot (REPEATABLE READ)", 300, () -> new Snapshots(true)),
                new Mutant("inbox message lost", 100, () -> store(JournalMutants.LostMessages::new)),
                new Mutant("move without fence", 300, () -> store(JournalMutants.MovedUnfenced::new)),
                new Mutant(
                        "isolation of a failed group writes what stands again",
                        300,
                        () -> connection(JournalMutants.WritesTwice::new)),
                new Mutant("release that is forgotten", 600, () -> store(JournalMutants.NothingReleased::new)),
                new Mutant("lease counted longer than it is", 1_000, () -> connection(JournalMutants.LongLease::new)),
                new Mutant(
                        "large payload not stored before its event",
                        100,
                        () -> connection(JournalMutants.NothingKept::new)),
                new Mutant("begin answered for another input", 300, () -> door(DoorMutants::inputUnchecked)),
                new Mutant("late resolution settles a later attempt", 2_000, () -> door(DoorMutants::attemptUnchecked)),
                new Mutant("decision of the gate used for a later instance", 100, GateMutants::decisionReused),
                new Mutant("facts that never grow old", 300, GateMutants::factsKept),
                new Mutant("suspect nodes forgotten", 300, GateMutants::suspectsForgotten),
                new Mutant("instance weaker than the one before", 300, GateMutants::strengthForgotten),
                new Mutant("violated boundary taken for a loss", 100, GateMutants::violationIgnored),
                new Mutant("stop answered before anything is stopped", 100, () -> SubstrateMutants.hastyStop(false)),
                new Mutant("stop that is under way taken for done", 100, () -> SubstrateMutants.hastyStop(true)),
                new Mutant("agent begins before its node is looked at again", 100, SubstrateMutants::unchecked),
                new Mutant("agent begins unseen from inside", 100, SubstrateMutants::unattested),
                new Mutant("agent begins whatever was found inside", 300, GateMutants::reportsBelieved),
                new Mutant("value handed over before its event is durable", 100, SecretMutants::early),
                new Mutant("lease closed without revoking what it was for", 100, SecretMutants::unrevoked),
                new Mutant("value given to an instance that was given up", 300, SecretMutants::givenToTheStale),
                new Mutant("request repeated and answered with another value", 300, SecretMutants::anotherValue),
                new Mutant("renewed lease answered with a former value", 300, SecretMutants::formerValue),
                new Mutant("lines passed on unmasked", 100, SecretMutants::unmasked));
    }

    @ParameterizedTest
    @MethodSource("mutants")
    void found_within_its_budget(Mutant mutant) {
        for (long seed = 1; seed <= mutant.budget(); seed++) {
            SimResult result = new SimWorld(seed, mutant.seams().get(), false).run();
            if (!result.holds()) {
                System.out.println("mutant found at seed " + seed + ": " + mutant + ": "
                        + result.defects().get(0).lines().findFirst().orElse(""));
                assertThat(new SimWorld(seed, new Seams(), false).run().defects())
                        .as("the same seed without the mutant")
                        .isEmpty();
                found++;
                return;
            }
        }
        assertThat(mutant.budget()).as("seeds without a sign of: " + mutant).isZero();
    }

    /** Else the mutant above were found for what it shares with every database. */
    @Test
    void appends_that_take_long_are_no_defect_by_themselves() {
        for (long seed = 1; seed <= 60; seed++) {
            assertThat(new SimWorld(seed, new Snapshots(false), false).run().defects())
                    .as("seed " + seed)
                    .isEmpty();
        }
    }

    @AfterAll
    static void count() {
        System.out.println("mutants: " + found + " found");
        assertThat(found).isGreaterThanOrEqualTo(COMMITTED);
    }

    private static Seams store(UnaryOperator<Journal> mutation) {
        return new Seams() {
            @Override
            Journal store(Journal store, Agenda agenda) {
                return mutation.apply(store);
            }
        };
    }

    private static Seams connection(UnaryOperator<Journal> mutation) {
        return new Seams() {
            @Override
            Journal connection(Journal connection, Agenda agenda, Life host) {
                return mutation.apply(connection);
            }
        };
    }

    /** Two that keep each other from harm: the engine never makes such a group, and no journal takes one. */
    private static Seams oneRunTwice() {
        return new Seams() {
            @Override
            Journal store(Journal store, Agenda agenda) {
                return new JournalMutants.SecondUnseen(store);
            }

            @Override
            Journal connection(Journal connection, Agenda agenda, Life host) {
                return new JournalMutants.OneRunTwice(connection);
            }
        };
    }

    private static Seams door(BiFunction<Door, DoorMutants.Known, Door> mutation) {
        DoorMutants.Known known = new DoorMutants.Known();
        return new Seams() {
            @Override
            Door door(Door door) {
                return mutation.apply(door, known);
            }
        };
    }

    /** A host that gives up after a lost answer and tells whoever waits that nothing was written. */
    private static Seams lostAnswerIsFailure() {
        return new Seams() {
            @Override
            Journal connection(Journal connection, Agenda agenda, Life host) {
                return new JournalMutants.Certain(connection, JournalMutants.Certain.Belief.NOT_WRITTEN);
            }

            @Override
            Door door(Door door) {
                return DoorMutants.definite(door);
            }
        };
    }

    /** Neither the epoch of a call nor the key that signed it is looked at. */
    private static Seams epochUnchecked() {
        DoorMutants.Known known = new DoorMutants.Known();
        return new Seams() {
            @Override
            Door door(Door door) {
                return DoorMutants.epochUnchecked(door, known);
            }

            @Override
            Signatures signatures(Signatures signatures) {
                return new Signatures() {
                    @Override
                    public boolean isKey(byte[] publicKey) {
                        return true;
                    }

                    @Override
                    public boolean verify(String publicKey, byte[] message, byte[] signature) {
                        return true;
                    }
                };
            }
        };
    }
}
