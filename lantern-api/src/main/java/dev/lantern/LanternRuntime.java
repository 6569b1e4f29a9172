package dev.lantern;

import dev.lantern.gate.Decision;
import dev.lantern.gate.IsolationPolicy;
import dev.lantern.gate.Preflight;
import dev.lantern.identity.KeyStore;
import dev.lantern.identity.SecurityListener;
import dev.lantern.journal.Journal;
import dev.lantern.logs.LogStore;
import dev.lantern.retention.Retention;
import dev.lantern.run.AgentRun;
import dev.lantern.run.RunPage;
import dev.lantern.run.RunQuery;
import dev.lantern.secrets.SecretPolicy;
import dev.lantern.secrets.SecretStore;
import dev.lantern.spec.AgentSpec;
import dev.lantern.substrate.Substrate;
import dev.lantern.value.PayloadCodec;
import dev.lantern.value.PayloadSeal;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Optional;

/**
 * One host: spawns runs, looks after those that it owns, and takes up what other hosts left. Thread-safe.
 *
 * <p>{@link #close} gives the runs up without ending them: another host, or the next runtime on the same journal,
 * continues them.
 */
public interface LanternRuntime extends AutoCloseable {

    /** As {@link SpawnRequest#on}. */
    AgentRun spawn(SpawnRequest request);

    /**
     * What the gate would say now if this spec were spawned for the tenant {@code default}. Looks at the facts as a spawn
     * would; starts nothing and writes nothing.
     *
     * @throws dev.lantern.value.LanternException if the substrate gave no answer at all
     */
    Decision preview(AgentSpec spec);

    /**
     * As {@link #preview(AgentSpec)}, for another tenant, whose agents may run in another namespace.
     *
     * @throws dev.lantern.value.LanternException if the substrate gave no answer at all, or no run can have this tenant
     */
    Decision preview(String tenant, AgentSpec spec);

    /**
     * What the substrate can prove for each isolation class, and what to fix; its {@code toString} is a page for a person.
     * For the tenant {@code default}. Starts nothing and writes nothing.
     *
     * @throws dev.lantern.value.LanternException if the substrate gave no answer at all
     */
    Preflight preflight();

    /** As {@link #preflight()}, for another tenant. */
    Preflight preflight(String tenant);

    /**
     * A run of any host, at any time; empty if there never was one. A run that was deleted is found too, and says so:
     * {@link AgentRun#retained}.
     */
    Optional<AgentRun> find(String tenant, String runId);

    /**
     * One page of the runs that a query chooses, of any host. Reads what the journal holds now, and holds up nobody.
     *
     * @throws dev.lantern.value.LanternException if the query's cursor is none that {@link RunPage#next} gave for this
     *     order, or the journal did not answer in time
     */
    RunPage runs(RunQuery query);

    /** Erasing, archiving and deleting closed runs. */
    Retention retention();

    /**
     * Stops looking after runs, stops what runs on this machine alone, and closes the journal, the substrate and the log
     * store that the runtime was made of; what those were made from, such as a data source, stays open. Blocks for
     * seconds at most. Idempotent.
     */
    @Override
    void close();

    /**
     * Assembles a runtime. One thread at a time; used once. Journal, substrate, log store and seal belong to the runtime
     * once it has started, and are closed with it.
     */
    interface Builder {

        /** Where runs are kept. Required. */
        Builder journal(Journal journal);

        /** Where agents run. Required. */
        Builder substrate(Substrate substrate);

        /** Where agents' logs go; in memory unless said. */
        Builder logs(LogStore logs);

        /**
         * Where this host's own gateway listens, and how instances reach this very host, as {@code https://host:port}: for a
         * substrate whose instances call over a network, which needs it. It is where an instance turns to once its run is
         * this host's; where it turns to first is told to the substrate. Mutual TLS 1.3, under the authority of
         * {@link #keys}.
         *
         * @param listen an address of this machine, such as {@code new InetSocketAddress("0.0.0.0", 7410)}
         * @param address an address or name that leads there from where instances are, and to no other host
         * @throws dev.lantern.value.LanternException if the address is of another form
         */
        Builder gateway(InetSocketAddress listen, String address);

        /**
         * Keeps agents' lines as they are written, of every run of this host. Unless said, a substrate for which reading
         * them is work does it for a run while somebody follows its {@link AgentRun#logs}, and else at an instance's end.
         */
        Builder followLogs();

        /** Objects to payloads and back; Jackson's JSON unless said. */
        Builder codec(PayloadCodec codec);

        /** Encryption of payloads at rest; none unless said. A payload that stands unsealed is refused. */
        Builder seal(PayloadSeal seal);

        /**
         * As {@link #seal}, for a journal that is older than its seal: reads what stands unsealed as well. Seal that
         * once, then go over to {@link #seal}.
         */
        Builder sealFromNowOn(PayloadSeal seal);

        /** What every spec has to meet beyond its own class; {@link IsolationPolicy#safeDefaults} unless said. */
        Builder policy(IsolationPolicy policy);

        /**
         * The keys of the runtime's authority, which says which instance a key belongs to. Needed for a substrate whose
         * instances call over a network; hosts on one journal share them. Closed with the runtime.
         */
        Builder keys(KeyStore keys);

        /**
         * The name under which the authority speaks, as in {@code spiffe://<trust domain>/t/…}; {@code lantern.internal}
         * unless said. All hosts on one journal say the same.
         *
         * @throws dev.lantern.value.LanternException if it is no name of a SPIFFE trust domain
         */
        Builder trustDomain(String name);

        /**
         * Where pages for operators are served, over plain HTTP and to this machine alone: {@code /healthz}, and with
         * {@link #keys} {@code /jwks.json}, by which anybody verifies instance tokens. None unless said.
         *
         * @param listen a loopback address; port 0 takes a free one, and nobody is told which
         */
        Builder operator(InetSocketAddress listen);

        /**
         * Hears of callers that were refused and that no chain tells of, beside the logger {@code dev.lantern.security}; none
         * unless said.
         */
        Builder security(SecurityListener listener);

        /**
         * Where the secrets are kept that specs name. Without one a spec that names any is refused. Closed with the
         * runtime.
         */
        Builder secrets(SecretStore store);

        /** Which secrets go to which agents, and for how long; {@link SecretPolicy#defaults} unless said. */
        Builder secretPolicy(SecretPolicy policy);

        /** How often instances are to say that they live, and how long they may be silent; 5 s and 30 s unless said. */
        Builder heartbeat(Duration every, Duration silence);

        /** How long this host may be silent before others take its runs up; 7 s unless said. */
        Builder lease(Duration lease);

        /**
         * Starts the runtime.
         *
         * @throws dev.lantern.value.LanternException if a required part is missing, or the journal does not answer
         */
        LanternRuntime start();
    }
}
