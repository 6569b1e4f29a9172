package dev.lantern.torture;

import static org.assertj.core.api.Assertions.assertThat;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import dev.lantern.journal.Journal;
import dev.lantern.journal.jdbc.JdbcJournal;
import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;

/**
 * Three host processes on one PostgreSQL, everything that can be done to them, and a referee.
 *
 * <p>The short form, which CI runs, inflicts every fault once. {@code -Dlantern.torture.runs=3000} goes on, round by
 * round, until so many runs were spawned; {@code -Dlantern.torture.seed=…} chooses the schedule.
 */
@Tag("long")
class TortureTest {
    private static final int HOSTS = 3;
    private static final int USERS = 10;
    private static final int USERS_OF_THE_LONG_FORM = 30;
    private static final int FEWEST_RUNS = 40;
    private static final int FEWEST_EVENTS = 400;
    private static final int MEGABYTES = 256;

    @TempDir(cleanup = CleanupMode.ON_SUCCESS)
    Path directory;

    @Test
    @Timeout(value = 60, unit = TimeUnit.MINUTES)
    void no_torture_makes_the_journal_lie() throws Exception {
        long seed =
                Long.getLong("lantern.torture.seed", ThreadLocalRandom.current().nextInt(1_000_000));
        int runs = Integer.getInteger("lantern.torture.runs", FEWEST_RUNS);
        System.out.println("torture: seed " + seed + ", at least " + runs + " runs, in " + directory);
        Oracle oracle = new Oracle();
        try (Postgres postgres = Postgres.start(directory, MEGABYTES + runs / 4);
                CuttingProxy proxy = CuttingProxy.to(postgres::port);
                HikariDataSource source = source(proxy);
                Journal truth = JdbcJournal.on(source);
                Cluster cluster = new Cluster(seed, oracle)) {
            RemoteCluster stub = Remotes.export(cluster, RemoteCluster.class);
            try (Fleet fleet = new Fleet(directory, postgres, cluster, Remotes.word(stub));
                    Users users = new Users(seed, fleet, oracle, truth)) {
                torture(seed, runs, new Surroundings(postgres, truth, cluster, fleet, users), oracle);
            } finally {
                Remotes.unexport(cluster);
            }
        }
    }

    private record Surroundings(Postgres postgres, Journal truth, Cluster cluster, Fleet fleet, Users users) {}

    private static HikariDataSource source(CuttingProxy proxy) {
        HikariConfig config = new HikariConfig();
        config.setDataSource(TortureHost.postgres(proxy.port()));
        config.setMaximumPoolSize(4);
        return new HikariDataSource(config);
    }

    private static void torture(long seed, int runs, Surroundings world, Oracle oracle)
            throws IOException, InterruptedException {
        for (int host = 0; host < HOSTS; host++) {
            world.fleet().startOne();
        }
        world.fleet().awaitArrivals();
        world.users().begin(runs > FEWEST_RUNS ? USERS_OF_THE_LONG_FORM : USERS);
        Nemesis nemesis = new Nemesis(seed, world.fleet(), world.cluster(), world.postgres(), oracle, world.truth());
        inflict(nemesis, runs, world, oracle);
        settle(world, oracle);

        Ledger ledger = Ledger.read(world.fleet().ledgers());
        Verdict verdict = new Verdict(world.truth(), ledger, oracle, seed);
        verdict.judge();
        report(world, nemesis, ledger, verdict, oracle);
        assertThat(oracle.defects()).as("what the referee found, seed %d", seed).isEmpty();
        assertThat(nemesis.inflicted().keySet()).as("faults").containsExactlyInAnyOrder(Fault.values());
        assertThat(world.users().ended()).as("runs").isGreaterThanOrEqualTo(runs);
        assertThat(verdict.events()).as("events").isGreaterThanOrEqualTo(FEWEST_EVENTS);
    }

    /** Something that does not come to pass is a finding as well, and what else there is to find comes behind it. */
    private static void inflict(Nemesis nemesis, int runs, Surroundings world, Oracle oracle)
            throws IOException, InterruptedException {
        try {
            do {
                nemesis.round();
            } while (world.users().spawned() < runs && oracle.defects().isEmpty());
        } catch (IllegalStateException e) {
            oracle.defect("the torture could not go on: " + e.getMessage());
        }
    }

    private static void settle(Surroundings world, Oracle oracle) throws IOException, InterruptedException {
        world.users().enough();
        if (!Wait.isSeen(Wait.LONG.multipliedBy(2), world.users()::areGone)) {
            oracle.defect("runs do not end: " + world.users().underWay());
        } else if (oracle.defects().isEmpty()
                && !Wait.isSeen(Wait.LONG, () -> world.cluster().isEmpty())) {
            oracle.defect("not torn down: " + world.cluster().standing());
        }
        world.fleet().leave().forEach(host -> oracle.defect(host + " did not leave well"));
    }

    private static void report(Surroundings world, Nemesis nemesis, Ledger ledger, Verdict verdict, Oracle oracle) {
        System.out.println("TortureTest: " + world.users().ended() + " runs, " + verdict.events() + " events, "
                + oracle.completions() + " steps, " + oracle.promises().size() + " promises to instances, "
                + ledger.acknowledged().size() + " to hosts; " + world.fleet().started() + " hosts, "
                + verdict.instances() + " instances, " + nemesis.lostInstances() + " taken away, "
                + oracle.refusedZombies() + " zombies refused, " + verdict.moves() + " adoptions; the journal answered "
                + ledger.told("Replayed") + " times Replayed, " + ledger.told("NotOwner") + " NotOwner, "
                + ledger.told("StaleEpoch") + " StaleEpoch, " + ledger.told("Conflict") + " Conflict; disk full "
                + (world.postgres().hasOwnDisk() ? "on a small disk" : "by error " + FullDisk.STATE)
                + "; inflicted " + nemesis.inflicted());
    }
}
