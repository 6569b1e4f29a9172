package dev.lantern.k8s;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import dev.lantern.value.LanternException;
import dev.lantern.value.RunRef;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What a namespace of agents must hold before the first run: the fence around every pod in it, its service account, its
 * quota. Applied once by an operator, never made or deleted by a run; the gate refuses a namespace without it.
 *
 * {@snippet :
 * String yaml = NamespaceBaseline.in("agents-acme")
 *         .gatewayPods("lantern-system", Map.of("app.kubernetes.io/name", "lantern-gateway"), 7410)
 *         .yaml();
 * }
 *
 * <p>The namespace holds agents and nothing else: every pod in it is denied everything, whatever its labels. Immutable;
 * every method returns another baseline.
 */
public final class NamespaceBaseline {
    static final String DENY_ALL = "lantern-deny-all";
    static final String GATEWAY = "lantern-gateway";
    static final String QUOTA = "lantern-agents";

    /** As the value of the label that says whose a namespace is. */
    static final String EVERY_TENANT = "";

    /** Before 1.35, from where on restricted asks for less beside user namespaces. */
    static final String POD_SECURITY_VERSION = "v1.34";

    private static final Pattern NAMESPACE = Pattern.compile("[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?");

    private static final Pattern CIDR =
            Pattern.compile("(?:[0-9]{1,3}(?:\\.[0-9]{1,3}){3}|[0-9a-f:.]*:[0-9a-f:.]*)/([0-9]{1,3})");

    private final String namespace;
    private final Optional<JsonObject> gateway;
    private final int port;
    private final SortedMap<String, String> quota;
    private final String tenant;

    private NamespaceBaseline(
            String namespace, Optional<JsonObject> gateway, int port, Map<String, String> quota, String tenant) {
        this.namespace = namespace;
        this.tenant = tenant;
        this.gateway = gateway;
        this.port = port;
        this.quota = Collections.unmodifiableSortedMap(new TreeMap<>(quota));
    }

    /**
     * The baseline of this namespace, without a way to a gateway yet.
     *
     * @throws LanternException if it is no name of a namespace
     */
    public static NamespaceBaseline in(String namespace) {
        if (!NAMESPACE.matcher(namespace).matches()) {
            throw new LanternException("a namespace is 1 to 63 of a-z 0-9 -, found " + Shown.quoted(namespace));
        }
        Map<String, String> quota = new TreeMap<>();
        quota.put("pods", "100");
        quota.put("requests.cpu", "100");
        quota.put("requests.memory", "200Gi");
        quota.put("requests.ephemeral-storage", "500Gi");
        quota.put("limits.memory", "200Gi");
        quota.put("services", "0");
        return new NamespaceBaseline(namespace, Optional.empty(), 0, quota, EVERY_TENANT);
    }

    /**
     * Lets agents reach the gateway's pods and nothing else. The rule names pods and not a Service, whose address is
     * translated before rules are applied.
     *
     * @param gatewayNamespace where the gateway runs; another namespace than the agents'
     * @param labels labels of its pods; not empty
     * @param port the port on the pod
     */
    public NamespaceBaseline gatewayPods(String gatewayNamespace, Map<String, String> labels, int port) {
        if (labels.isEmpty() || gatewayNamespace.equals(namespace)) {
            throw new LanternException("the gateway's pods are in another namespace than the agents, and have labels;"
                    + " found " + labels.size() + " labels and the namespace " + Shown.quoted(gatewayNamespace));
        }
        Tree peer = Tree.object()
                .put("podSelector", Tree.object().put("matchLabels", Tree.texts(new TreeMap<>(labels))))
                .put(
                        "namespaceSelector",
                        Tree.object()
                                .put(
                                        "matchLabels",
                                        Tree.object().put("kubernetes.io/metadata.name", gatewayNamespace)));
        return new NamespaceBaseline(namespace, Optional.of(peer.json()), checked(port), quota, tenant);
    }

    /**
     * Lets agents reach a gateway outside of the cluster and nothing else.
     *
     * @param cidr its addresses, such as {@code 10.20.0.7/32}
     * @param port its port
     * @throws LanternException for a block of more than 256 addresses (IPv6: wider than /64): it would be no fence
     */
    public NamespaceBaseline gatewayAt(String cidr, int port) {
        requireNarrow(cidr);
        Tree peer = Tree.object().put("ipBlock", Tree.object().put("cidr", cidr));
        return new NamespaceBaseline(namespace, Optional.of(peer.json()), checked(port), quota, tenant);
    }

    /**
     * Lets agents of this tenant run in the namespace and no others, whatever a host is told: the namespace says so
     * itself, by a label. Agents of every tenant may unless said.
     *
     * @throws LanternException if no run can have this tenant
     */
    public NamespaceBaseline tenant(String only) {
        String named = new RunRef(only, "any").tenant();
        return new NamespaceBaseline(namespace, gateway, port, quota, Marks.label(named));
    }

    /**
     * Replaces a limit of the namespace, such as {@code pods}. Not {@code limits.cpu}: it would demand a limit of every
     * container, and the harness has none.
     */
    public NamespaceBaseline quota(String resource, String amount) {
        if (resource.equals("limits.cpu")) {
            throw new LanternException("a quota of limits.cpu refuses every agent: the harness has no such limit");
        }
        Map<String, String> changed = new TreeMap<>(quota);
        changed.put(Objects.requireNonNull(resource, "resource"), Objects.requireNonNull(amount, "amount"));
        return new NamespaceBaseline(namespace, gateway, port, changed, tenant);
    }

    /**
     * The manifests, for {@code kubectl apply -f -}. The same baseline gives the same text.
     *
     * @throws LanternException if no gateway was named: agents could not even enrol
     */
    public String yaml() {
        return YamlText.of(manifests());
    }

    /** The namespace's name. */
    public String namespace() {
        return namespace;
    }

    /** Namespace and where its gateway is. */
    @Override
    public String toString() {
        return "NamespaceBaseline[" + namespace + ", port " + port + "]";
    }

    List<Manifest> manifests() {
        List<Manifest> manifests = new ArrayList<>();
        manifests.add(namespaceObject());
        manifests.add(account());
        manifests.add(denyAll());
        manifests.add(gatewayOnly());
        manifests.add(quotaObject());
        return List.copyOf(manifests);
    }

    private Manifest namespaceObject() {
        Map<String, String> labels = new TreeMap<>();
        labels.put(Marks.AGENTS, "true");
        labels.put(Marks.MANAGED_BY, Marks.LANTERN);
        labels.put(Marks.TENANT, tenant);
        for (String mode : List.of("audit", "enforce", "warn")) {
            labels.put("pod-security.kubernetes.io/" + mode, "restricted");
            labels.put("pod-security.kubernetes.io/" + mode + "-version", POD_SECURITY_VERSION);
        }
        return new Manifest(
                "A namespace of agents and of nothing else. The label " + Marks.AGENTS
                        + " puts the admission policies into force;"
                        + "\nthe version of restricted is pinned, because later ones ask for less; " + Marks.TENANT
                        + " is the one tenant"
                        + "\nwhose agents may run here, or empty for every tenant's.",
                Tree.object()
                        .put("apiVersion", "v1")
                        .put("kind", "Namespace")
                        .put("metadata", Tree.object().put("name", namespace).put("labels", Tree.texts(labels)))
                        .json());
    }

    private Manifest account() {
        return new Manifest(
                "Whom a harness enrols as. It may do nothing.",
                Tree.object()
                        .put("apiVersion", "v1")
                        .put("kind", "ServiceAccount")
                        .put("metadata", metadata(PodSpec.SERVICE_ACCOUNT, namespace))
                        .put("automountServiceAccountToken", false)
                        .json());
    }

    private Manifest denyAll() {
        return new Manifest(
                "The fence: nothing in, nothing out, for every pod here. It selects by nothing, because a label can be"
                        + "\nremoved. Needs a network plugin that enforces policies; the harness probes whether it does.",
                policy(DENY_ALL)
                        .put(
                                "spec",
                                Tree.object()
                                        .put("podSelector", Tree.object())
                                        .put("policyTypes", Tree.strings("Ingress", "Egress")))
                        .json());
    }

    private Manifest gatewayOnly() {
        JsonObject peer = gateway.orElseThrow(() -> new LanternException("the baseline of " + namespace
                + " names no gateway; use gatewayPods(…) or, for one outside of the cluster, gatewayAt(…)"));
        JsonArray to = new JsonArray();
        to.add(peer.deepCopy());
        JsonArray rules = Tree.array(Tree.object()
                .put("ports", Tree.array(Tree.object().put("protocol", "TCP").put("port", port)))
                .put("to", to));
        return new Manifest(
                "The one hole in it: agents reach the gateway. No DNS, no API server, no node.",
                policy(GATEWAY)
                        .put(
                                "spec",
                                Tree.object()
                                        .put(
                                                "podSelector",
                                                Tree.object()
                                                        .put(
                                                                "matchLabels",
                                                                Tree.object().put(Marks.MANAGED_BY, Marks.LANTERN)))
                                        .put("egress", rules)
                                        .put("policyTypes", Tree.strings("Egress")))
                        .json());
    }

    private Manifest quotaObject() {
        return new Manifest(
                "How much agents may take in all. Set the amounts to what the cluster has to spare; not limits.cpu, which"
                        + "\nthe harness has not, and no LimitRange, which would write one into it.",
                Tree.object()
                        .put("apiVersion", "v1")
                        .put("kind", "ResourceQuota")
                        .put("metadata", metadata(QUOTA, namespace))
                        .put("spec", Tree.object().put("hard", Tree.texts(quota)))
                        .json());
    }

    private Tree policy(String name) {
        return Tree.object()
                .put("apiVersion", "networking.k8s.io/v1")
                .put("kind", "NetworkPolicy")
                .put("metadata", metadata(name, namespace));
    }

    static Tree metadata(String name) {
        return metadata(name, "");
    }

    static Tree metadata(String name, String namespace) {
        Tree metadata = Tree.object().put("name", name);
        if (!namespace.isEmpty()) {
            metadata.put("namespace", namespace);
        }
        return metadata.put("labels", Tree.object().put(Marks.MANAGED_BY, Marks.LANTERN));
    }

    private static void requireNarrow(String cidr) {
        Matcher block = CIDR.matcher(cidr);
        int narrowest = cidr.contains(":") ? 128 : 32;
        int widest = cidr.contains(":") ? 64 : 24;
        int prefix = block.matches() ? Integer.parseInt(block.group(1)) : -1;
        if (prefix < widest || prefix > narrowest) {
            throw new LanternException("the gateway's addresses are a block from /" + widest + " to /" + narrowest
                    + ", such as 10.20.0.7/32; found " + Shown.quoted(cidr));
        }
    }

    private static int checked(int port) {
        if (port < 1 || port > 65535) {
            throw new LanternException("a port is from 1 to 65535, found " + port);
        }
        return port;
    }
}
