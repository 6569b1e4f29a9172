package dev.lantern.gate;

import dev.lantern.spec.Isolation;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Consumer;

/**
 * What the operator of a runtime demands beyond what a spec asks for, and the few things that the operator may excuse.
 *
 * <p>The defaults are safe: an unknown handler is no boundary, a fact older than a minute is no fact, and nothing is
 * excused. A policy raises classes and never lowers one; the two switches that excuse something,
 * {@link #standardWithoutBoundary} and {@link #imageTagsForTrusted}, name the only class that they touch, and every
 * decision that relied on one says so in its evidence. Immutable; each method that takes a value returns another policy.
 *
 * {@snippet :
 * IsolationPolicy.safeDefaults()
 *         .atLeast(Isolation.UNTRUSTED)
 *         .handler("kata-clh-snp", HandlerKind.KATA)
 *         .runtimeClasses(Isolation.HOSTILE, List.of("kata-clh-snp"));
 * }
 */
public final class IsolationPolicy {
    /** The oldest that a fact may be allowed to become. */
    public static final Duration OLDEST_FACT = Duration.ofMinutes(10);

    /** Between RuntimeClass, containerd's configuration and operators, these names are settled. */
    private static final SortedMap<String, HandlerKind> KNOWN_HANDLERS = new TreeMap<>(Map.of(
            "", HandlerKind.RUNC,
            "runc", HandlerKind.RUNC,
            "crun", HandlerKind.RUNC,
            "runsc", HandlerKind.GVISOR,
            "gvisor", HandlerKind.GVISOR,
            "kata", HandlerKind.KATA,
            "kata-qemu", HandlerKind.KATA,
            "kata-clh", HandlerKind.KATA,
            "kata-fc", HandlerKind.KATA));

    private static final IsolationPolicy SAFE_DEFAULTS = new IsolationPolicy(new Parts());

    private final Parts parts;

    private IsolationPolicy(Parts parts) {
        this.parts = parts;
    }

    /** Nothing raised, nothing excused. */
    public static IsolationPolicy safeDefaults() {
        return SAFE_DEFAULTS;
    }

    /**
     * Runs every spec under this class at least. A spec that asks for a class that cannot also be this one, such as
     * {@code wasm} beside {@code hostile}, is refused.
     *
     * @throws IllegalArgumentException for {@code wasm} and {@code devcontainer}, which are no rungs of a ladder
     */
    public IsolationPolicy atLeast(Isolation floor) {
        if (floor == Isolation.WASM || floor == Isolation.DEVCONTAINER) {
            throw new IllegalArgumentException("at least " + floor.text()
                    + ": allowed are trusted, standard, untrusted and hostile, which are stronger one by one");
        }
        return with(p -> p.floor = Optional.of(floor));
    }

    /**
     * Says what a handler's name stands for on this cluster. Names that nobody declared stand for nothing, and a class
     * whose handler stands for nothing is no boundary.
     *
     * @param name the handler, as RuntimeClasses and {@code node.status.runtimeHandlers} write it; empty is the nodes'
     *     default handler
     * @throws IllegalArgumentException if the name is settled and stands for something else, if a debugging variant is to
     *     stand for a boundary, and for {@link HandlerKind#PROCESS}
     */
    public IsolationPolicy handler(String name, HandlerKind kind) {
        Objects.requireNonNull(kind, "kind");
        if (kind == HandlerKind.PROCESS) {
            throw new IllegalArgumentException("handler \"" + name + "\": no handler of a node is a plain process");
        }
        if (kind != HandlerKind.RUNC && name.toLowerCase(Locale.ROOT).contains("debug")) {
            throw new IllegalArgumentException("handler \"" + name + "\" as " + kind.text()
                    + ": debugging variants open the guest's console and are no boundary; declare the production"
                    + " variant");
        }
        HandlerKind settled = KNOWN_HANDLERS.get(name);
        // The nodes' default handler is what the cluster's operator made it; every other name would lie.
        if (settled != null && settled != kind && !name.isEmpty()) {
            throw new IllegalArgumentException("handler \"" + name + "\" as " + kind.text() + ": it is "
                    + settled.text() + " everywhere; give a handler of your own a name of its own");
        }
        return with(p -> p.handlers.put(name, kind));
    }

    /**
     * Adds a text by which a sandbox of this kind is known from inside; one of them has to be found, beside what Lantern
     * knows of gVisor and Kata by itself. Needed for a kind that Lantern knows nothing of, such as {@link HandlerKind#WASM}.
     *
     * @throws IllegalArgumentException for kinds that are no boundary, of which there is nothing to know
     */
    public IsolationPolicy signature(HandlerKind kind, BoundarySignature signature) {
        Objects.requireNonNull(signature, "signature");
        if (kind == HandlerKind.PROCESS || kind == HandlerKind.RUNC) {
            throw new IllegalArgumentException(
                    "a signature of " + kind.text() + ": it runs on the node's own kernel and has none");
        }
        return with(p -> {
            List<BoundarySignature> all = new ArrayList<>(p.signatures.getOrDefault(kind, List.of()));
            all.add(signature);
            p.signatures.put(kind, List.copyOf(all));
        });
    }

    /**
     * Names the RuntimeClasses for a class, best first; any that is strong enough unless said. Naming one does not make
     * it strong enough.
     */
    public IsolationPolicy runtimeClasses(Isolation isolation, List<String> names) {
        return with(p -> p.runtimeClasses.put(isolation, List.copyOf(names)));
    }

    /**
     * Lets {@code standard} run on the nodes' ordinary container runtime where the cluster has no gVisor, or cannot prove
     * it. The other classes are untouched. Every decision that relied on this says so.
     */
    public IsolationPolicy standardWithoutBoundary() {
        return with(p -> p.standardWithoutBoundary = true);
    }

    /**
     * Admits image tags for {@code trusted}: which bytes run is then the registry's decision. For development. Every
     * decision that relied on this says so.
     */
    public IsolationPolicy imageTagsForTrusted() {
        return with(p -> p.imageTagsForTrusted = true);
    }

    /**
     * Names the classes for which the shipped ValidatingAdmissionPolicy has to stand; {@code hostile} unless said. Without
     * it a hostile webhook can start the harness, though never the agent.
     */
    public IsolationPolicy admissionPolicyFor(Collection<Isolation> classes) {
        return with(p -> p.admissionPolicyFor = classes.isEmpty() ? Set.of() : EnumSet.copyOf(classes));
    }

    /**
     * How old a fact may be; a minute unless said.
     *
     * @throws IllegalArgumentException unless it is from a second to {@link #OLDEST_FACT}
     */
    public IsolationPolicy maxFactAge(Duration age) {
        if (age.compareTo(Duration.ofSeconds(1)) < 0 || age.compareTo(OLDEST_FACT) > 0) {
            throw new IllegalArgumentException("facts of an age of " + age + ": allowed is 1 s to 10 min");
        }
        return with(p -> p.maxFactAge = age);
    }

    /**
     * How far the clock of the API server may be from this host's; 30 s unless said. Certificates, tokens and the age of
     * facts mean nothing between clocks that disagree.
     *
     * @throws IllegalArgumentException unless it is from 2 s to 10 min
     */
    public IsolationPolicy maxClockSkew(Duration skew) {
        if (skew.compareTo(Duration.ofSeconds(2)) < 0 || skew.compareTo(OLDEST_FACT) > 0) {
            throw new IllegalArgumentException("a clock skew of " + skew + ": allowed is 2 s to 10 min");
        }
        return with(p -> p.maxClockSkew = skew);
    }

    /** How nodes that are kept for {@code hostile} agents are told from others. */
    public IsolationPolicy dedicatedNodes(DedicatedNodes nodes) {
        Objects.requireNonNull(nodes, "nodes");
        return with(p -> p.dedicatedNodes = nodes);
    }

    /** What {@code spec.limits.gpu} counts on nodes; {@code nvidia.com/gpu} unless said. */
    public IsolationPolicy gpuResource(String resource) {
        Objects.requireNonNull(resource, "resource");
        return with(p -> p.gpuResource = resource);
    }

    /** The class that everything runs under at least, if one is set. */
    public Optional<Isolation> floor() {
        return parts.floor;
    }

    /** What this handler's name stands for; empty if nobody declared it. */
    public Optional<HandlerKind> kindOf(String handler) {
        return Optional.ofNullable(parts.handlers.get(handler));
    }

    /** The signatures that {@link #signature} added for this kind. */
    public List<BoundarySignature> signatures(HandlerKind kind) {
        return parts.signatures.getOrDefault(kind, List.of());
    }

    /** The RuntimeClasses named for a class, best first; empty means any that is strong enough. */
    public List<String> runtimeClasses(Isolation isolation) {
        return parts.runtimeClasses.getOrDefault(isolation, List.of());
    }

    /** Whether {@link #standardWithoutBoundary} is set. */
    public boolean isStandardWithoutBoundary() {
        return parts.standardWithoutBoundary;
    }

    /** Whether {@link #imageTagsForTrusted} is set. */
    public boolean isImageTagsForTrusted() {
        return parts.imageTagsForTrusted;
    }

    /** Whether the ValidatingAdmissionPolicy has to stand for this class. */
    public boolean needsAdmissionPolicy(Isolation isolation) {
        return parts.admissionPolicyFor.contains(isolation);
    }

    /** How old a fact may be. */
    public Duration maxFactAge() {
        return parts.maxFactAge;
    }

    /** How far the clock of the API server may be from this host's. */
    public Duration maxClockSkew() {
        return parts.maxClockSkew;
    }

    /** How dedicated nodes are told from others. */
    public DedicatedNodes dedicatedNodes() {
        return parts.dedicatedNodes;
    }

    /** What GPUs are called on nodes. */
    public String gpuResource() {
        return parts.gpuResource;
    }

    private IsolationPolicy with(Consumer<Parts> change) {
        Parts copy = new Parts(parts);
        change.accept(copy);
        return new IsolationPolicy(copy);
    }

    /**
     * The marks of a node that is kept for hostile agents. Neither can be set by the node itself: its kubelet may not
     * write labels under {@code node-restriction.kubernetes.io/}, nor its own taints.
     *
     * @param label the label's key; ends its prefix in {@code node-restriction.kubernetes.io}
     * @param labelValue the label's value
     * @param taint the taint, which keeps everybody else away
     */
    public record DedicatedNodes(String label, String labelValue, Taint taint) {
        /** The marks that the shipped manifests use. */
        public static final DedicatedNodes SHIPPED = new DedicatedNodes(
                "lantern.dev.node-restriction.kubernetes.io/isolation",
                "hostile",
                new Taint("lantern.dev/isolation", "hostile", "NoSchedule"));

        /** @throws IllegalArgumentException if nodes could give themselves the label, or the taint keeps nobody away */
        public DedicatedNodes {
            if (!label.matches("([a-z0-9.-]+\\.)?node-restriction\\.kubernetes\\.io/.+")) {
                throw new IllegalArgumentException("label " + label
                        + ": allowed are labels under node-restriction.kubernetes.io/, which nodes cannot give"
                        + " themselves");
            }
            if (!taint.repels()) {
                throw new IllegalArgumentException("taint " + taint + ": allowed are NoSchedule and NoExecute");
            }
        }
    }

    private static final class Parts {
        final SortedMap<String, HandlerKind> handlers;
        final Map<Isolation, List<String>> runtimeClasses;
        final Map<HandlerKind, List<BoundarySignature>> signatures;
        Optional<Isolation> floor = Optional.empty();
        boolean standardWithoutBoundary;
        boolean imageTagsForTrusted;
        Set<Isolation> admissionPolicyFor = Collections.unmodifiableSet(EnumSet.of(Isolation.HOSTILE));
        Duration maxFactAge = Duration.ofMinutes(1);
        Duration maxClockSkew = Duration.ofSeconds(30);
        DedicatedNodes dedicatedNodes = DedicatedNodes.SHIPPED;
        String gpuResource = "nvidia.com/gpu";

        Parts() {
            handlers = new TreeMap<>(KNOWN_HANDLERS);
            runtimeClasses = new EnumMap<>(Isolation.class);
            signatures = new EnumMap<>(HandlerKind.class);
        }

        Parts(Parts from) {
            handlers = new TreeMap<>(from.handlers);
            runtimeClasses = new EnumMap<>(from.runtimeClasses);
            signatures = new EnumMap<>(from.signatures);
            floor = from.floor;
            standardWithoutBoundary = from.standardWithoutBoundary;
            imageTagsForTrusted = from.imageTagsForTrusted;
            admissionPolicyFor = from.admissionPolicyFor;
            maxFactAge = from.maxFactAge;
            maxClockSkew = from.maxClockSkew;
            dedicatedNodes = from.dedicatedNodes;
            gpuResource = from.gpuResource;
        }
    }
}
