package dev.lantern.k8s;

import dev.lantern.gate.AdmissionFact;
import dev.lantern.gate.ClusterFacts;
import dev.lantern.gate.Fact;
import dev.lantern.substrate.InstanceRef;
import dev.lantern.substrate.InstanceStart;
import dev.lantern.substrate.SubstrateHost;
import dev.lantern.substrate.Verified;
import io.kubernetes.client.openapi.ApiClient;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The parts of an open substrate, put together. Thread-safe. */
final class OpenCluster implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(OpenCluster.class);

    private final ApiClient client;
    private final UntilClosed host;
    private final FactFinder facts;
    private final Observatory observatory;
    private final LogTails logs;
    private final Launch launch;
    private final Teardown teardown;
    private final StandingInstances standing;
    private final Credentials credentials;
    /** What was seen last, for the evidence of what is started behind it; by namespace. */
    private final Map<String, Fact<AdmissionFact>> admission = new ConcurrentSkipListMap<>();

    OpenCluster(ClusterSettings settings, SubstrateHost opener, LongSupplier nanos) {
        client = settings.access().connect();
        host = new UntilClosed(opener);
        ApiServer server = new ApiServer(client);
        Whereabouts whereabouts = new Whereabouts(host.installation(), settings.namespaces());
        Calls calls = new Calls(server, host.clock(), host.chance());
        PodRelease.Images images = new PodRelease.Images(settings.alsoKnownAs());
        facts = new FactFinder(server, settings.namespaces(), settings.baselines(), host.clock());
        observatory = new Observatory(
                server,
                new Observatory.Settings(
                        settings.scope(),
                        settings.baselines(),
                        image -> settings.alsoKnownAs().getOrDefault(image.toString(), List.of()),
                        settings.operators(),
                        settings.times(),
                        settings.pace()),
                whereabouts,
                host,
                nanos);
        ObservedInstances observed = new ObservedInstances(observatory);
        logs = new LogTails(server, whereabouts, observed::logged, host, LogPace.USUAL, LogTails.MOST_FOLLOWED, nanos);
        launch = new Launch(
                calls,
                new PodRequests(
                        host.installation(),
                        settings.harness(),
                        new Reach(
                                settings.gateway(),
                                settings.forbidden().isEmpty()
                                        ? Reach.apiServer(client.getBasePath())
                                        : settings.forbidden()),
                        settings.terms(),
                        settings.defaults(),
                        settings.priority(),
                        settings.dedicated(),
                        settings.userNamespaces()),
                new Workspaces(calls, host.installation(), settings.storage()),
                new JobMaking(calls, whereabouts),
                new PodRelease(
                        calls,
                        observed,
                        images,
                        new PodVerdict(host, host.clock(), namespace -> Optional.ofNullable(admission.get(namespace)))),
                host);
        teardown = new Teardown(calls, whereabouts, observed, logs);
        standing = new StandingInstances(
                server, host.clock(), whereabouts, settings.scope().namespaces());
        RefusalLog refusals = new RefusalLog(LOG::warn, nanos);
        credentials = new Credentials(
                TokenProof.offline(new ClusterKeys(calls, Optional.empty(), nanos)),
                calls,
                whereabouts,
                observed::stands,
                refusals,
                host.clock(),
                nanos);
        observatory.open();
    }

    ClusterFacts facts(String tenant, Duration within) {
        ClusterFacts found = facts.facts(tenant, within);
        if (found.namespace() instanceof Fact.Seen<dev.lantern.gate.NamespaceFact> seen) {
            admission.put(seen.value().name(), found.admission());
        }
        return found;
    }

    void start(InstanceStart start, Duration within) {
        launch.start(start, within);
    }

    boolean stop(InstanceRef instance, Duration within) {
        boolean gone = teardown.stop(instance, within);
        if (gone) {
            logs.forget(instance);
        }
        return gone;
    }

    void follow(InstanceRef instance) {
        logs.follow(instance);
    }

    void unfollow(InstanceRef instance) {
        logs.unfollow(instance);
    }

    List<InstanceRef> standing(Duration within) {
        return standing.list(within);
    }

    Optional<Verified> compare(InstanceRef instance, Duration within) {
        return observatory.compare(instance, within);
    }

    List<Verified> verified(InstanceRef instance) {
        return observatory.verified(instance).stream().toList();
    }

    Optional<InstanceRef> identify(byte[] credential, Duration within) {
        return credentials.identify(credential, within);
    }

    /** Nothing is told afterwards. Instances go on: they end when they are stopped, or at their deadlines. */
    @Override
    public void close() {
        host.close();
        observatory.close();
        logs.close();
        ClusterAccess.disconnect(client);
    }
}
