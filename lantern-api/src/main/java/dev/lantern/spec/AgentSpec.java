package dev.lantern.spec;

import dev.lantern.value.Digest;
import dev.lantern.value.LanternException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * What an agent is and what it may do: the content of one {@code agent.yaml}.
 *
 * <p>Immutable and always valid, whether it was read or built. Two specs that mean the same have the same
 * {@link #canonicalJson()} and the same {@link #digest()}, and are equal. A wider permission is another spec with
 * another digest.
 *
 * {@snippet :
 * AgentSpec fromFile = AgentSpec.load(Path.of("agent.yaml"));
 *
 * AgentSpec built = AgentSpec.builder("triage")
 *         .image("registry.example.com/agents/triage@sha256:…")
 *         .isolation(Isolation.UNTRUSTED)
 *         .limits(l -> l.memory("256Mi").timeout("5m").maxCostUsd("0.50"))
 *         .egressRule(EgressRule.to("api.example.com"))
 *         .build();
 * }
 */
public final class AgentSpec {
    /** The largest document read, and the largest canonical form, in bytes of UTF-8. */
    public static final int MAX_BYTES = 256 * 1024;

    private final String name;
    private final SortedMap<String, String> metadataLabels;
    private final ImageRef image;
    private final Isolation isolation;
    private final NetworkMode network;
    private final Limits limits;
    private final List<EgressRule> egressRules;
    private final List<SecretRef> secrets;
    private final List<String> command;
    private final List<String> args;
    private final SortedMap<String, String> env;
    private final SortedMap<String, String> labels;
    private final boolean idempotent;
    private final Optional<String> restoreSnapshotId;
    private final List<String> preferredRegions;
    private final String canonicalJson;

    private AgentSpec(Builder from, ImageRef image) {
        this.name = from.name;
        this.metadataLabels = copy(from.metadataLabels);
        this.image = image;
        this.isolation = from.isolation;
        this.network = from.network;
        this.limits = from.limits;
        this.egressRules = List.copyOf(from.egressRules);
        this.secrets = List.copyOf(from.secrets);
        this.command = List.copyOf(from.command);
        this.args = List.copyOf(from.args);
        this.env = copy(from.env);
        this.labels = copy(from.labels);
        this.idempotent = from.idempotent;
        this.restoreSnapshotId = from.restoreSnapshotId;
        this.preferredRegions = List.copyOf(from.preferredRegions);
        this.canonicalJson = CanonicalSpec.of(this).toString();
    }

    /**
     * Reads a file with the installed {@link SpecReader}.
     *
     * @throws InvalidSpecException with every problem, its line, column and path, if the file is no valid spec
     * @throws LanternException if the file cannot be read, or no reader is installed
     */
    public static AgentSpec load(Path file) {
        return SpecReader.installed().read(Objects.requireNonNull(file, "file"));
    }

    /**
     * Reads a document from memory with the installed {@link SpecReader}.
     *
     * @param origin how messages call the document, usually a file name
     * @param yaml the document in UTF-8
     * @throws InvalidSpecException with every problem, its line, column and path, if it is no valid spec
     * @throws LanternException if no reader is installed
     */
    public static AgentSpec parse(String origin, byte[] yaml) {
        Objects.requireNonNull(origin, "origin");
        return SpecReader.installed().parse(origin, Objects.requireNonNull(yaml, "yaml"));
    }

    /**
     * Starts a spec in Java. Everything {@code agent.yaml} can say can be said here, with the same digest.
     *
     * @param name {@code metadata.name}
     * @throws InvalidSpecException if the name is no Kubernetes label value
     */
    public static Builder builder(String name) {
        return new Builder(Labels.checkedName(SpecPath.of("metadata.name"), Objects.requireNonNull(name, "name")));
    }

    /** A builder that holds everything this spec says. */
    public Builder toBuilder() {
        Builder copy = new Builder(name);
        copy.metadataLabels.putAll(metadataLabels);
        copy.image = image;
        copy.isolation = isolation;
        copy.network = network;
        copy.limits = limits;
        copy.egressRules.addAll(egressRules);
        copy.secrets.addAll(secrets);
        copy.command.addAll(command);
        copy.args.addAll(args);
        copy.env.putAll(env);
        copy.labels.putAll(labels);
        copy.idempotent = idempotent;
        copy.restoreSnapshotId = restoreSnapshotId;
        copy.preferredRegions.addAll(preferredRegions);
        return copy;
    }

    /** {@code metadata.name}. */
    public String name() {
        return name;
    }

    /** {@code metadata.labels}, by key. */
    public SortedMap<String, String> metadataLabels() {
        return metadataLabels;
    }

    /** The image to run; {@link ImageRef#pinned()} tells whether its bytes are known. */
    public ImageRef image() {
        return image;
    }

    /** The isolation class asked for; {@link Isolation#STANDARD} unless the spec says otherwise. */
    public Isolation isolation() {
        return isolation;
    }

    /** What may be reached; {@link NetworkMode#ALLOWLIST_DOMAIN} unless the spec says otherwise. */
    public NetworkMode network() {
        return network;
    }

    /** What a run may use at most. */
    public Limits limits() {
        return limits;
    }

    /** What may be reached through the gateway, in the order of the spec. */
    public List<EgressRule> egressRules() {
        return egressRules;
    }

    /** The secrets the agent may ask for, in the order of the spec; no name stands twice. */
    public List<SecretRef> secrets() {
        return secrets;
    }

    /** What to run instead of the image's entry point; empty means the image decides. */
    public List<String> command() {
        return command;
    }

    /** Arguments after the command. */
    public List<String> args() {
        return args;
    }

    /** Environment variables, by name. Stored and shown as they are: never a place for secrets. */
    public SortedMap<String, String> env() {
        return env;
    }

    /** Labels for what a run creates, by key. */
    public SortedMap<String, String> labels() {
        return labels;
    }

    /** Whether the whole run may be pre-empted and started anew. */
    public boolean idempotent() {
        return idempotent;
    }

    /** The snapshot to start from, if any. */
    public Optional<String> restoreSnapshotId() {
        return restoreSnapshotId;
    }

    /** Regions to run in, best first; empty means any. */
    public List<String> preferredRegions() {
        return preferredRegions;
    }

    /**
     * The one form of everything that means the same: JSON as RFC 8785 writes it, values normalised, defaults of v1
     * left out. It is itself a valid {@code agent.yaml}, and reading it gives a spec equal to this one.
     */
    public String canonicalJson() {
        return canonicalJson;
    }

    /**
     * The SHA-256 of {@link #canonicalJson()} in UTF-8, with nothing before it, so that {@code sha256sum} of a file
     * that holds the canonical form shows the same digits.
     */
    public Digest digest() {
        return Digest.sha256(canonicalJson.getBytes(StandardCharsets.UTF_8));
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof AgentSpec that && canonicalJson.equals(that.canonicalJson);
    }

    @Override
    public int hashCode() {
        return canonicalJson.hashCode();
    }

    /** Name and digest; never the environment. */
    @Override
    public String toString() {
        return "AgentSpec[" + name + " " + digest() + "]";
    }

    private static SortedMap<String, String> copy(SortedMap<String, String> map) {
        return Collections.unmodifiableSortedMap(new TreeMap<>(map));
    }

    /**
     * Collects a spec. Each method checks its own value at once, so that the stack trace points at the line to fix;
     * {@link #build()} checks what holds between values. One thread at a time.
     */
    public static final class Builder {
        private final String name;
        private final TreeMap<String, String> metadataLabels = new TreeMap<>();
        private @Nullable ImageRef image;
        private Isolation isolation = Isolation.STANDARD;
        private NetworkMode network = NetworkMode.ALLOWLIST_DOMAIN;
        private Limits limits = Limits.none();
        private final List<EgressRule> egressRules = new ArrayList<>();
        private final List<SecretRef> secrets = new ArrayList<>();
        private final List<String> command = new ArrayList<>();
        private final List<String> args = new ArrayList<>();
        private final TreeMap<String, String> env = new TreeMap<>();
        private final TreeMap<String, String> labels = new TreeMap<>();
        private boolean idempotent;
        private Optional<String> restoreSnapshotId = Optional.empty();
        private final List<String> preferredRegions = new ArrayList<>();

        private Builder(String name) {
            this.name = name;
        }

        /** Adds a label that describes the spec; a key given again gets the new value. */
        public Builder metadataLabel(String key, String value) {
            SpecPath path = SpecPath.of("metadata.labels").field(key);
            metadataLabels.put(Labels.checkedKey(path, key), Labels.checkedValue(path, value));
            return this;
        }

        /** Sets the image. Required. */
        public Builder image(ImageRef image) {
            this.image = Objects.requireNonNull(image, "image");
            return this;
        }

        /**
         * Sets the image, as {@code agent.yaml} writes it. Required.
         *
         * @throws InvalidSpecException as {@link ImageRef#parse}
         */
        public Builder image(String reference) {
            return image(ImageRef.parse(reference));
        }

        /** Sets the isolation class. */
        public Builder isolation(Isolation isolation) {
            this.isolation = Objects.requireNonNull(isolation, "isolation");
            return this;
        }

        /** Sets what may be reached. */
        public Builder network(NetworkMode network) {
            this.network = Objects.requireNonNull(network, "network");
            return this;
        }

        /** Replaces the limits. */
        public Builder limits(Limits limits) {
            this.limits = Objects.requireNonNull(limits, "limits");
            return this;
        }

        /** Changes the limits set so far. */
        public Builder limits(UnaryOperator<Limits> change) {
            return limits(change.apply(limits));
        }

        /** Adds an egress rule. */
        public Builder egressRule(EgressRule rule) {
            egressRules.add(Objects.requireNonNull(rule, "rule"));
            return this;
        }

        /** Adds a secret. */
        public Builder secret(SecretRef secret) {
            secrets.add(Objects.requireNonNull(secret, "secret"));
            return this;
        }

        /**
         * Replaces the command.
         *
         * @throws InvalidSpecException for an empty first word or a control character
         */
        public Builder command(List<String> words) {
            SpecRules.command(words);
            return replace(command, words);
        }

        /**
         * Replaces the arguments.
         *
         * @throws InvalidSpecException for a control character
         */
        public Builder args(List<String> words) {
            SpecRules.args(words);
            return replace(args, words);
        }

        /**
         * Sets an environment variable; a name given again gets the new value.
         *
         * @throws InvalidSpecException for a name that is none or begins with LANTERN_, for a control character,
         *     and for a value that is a reference to a secret or has the form of a credential. The message never
         *     shows the value
         */
        public Builder env(String name, String value) {
            SpecPath path = SpecPath.of("spec.env").field(name);
            env.put(Environment.checkedName(path, name), Environment.checkedValue(path, value));
            return this;
        }

        /** Adds a label for what a run creates; a key given again gets the new value. */
        public Builder label(String key, String value) {
            SpecPath path = SpecPath.of("spec.labels").field(key);
            labels.put(Labels.checkedKey(path, key), Labels.checkedValue(path, value));
            return this;
        }

        /** Says whether the whole run may be pre-empted and started anew. */
        public Builder idempotent(boolean idempotent) {
            this.idempotent = idempotent;
            return this;
        }

        /**
         * Sets the snapshot to start from; empty text means none.
         *
         * @throws InvalidSpecException if the id would need escaping in a path or a label
         */
        public Builder restoreSnapshotId(String id) {
            restoreSnapshotId = SpecRules.snapshotId(id);
            return this;
        }

        /**
         * Replaces the preferred regions, best first.
         *
         * @throws InvalidSpecException if one is no label value or stands twice
         */
        public Builder preferredRegions(List<String> regions) {
            SpecRules.regions(regions);
            return replace(preferredRegions, regions);
        }

        /**
         * The spec.
         *
         * @throws InvalidSpecException with every rule between values that is broken
         */
        public AgentSpec build() {
            List<SpecProblem> problems = SpecRules.between(this);
            if (!problems.isEmpty()) {
                throw new InvalidSpecException("agent spec \"" + name + "\"", problems);
            }
            AgentSpec spec = new AgentSpec(this, Objects.requireNonNull(image, "image"));
            SpecRules.size(spec);
            return spec;
        }

        @Nullable ImageRef image() {
            return image;
        }

        NetworkMode network() {
            return network;
        }

        List<EgressRule> egressRules() {
            return egressRules;
        }

        List<SecretRef> secrets() {
            return secrets;
        }

        Map<String, String> env() {
            return env;
        }

        Map<String, String> labels() {
            return labels;
        }

        Map<String, String> metadataLabels() {
            return metadataLabels;
        }

        private Builder replace(List<String> list, Collection<String> words) {
            list.clear();
            list.addAll(words);
            return this;
        }
    }
}
