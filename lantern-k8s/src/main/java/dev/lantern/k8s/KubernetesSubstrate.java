package dev.lantern.k8s;

import dev.lantern.gate.Facts;
import dev.lantern.gate.IsolationPolicy;
import dev.lantern.spec.ImageRef;
import dev.lantern.spec.Quantity;
import dev.lantern.substrate.InstanceRef;
import dev.lantern.substrate.InstanceStart;
import dev.lantern.substrate.Substrate;
import dev.lantern.substrate.SubstrateHost;
import dev.lantern.substrate.Verified;
import dev.lantern.value.Digest;
import dev.lantern.value.LanternException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.UnaryOperator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Runs each instance as a pod of a Job on a Kubernetes cluster, in a namespace that an operator has prepared.
 *
 * <p>A pod is made with a gate that keeps it from every node. It is let go when the API server has kept it exactly as it was
 * asked for, and only to nodes that the gate verified; it is watched from then on, and an instance that is no longer what was
 * admitted is told to be lost. Agents outlive their hosts: any host of the same journal finds them again and stops them.
 * With all hosts gone they end at their deadlines.
 *
 * <pre>{@code
 * KubernetesSubstrate.builder()
 *         .inCluster()
 *         .namespacePrefix("agents-")
 *         .gateway("https://10.20.0.7:7410")
 *         .harness("registry.example/lantern-harness@sha256:…")
 *         .build()
 * }</pre>
 *
 * <p>The runtime that it is given to listens on a gateway of its own, {@code LanternRuntime.Builder.gateway}.
 *
 * <p>What has to stand in the cluster before: {@code docs/kubernetes.md}. Every host on one journal is configured alike.
 * Thread-safe; closed by the runtime.
 */
public final class KubernetesSubstrate implements Substrate {
    private static final String NAME = "Kubernetes";

    private final ClusterSettings settings;
    private final Object lock = new Object();
    private @Nullable OpenCluster cluster;
    private boolean closed;

    KubernetesSubstrate(ClusterSettings settings) {
        this.settings = settings;
    }

    /** One that knows nothing yet. */
    public static Builder builder() {
        return new Builder();
    }

    @Override
    public String name() {
        return NAME;
    }

    /** Looks now, with nine requests at once; nothing is remembered. */
    @Override
    public Facts facts(String tenant, Duration within) {
        return open().facts(tenant, within);
    }

    /** Begins to watch. The cluster need not answer for that. */
    @Override
    public void open(SubstrateHost host) {
        Objects.requireNonNull(host, "host");
        synchronized (lock) {
            if (closed || cluster != null) {
                throw new LanternException("this substrate on Kubernetes is " + (closed ? "closed" : "open already")
                        + "; build one for each runtime");
            }
            cluster = new OpenCluster(settings, host, System::nanoTime);
        }
    }

    /**
     * Makes the Job, compares it and its pod with what was asked for, and lets the pod go. With three writing calls, and
     * one more for a workspace's first instance.
     */
    @Override
    public void start(InstanceStart start, Duration within) {
        open().start(start, within);
    }

    /** Deletes the Job and looks what stands. The cluster waits for the grace that the pod was made with. */
    @Override
    public boolean stop(InstanceRef instance, Duration grace, Duration within) {
        return open().stop(instance, within);
    }

    @Override
    public void follow(InstanceRef instance) {
        open().follow(instance);
    }

    @Override
    public void unfollow(InstanceRef instance) {
        open().unfollow(instance);
    }

    /** True: a pod has the token of its service account. */
    @Override
    public boolean issuesCredentials() {
        return true;
    }

    /** The node: it is looked at again, and the pod compared once more, by whichever host sees the pod bound to it. */
    @Override
    public List<String> checkpointsBeforeEnrolment() {
        return List.of(Verified.NODE);
    }

    @Override
    public List<Verified> verified(InstanceRef instance) {
        return open().verified(instance);
    }

    /** True: its harness tries the fence and tells what kernel it sees, and the host compares that with the node. */
    @Override
    public boolean isAttested() {
        return true;
    }

    @Override
    public Optional<Verified> compare(InstanceRef instance, Duration within) {
        return open().compare(instance, within);
    }

    /** True: a pod reaches its host by the gateway alone. */
    @Override
    public boolean callsOverNetwork() {
        return true;
    }

    @Override
    public Optional<InstanceRef> identify(byte[] credential, Duration within) {
        return open().identify(credential, within);
    }

    @Override
    public List<InstanceRef> standing(Duration within) {
        return open().standing(within);
    }

    /** Ends the watching. Instances go on. */
    @Override
    public void close() {
        OpenCluster open;
        synchronized (lock) {
            closed = true;
            open = cluster;
            cluster = null;
        }
        if (open != null) {
            open.close();
        }
    }

    private OpenCluster open() {
        synchronized (lock) {
            if (cluster == null) {
                throw new LanternException("this substrate on Kubernetes is "
                        + (closed ? "closed" : "not open yet; give it to a runtime"));
            }
            return cluster;
        }
    }

    /** Says what a cluster is like. One thread, and as many substrates as are built. */
    public static final class Builder {
        private static final Pattern GATEWAY =
                Pattern.compile("https://(?:([0-9]{1,3}(?:\\.[0-9]{1,3}){3})|\\[([0-9a-f:.]{2,45})]):([0-9]{1,5})/?");

        private @Nullable ClusterAccess access;
        private @Nullable TenantNamespaces namespaces;
        private WatchScope scope = WatchScope.cluster();
        private UnaryOperator<NamespaceBaseline> baseline = UnaryOperator.identity();
        private boolean baselineSaid;
        private @Nullable ImageRef harness;
        private @Nullable String gateway;
        private List<String> forbidden = List.of();
        private Duration longest = Duration.ofHours(24);
        private Duration start = Duration.ofMinutes(2);
        private Duration grace = Duration.ofSeconds(10);
        private PodDefaults defaults = PodDefaults.usual();
        private Priority priority = Priority.NONE;
        private IsolationPolicy.DedicatedNodes dedicated = IsolationPolicy.DedicatedNodes.SHIPPED;
        private final TreeSet<String> userNamespaces = new TreeSet<>();
        private Workspaces.Storage storage = new Workspaces.Storage(Quantity.parse("10Gi"), "");
        private final Map<String, List<Digest>> alsoKnownAs = new TreeMap<>();
        private List<String> operators = List.of("kube-system");

        private Builder() {}

        /** Reaches the cluster as the current context of this file says. */
        public Builder kubeconfig(Path file) {
            access = ClusterAccess.kubeconfig(Objects.requireNonNull(file, "file"));
            return this;
        }

        /** Reaches the cluster that this host runs in, as the service account of its pod. */
        public Builder inCluster() {
            access = ClusterAccess.inCluster();
            return this;
        }

        /** Runs every tenant's agents in this namespace. What stands between tenants is then each pod's own boundary. */
        public Builder namespace(String namespace) {
            namespaces = TenantNamespaces.single(namespace);
            return this;
        }

        /** Runs each tenant's agents in the namespace of that prefix and the tenant's name, which is never bent to fit. */
        public Builder namespacePrefix(String prefix) {
            namespaces = TenantNamespaces.prefixed(prefix);
            return this;
        }

        /**
         * Runs each tenant's agents in the namespace that this says: the same for the same tenant, on every host and for
         * ever.
         */
        public Builder namespaceOf(UnaryOperator<String> mapping) {
            namespaces = Objects.requireNonNull(mapping, "mapping")::apply;
            return this;
        }

        /**
         * Watches these namespaces one by one instead of the whole cluster, for a host with the roles of single namespaces.
         * They have to be all in which agents run.
         */
        public Builder onlyIn(String... watched) {
            scope = new WatchScope(Arrays.asList(watched));
            return this;
        }

        /**
         * Where a harness finds the gateway first, {@code https://address:port}: the same for all hosts, and an address,
         * because a pod that may reach nothing else has no DNS. Unless {@link #baseline} says otherwise, this address is
         * what the namespaces' fence has to let through.
         */
        public Builder gateway(String address) {
            if (!GATEWAY.matcher(address).matches()) {
                throw new LanternException(
                        "the gateway is https://<address>:<port>, with an address and no name, found "
                                + Shown.quoted(address));
            }
            gateway = address;
            return this;
        }

        /**
         * What no agent may reach and everybody would without a fence, {@code address:port}: every instance tries it before
         * its agent starts, and is given up if it answers. It is the API server as this host reaches it, unless said; say it
         * where that is a name or an address of this machine alone, and name one of each family of addresses that pods have.
         */
        public Builder forbidden(String... addresses) {
            forbidden = List.of(addresses);
            return this;
        }

        /**
         * Completes what has to stand in a namespace, from {@link NamespaceBaseline#in}: the same that was applied there.
         */
        public Builder baseline(UnaryOperator<NamespaceBaseline> completed) {
            baseline = Objects.requireNonNull(completed, "completed");
            baselineSaid = true;
            return this;
        }

        /** The harness's image, pinned by digest. */
        public Builder harness(String image) {
            harness = ImageRef.parse(image);
            return this;
        }

        /**
         * Another digest by which nodes may report an image: of its configuration, where it was imported and not pulled, or of
         * its platform's manifest.
         */
        public Builder alsoKnownAs(String image, String sha256) {
            alsoKnownAs
                    .computeIfAbsent(ImageRef.parse(image).toString(), missing -> new ArrayList<>())
                    .add(Digest.ofHex(sha256.replaceFirst("^sha256:", "")));
            return this;
        }

        /** How long an instance may live whose run has no {@code timeout}; a day unless said. */
        public Builder longestLife(Duration life) {
            longest = positive("the longest life", life);
            return this;
        }

        /** How long a harness may take until its agent starts; two minutes unless said. */
        public Builder startWithin(Duration time) {
            start = positive("the time to start", time);
            return this;
        }

        /** What an agent has between SIGTERM and SIGKILL; ten seconds unless said. */
        public Builder grace(Duration time) {
            grace = positive("the grace", time);
            return this;
        }

        /** The PriorityClass of every agent's pod, with what the API server makes of it. */
        public Builder priorityClass(String name, int value, boolean preempts) {
            priority = new Priority(name, value, preempts ? "PreemptLowerPriority" : "Never");
            return this;
        }

        /** RuntimeClasses whose handler supports user namespaces on every node: their pods get {@code hostUsers: false}. */
        public Builder userNamespaces(String... runtimeClasses) {
            userNamespaces.addAll(Arrays.asList(runtimeClasses));
            return this;
        }

        /** How nodes for hostile agents are marked; the same that the policy says. */
        public Builder dedicatedNodes(IsolationPolicy.DedicatedNodes nodes) {
            dedicated = Objects.requireNonNull(nodes, "nodes");
            return this;
        }

        /** Namespaces in which only the cluster's operator makes pods: theirs may stand on dedicated nodes. */
        public Builder operatorNamespaces(String... names) {
            operators = List.of(names);
            return this;
        }

        /** What the workspace of a devcontainer gets: its size, such as {@code 10Gi}, and its StorageClass, or "". */
        public Builder workspaces(String size, String storageClass) {
            storage =
                    new Workspaces.Storage(Quantity.parse(size), Objects.requireNonNull(storageClass, "storageClass"));
            return this;
        }

        /**
         * The substrate, not open yet.
         *
         * @throws LanternException if something is missing
         */
        public KubernetesSubstrate build() {
            String address = said("gateway", gateway, ".gateway(\"https://10.20.0.7:7410\")");
            UnaryOperator<NamespaceBaseline> complete = baselineSaid ? baseline : at(address);
            return new KubernetesSubstrate(new ClusterSettings(
                    said("cluster", access, ".kubeconfig(file) or .inCluster()"),
                    said(
                            "namespace",
                            namespaces,
                            ".namespace(name), .namespacePrefix(prefix) or .namespaceOf(mapping)"),
                    scope,
                    namespace -> complete.apply(NamespaceBaseline.in(namespace)),
                    said("harness", harness, ".harness(\"registry.example/lantern-harness@sha256:…\")"),
                    address,
                    forbidden.isEmpty() ? forbidden : new Reach(address, forbidden).forbidden(),
                    new PodRequests.Terms(longest, start, grace),
                    defaults,
                    priority,
                    dedicated,
                    List.copyOf(userNamespaces),
                    storage,
                    alsoKnownAs,
                    operators,
                    WatchTimes.USUAL,
                    Pace.USUAL));
        }

        private static UnaryOperator<NamespaceBaseline> at(String gateway) {
            Matcher parts = GATEWAY.matcher(gateway);
            if (!parts.matches()) {
                throw new IllegalStateException("checked before");
            }
            boolean four = parts.group(1) != null;
            String cidr = four ? parts.group(1) + "/32" : parts.group(2) + "/128";
            int port = Integer.parseInt(parts.group(3));
            return namespace -> namespace.gatewayAt(cidr, port);
        }

        private static Duration positive(String what, Duration duration) {
            if (duration.isNegative() || duration.isZero()) {
                throw new LanternException(what + " is positive, found " + duration);
            }
            return duration;
        }

        private static <T> T said(String what, @Nullable T value, String how) {
            if (value == null) {
                throw new LanternException("a substrate on Kubernetes needs its " + what + ": say " + how);
            }
            return value;
        }
    }
}
