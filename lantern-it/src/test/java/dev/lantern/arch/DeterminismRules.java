package dev.lantern.arch;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideOutsideOfPackages;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;

import com.tngtech.archunit.core.domain.AccessTarget.CodeUnitAccessTarget;
import com.tngtech.archunit.core.domain.JavaAccess;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.lang.ConditionEvents;
import com.tngtech.archunit.lang.SimpleConditionEvent;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Instant;
import java.time.InstantSource;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.OffsetDateTime;
import java.time.ZonedDateTime;
import java.util.Arrays;
import java.util.Calendar;
import java.util.Collection;
import java.util.Collections;
import java.util.Date;
import java.util.HashMap;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.Timer;
import java.util.TimerTask;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.Executors;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;
import java.util.stream.BaseStream;
import java.util.stream.Collectors;

/**
 * Whole clusters of hosts run in one thread under one seed. That holds only while threads, time, sleep and chance
 * come from one package per process (core's {@code turns}, the harness's {@code clockwork}) and nothing depends on
 * an order that the JVM salts.
 *
 * <p>Waits with a timeout for another thread (a latch, a queue, a process) are not listed: they invent no value,
 * and in the simulation, which has one thread, they show at once.
 */
final class DeterminismRules {
    private static final String FROM_TURNS = "take it from core.turns (in the harness: agent.clockwork)";
    private static final String CLOCK = "take an injected clock";
    private static final String CHANCE = "take an injected source of randomness";
    private static final String ORDERED =
            "the order differs from JVM to JVM: take List, LinkedHashMap, TreeMap or EnumSet";

    /** A backend has to: each call brings a deadline, and its database or cluster is outside the simulation anyway. */
    private static final Ban ELAPSED_TIME = Ban.of(System.class, CLOCK, "nanoTime");

    static final List<Ban> TIME_THREADS_AND_CHANCE = List.of(
            Ban.of(
                    Thread.class,
                    FROM_TURNS,
                    Ban.CONSTRUCTOR,
                    "start",
                    "startVirtualThread",
                    "ofVirtual",
                    "ofPlatform",
                    "yield",
                    "onSpinWait"),
            Ban.of(Executors.class, FROM_TURNS),
            Ban.of(ThreadPoolExecutor.class, FROM_TURNS, Ban.CONSTRUCTOR),
            Ban.of(ForkJoinPool.class, FROM_TURNS, Ban.CONSTRUCTOR, "commonPool"),
            Ban.of(Timer.class, FROM_TURNS, Ban.CONSTRUCTOR),
            Ban.of(TimerTask.class, FROM_TURNS, Ban.CONSTRUCTOR),
            Ban.of(
                            CompletableFuture.class,
                            FROM_TURNS + ", or name the executor",
                            "runAsync",
                            "supplyAsync",
                            "completeAsync",
                            "thenRunAsync",
                            "thenAcceptAsync",
                            "thenApplyAsync",
                            "thenComposeAsync",
                            "thenCombineAsync",
                            "handleAsync",
                            "whenCompleteAsync",
                            "exceptionallyAsync")
                    .takingNo(Executor.class),
            Ban.of(CompletableFuture.class, FROM_TURNS, "orTimeout", "completeOnTimeout", "delayedExecutor"),
            Ban.of(Collection.class, "streams here are sequential", "parallelStream"),
            Ban.of(BaseStream.class, "streams here are sequential", "parallel"),
            Ban.of(Arrays.class, "the common pool is not ours", "parallelSort", "parallelSetAll", "parallelPrefix"),
            Ban.of(Thread.class, FROM_TURNS, "sleep"),
            Ban.of(Thread.class, FROM_TURNS, "join").takingSomething(),
            Ban.of(TimeUnit.class, FROM_TURNS, "sleep", "timedJoin", "timedWait"),
            Ban.of(LockSupport.class, FROM_TURNS, "parkNanos", "parkUntil"),
            Ban.of(Object.class, FROM_TURNS, "wait").taking(long.class),
            Ban.of(Object.class, FROM_TURNS, "wait").taking(long.class, int.class),
            Ban.of(System.class, CLOCK, "currentTimeMillis"),
            ELAPSED_TIME,
            Ban.of(Instant.class, CLOCK, "now").takingNo(Clock.class),
            Ban.of(LocalDate.class, CLOCK, "now").takingNo(Clock.class),
            Ban.of(LocalTime.class, CLOCK, "now").takingNo(Clock.class),
            Ban.of(LocalDateTime.class, CLOCK, "now").takingNo(Clock.class),
            Ban.of(OffsetDateTime.class, CLOCK, "now").takingNo(Clock.class),
            Ban.of(ZonedDateTime.class, CLOCK, "now").takingNo(Clock.class),
            Ban.of(
                    Clock.class,
                    CLOCK,
                    "systemUTC",
                    "systemDefaultZone",
                    "system",
                    "tickMillis",
                    "tickSeconds",
                    "tickMinutes"),
            Ban.of(InstantSource.class, CLOCK, "system"),
            Ban.of(Date.class, CLOCK, Ban.CONSTRUCTOR).taking(),
            Ban.of(Calendar.class, CLOCK, "getInstance"),
            Ban.of(Random.class, CHANCE, Ban.CONSTRUCTOR),
            Ban.of(SecureRandom.class, CHANCE, Ban.CONSTRUCTOR, "getInstance", "getInstanceStrong"),
            Ban.of(SplittableRandom.class, CHANCE, Ban.CONSTRUCTOR),
            Ban.of(ThreadLocalRandom.class, CHANCE, "current"),
            Ban.of(RandomGenerator.class, CHANCE, "of", "getDefault"),
            Ban.of(RandomGeneratorFactory.class, CHANCE),
            Ban.of(Math.class, CHANCE, "random"),
            Ban.of(StrictMath.class, CHANCE, "random"),
            Ban.of(Collections.class, CHANCE, "shuffle").taking(List.class),
            Ban.of(UUID.class, CHANCE, "randomUUID"));

    /** Collections that are filled with what a caller gave, and so may be walked by somebody later. */
    static final List<Ban> SALTED_COLLECTIONS = List.of(
            Ban.of(Set.class, ORDERED, "copyOf"),
            Ban.of(Map.class, ORDERED, "copyOf"),
            Ban.of(HashMap.class, ORDERED, Ban.CONSTRUCTOR),
            Ban.of(HashSet.class, ORDERED, Ban.CONSTRUCTOR),
            Ban.of(IdentityHashMap.class, ORDERED, Ban.CONSTRUCTOR),
            Ban.of(Collectors.class, ORDERED, "toSet", "toUnmodifiableSet", "toUnmodifiableMap"),
            Ban.of(Collectors.class, ORDERED + " and name it in the collector", "toMap", "groupingBy")
                    .takingNo(Supplier.class));

    /** In the api these are tables to look a word up in; where runs are decided and carried out, not even that. */
    static final List<Ban> SALTED_LITERALS = List.of(
            Ban.of(Set.class, ORDERED, "of").takingSomething(),
            Ban.of(Map.class, ORDERED, "of", "ofEntries").takingSomething());

    private DeterminismRules() {}

    static ArchRule time_threads_and_chance_come_from_one_package(String root) {
        return classes()
                .that(resideInAPackage(root + "..")
                        .and(resideOutsideOfPackages(
                                root + ".core.turns..",
                                root + ".agent.clockwork..",
                                root + ".journal.jdbc..",
                                root + ".k8s..",
                                root + ".testkit..")))
                .should(useNoneOf(TIME_THREADS_AND_CHANCE))
                .allowEmptyShould(true);
    }

    static ArchRule backends_measure_their_deadline_and_nothing_else(String root) {
        List<Ban> bans = TIME_THREADS_AND_CHANCE.stream()
                .filter(ban -> !ban.equals(ELAPSED_TIME))
                .toList();
        return classes()
                .that(resideInAnyPackage(root + ".journal.jdbc..", root + ".k8s.."))
                .should(useNoneOf(bans))
                .allowEmptyShould(true);
    }

    static ArchRule no_collection_has_a_salted_order(String root) {
        return classes()
                .that(resideInAPackage(root + "..").and(resideOutsideOfPackages(root + ".testkit..")))
                .should(useNoneOf(SALTED_COLLECTIONS))
                .allowEmptyShould(true);
    }

    static ArchRule no_literal_has_a_salted_order(String root) {
        return classes()
                .that(resideInAnyPackage(
                        root + ".core..", root + ".agent..", root + ".journal.jdbc..", root + ".k8s.."))
                .should(useNoneOf(SALTED_LITERALS))
                .allowEmptyShould(true);
    }

    private static ArchCondition<JavaClass> useNoneOf(List<Ban> bans) {
        return new ArchCondition<>("use nothing that differs from run to run") {
            @Override
            public void check(JavaClass type, ConditionEvents events) {
                type.getCodeUnitAccessesFromSelf().forEach(access -> check(type, access, events));
            }

            private void check(
                    JavaClass type, JavaAccess<? extends CodeUnitAccessTarget> access, ConditionEvents events) {
                bans.stream()
                        .filter(ban -> ban.matches(access.getTarget()))
                        .findFirst()
                        .ifPresent(ban -> events.add(SimpleConditionEvent.violated(
                                type, access.getDescription() + ": " + ban.instead() + " [" + ban + "]")));
            }
        };
    }
}
