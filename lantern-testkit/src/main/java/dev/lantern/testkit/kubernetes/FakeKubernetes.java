package dev.lantern.testkit.kubernetes;

import static java.util.Objects.requireNonNull;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.lantern.value.LanternException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A Kubernetes API server in the JVM of a test: real HTTP on loopback, for {@code kubectl} and any client, and a cluster
 * behind it in which no container ever runs.
 *
 * <p>What a client can see is meant to be what the real server shows: lists and watches with their versions, bookmarks
 * and 410s, {@code Status} objects, defaults that are written into a spec, admission, Jobs that make pods, pods that are
 * bound, started, evicted and lost. Nothing moves by itself: time stands until it is {@linkplain #advance advanced}, and
 * controllers, scheduler and kubelets work when they are {@linkplain #tick told to}, unless the fake was
 * {@linkplain Builder#moving built to move} with every write. So a test sees every state, and sees the same ones again.
 *
 * <pre>{@code
 * try (FakeKubernetes kubernetes = FakeKubernetes.start()) {
 *     kubernetes.addNode("n1").handlers("", "runc", "runsc");
 *     kubernetes.addNamespace("agents");
 *     … a client of kubernetes.kubeconfig() creates a Job …
 *     kubernetes.settle();
 *     kubernetes.pods("agents").get(0).exit("agent", 0);
 * }
 * }</pre>
 *
 * <p>What it is not: it knows no schema, so unknown fields stay, and speaks JSON only, where {@code kubectl} sends
 * protobuf for a few commands ({@code auth can-i}, {@code drain}, {@code create token}). It evaluates no CEL
 * ({@link PodValidator}), counts no quota, never fills a node and enforces no NetworkPolicy. Of
 * strategic patches it takes those without lists. It has no exec, attach or port-forward, and every type is served in its
 * version {@code v1} only.
 *
 * <p>Thread-safe. Whoever starts it closes it.
 */
public final class FakeKubernetes implements AutoCloseable {
    private static final long SEED = 4711;
    private static final int SETTLED_WITHIN = 10_000;

    private final World world;
    private final @Nullable HandClock handClock;
    private final @Nullable SelfSigned certificate;
    private final Tokens tokens;
    private final Authorizer authorizer;
    private final Admission admission;
    private final Writes writes;
    private final Namespaces namespaces;
    private final Nodes nodes;
    private final Kubelet kubelet;
    private final FakePod.Parts podParts;
    private final List<Controller> controllers;
    private final Front front;
    private final HttpDoor door;
    private final boolean moving;
    private long movedAt;

    private FakeKubernetes(Builder builder) {
        this.handClock = builder.clock == null ? new HandClock() : null;
        this.world = new World(builder.clock == null ? requireNonNull(handClock) : builder.clock, SEED);
        this.moving = builder.moving;
        this.certificate = builder.tls ? SelfSigned.forLoopback(Instant.now()) : null;
        this.tokens = new Tokens(world);
        this.authorizer = new Authorizer(world.store());
        this.admission = new Admission(world);
        this.writes = new Writes(world, admission);
        Deletes deletes = new Deletes(world, writes);
        this.namespaces = new Namespaces(world, writes, deletes);
        this.nodes = new Nodes(world, writes);
        PodLogs logs = new PodLogs();
        Events events = new Events(world);
        PodLife life = new PodLife(world, writes, nodes);
        this.kubelet = new Kubelet(world, nodes, life, deletes, events, logs, this::pod);
        this.podParts = new FakePod.Parts(life, kubelet, deletes, logs, events, tokens);
        this.controllers = List.of(
                new JobController(world, writes, deletes, events),
                new Scheduler(world, writes, events),
                nodes,
                new Evictions(world, writes, deletes),
                kubelet,
                new Garbage(world, writes, deletes),
                namespaces);
        Api api = new Api(
                world,
                new Reads(world),
                writes,
                deletes,
                new PodSubresources(world, writes, deletes, logs, nodes),
                new Reviews(authorizer, tokens),
                tokens,
                namespaces);
        this.front = new Front(world, tokens, authorizer, new Discovery(builder.version, tokens), api);
        for (String name : List.of("default", "kube-node-lease", "kube-public", "kube-system")) {
            namespaces.add(name, Trees.object());
        }
        world.afterwards(this::afterwards);
        this.door = new HttpDoor(front, certificate == null ? null : certificate.context());
    }

    /** Starts one without TLS, whose time begins with 2026 and stands. */
    public static FakeKubernetes start() {
        return builder().start();
    }

    /** One that is put together. */
    public static Builder builder() {
        return new Builder();
    }

    /** How a fake is to be. One thread at a time. */
    public static final class Builder {
        private @Nullable InstantSource clock;
        private String version = "v1.36.0";
        private boolean tls;
        private boolean moving;

        private Builder() {}

        /** Its time is this clock's, and {@link FakeKubernetes#advance} is refused. */
        public Builder clock(InstantSource clock) {
            this.clock = requireNonNull(clock, "clock");
            return this;
        }

        /** What {@code /version} says: {@code v1.36.0}. */
        public Builder version(String version) {
            this.version = requireNonNull(version, "version");
            return this;
        }

        /** It speaks TLS, with a certificate of its own: {@code kubectl} sends a token over nothing else. */
        public Builder tls() {
            this.tls = true;
            return this;
        }

        /** The cluster {@linkplain FakeKubernetes#settle settles} after every write, before the next request. */
        public Builder moving() {
            this.moving = true;
            return this;
        }

        /**
         * Listens on a free port of loopback.
         *
         * @throws LanternException if there is none
         */
        public FakeKubernetes start() {
            return new FakeKubernetes(this);
        }
    }

    // -- for clients

    /** {@code http://127.0.0.1:port}. */
    public String url() {
        return (certificate == null ? "http" : "https") + "://127.0.0.1:" + door.port();
    }

    /** The bearer token of an administrator, whom no role binds. */
    public String token() {
        return tokens.adminToken();
    }

    /**
     * A bearer token of a service account, valid for an hour; roles and bindings in the cluster say what it may.
     *
     * @throws LanternException if there is no such account
     */
    public String token(String namespace, String serviceAccount) {
        return world.locked(() -> {
            Stored account = world.store()
                    .find(Key.of(Types.SERVICE_ACCOUNTS, namespace, serviceAccount))
                    .orElseThrow(() ->
                            new LanternException("there is no service account " + namespace + "/" + serviceAccount));
            return Trees.text(tokens.issue(account, Trees.object()), "status", "token");
        });
    }

    /** A kubeconfig of the administrator. */
    public String kubeconfig() {
        return kubeconfig(token());
    }

    /** A kubeconfig with that token. */
    public String kubeconfig(String token) {
        String authority =
                certificate == null ? "" : "    certificate-authority-data: " + certificate.authorityData() + "\n";
        return "apiVersion: v1\nkind: Config\ncurrent-context: fake\nclusters:\n- name: fake\n  cluster:\n    server: "
                + url() + "\n" + authority
                + "users:\n- name: fake\n  user:\n    token: " + token
                + "\ncontexts:\n- name: fake\n  context:\n    cluster: fake\n    user: fake\n";
    }

    // -- time and motion

    /** What time it is in the cluster. */
    public InstantSource clock() {
        return world::now;
    }

    /**
     * Moves the time and lets the cluster settle.
     *
     * @throws LanternException if the fake was built with a clock of the test's own
     */
    public void advance(Duration by) {
        HandClock clock = handClock;
        if (clock == null) {
            throw new LanternException("this fake has the clock that it was built with: move that, and call settle");
        }
        world.locked(() -> {
            clock.advance(by);
            settle();
        });
    }

    /** Every controller, the scheduler and every kubelet do what is due, once. */
    public void tick() {
        world.locked(() -> controllers.forEach(Controller::step));
    }

    /**
     * Ticks until nothing changes any more.
     *
     * @throws LanternException if that does not come to an end
     */
    public void settle() {
        world.locked(() -> {
            long before = -1;
            for (int i = 0; before != world.store().version(); i++) {
                if (i == SETTLED_WITHIN) {
                    throw new LanternException("the cluster still moves after " + i + " ticks");
                }
                before = world.store().version();
                tick();
            }
            movedAt = world.store().version();
        });
    }

    // -- what there is

    /** Adds a node with the handlers {@code ""} and {@code runc}. */
    public FakeNode addNode(String name) {
        world.locked(() -> nodes.add(name));
        return node(name);
    }

    /** A node that was added. */
    public FakeNode node(String name) {
        return new FakeNode(world, nodes, name);
    }

    /** Adds a namespace, with its default service account. */
    public void addNamespace(String name) {
        addNamespace(name, Map.of());
    }

    /** Adds a namespace with labels. */
    public void addNamespace(String name, Map<String, String> labels) {
        ObjectNode given = Trees.object();
        labels.forEach(given::put);
        world.locked(() -> namespaces.add(name, given));
    }

    /**
     * Creates an object as an administrator's client would, without HTTP.
     *
     * @param json with {@code kind} and {@code apiVersion}; the namespace is {@code default} unless it says otherwise
     * @throws LanternException if the cluster refuses it
     */
    public ObjectNode create(String json) {
        ObjectNode tree = Trees.parse(json);
        ResourceType type = Types.ofKind(
                        tree.path("apiVersion").asText(), tree.path("kind").asText())
                .orElseThrow(() -> new LanternException(
                        "the fake serves no " + tree.path("kind") + " of " + tree.path("apiVersion")));
        String namespace = Trees.at(tree, "metadata", "namespace").asText("default");
        Writes.Author author = new Writes.Author(User.admin().name(), "test", false);
        return world.locked(() -> {
            Stored created = writes.create(type, namespace, tree, author);
            if (type.equals(Types.NAMESPACES)) {
                namespaces.furnish(created.key().name());
            }
            return created.tree();
        });
    }

    /**
     * An object as it is; a copy.
     *
     * @param resource {@code pods}, {@code jobs.batch}
     * @param namespace empty for what has none
     */
    public Optional<ObjectNode> find(String resource, String namespace, String name) {
        return world.locked(() ->
                world.store().find(new Key(type(resource), namespace, name)).map(Stored::tree));
    }

    /** All objects of a resource, in the order of lists; copies. An empty namespace means all. */
    public List<ObjectNode> list(String resource, String namespace) {
        return world.locked(() -> world.store().all(type(resource), namespace).stream()
                .map(Stored::tree)
                .toList());
    }

    /** A pod, whether or not it is there yet. */
    public FakePod pod(String namespace, String name) {
        return pod(Key.of(Types.PODS, namespace, name));
    }

    /** The pods of a namespace, by name; of all where it is empty. */
    public List<FakePod> pods(String namespace) {
        return world.locked(() -> world.store().all(Types.PODS, namespace).stream()
                .map(stored -> pod(stored.key()))
                .toList());
    }

    /** What becomes of pods that are bound from now on; without it they {@linkplain PodScript#starts start}. */
    public void script(Function<ObjectNode, PodScript> scripts) {
        world.locked(() -> kubelet.scripts(requireNonNull(scripts, "scripts")));
    }

    // -- admission

    /** Adds a mutating hook behind the others. */
    public void mutate(PodMutator mutator) {
        world.locked(() -> admission.mutate(requireNonNull(mutator, "mutator")));
    }

    /** Adds a validating hook; its refusals name the policy and are 422, as of a policy that gives no reason. */
    public void validate(String policy, PodValidator validator) {
        validate(policy, "Invalid", validator);
    }

    /**
     * Adds a validating hook.
     *
     * @param reason as in {@code validations[].reason}: {@code Forbidden} is 403, {@code Invalid} 422
     */
    public void validate(String policy, String reason, PodValidator validator) {
        requireNonNull(policy, "policy");
        Statuses.codeOf(requireNonNull(reason, "reason"));
        requireNonNull(validator, "validator");
        world.locked(() -> admission.validate(policy, new Admission.Policy(reason, validator)));
    }

    /** Removes all hooks. */
    public void removeHooks() {
        world.locked(admission::removeHooks);
    }

    // -- what goes wrong

    /** From now on these requests are 403, whoever asks. */
    public void forbid(RequestMatcher requests) {
        world.locked(() -> authorizer.forbid(requests));
    }

    /** Takes back every {@link #forbid}. */
    public void forbidNothing() {
        world.locked(authorizer::forbidNothing);
    }

    /** Every such request is hit, until the injection is removed. Of several, the first that still hits does. */
    public Injection inject(RequestMatcher requests, Fault fault) {
        return inject(requests, fault, Long.MAX_VALUE);
    }

    /** The next so many such requests are hit. */
    public Injection inject(RequestMatcher requests, Fault fault, long times) {
        return world.locked(() -> front.inject(requests, fault, times));
    }

    /** Forgets how things came to be: watches and lists that go on from before are 410. */
    public void compact() {
        world.locked(() -> world.store().history().forget(world.store().version()));
    }

    /** As after a restart of the API server: all connections are cut, and watches from before are 410. */
    public void restart() {
        world.locked(() -> world.store().history().expireWatches(world.store().version()));
        door.cutAll();
    }

    /** Watches that asked for bookmarks get one. */
    public void bookmark() {
        world.locked(world::bookmark);
    }

    // -- what was seen

    /** The requests that came, in their order; of very many the last hundred thousand at least. */
    public List<SeenRequest> requests() {
        return world.locked(front::seen);
    }

    /** How many of the requests that came match. */
    public long count(RequestMatcher requests) {
        return requests().stream().filter(requests::matches).count();
    }

    /** Forgets the requests that came. */
    public void forgetRequests() {
        world.locked(front::forgetSeen);
    }

    /** How many watches are open. */
    public int openWatches() {
        return world.locked(front::openWatches);
    }

    /** Closes every connection. Repeating it does nothing. */
    @Override
    public void close() {
        door.close();
    }

    private void afterwards() {
        if (moving && movedAt != world.store().version()) {
            movedAt = world.store().version();
            settle();
        }
        front.pullAll();
    }

    private FakePod pod(Key key) {
        return new FakePod(world, podParts, key);
    }

    private static ResourceType type(String resource) {
        return Types.all().stream()
                .filter(type -> type.qualified().equals(resource))
                .findFirst()
                .orElseThrow(() -> new LanternException("the fake serves no " + resource));
    }
}
