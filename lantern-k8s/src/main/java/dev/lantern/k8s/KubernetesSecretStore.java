package dev.lantern.k8s;

import com.google.gson.JsonObject;
import dev.lantern.secrets.IssuedSecret;
import dev.lantern.secrets.SecretMode;
import dev.lantern.secrets.SecretPlace;
import dev.lantern.secrets.SecretStore;
import dev.lantern.secrets.SecretValue;
import dev.lantern.value.LanternException;
import io.kubernetes.client.openapi.ApiClient;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.Base64;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import java.util.random.RandomGenerator;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Secrets from Secret objects of a cluster: each is read by its name when it is asked for, none is listed or watched, and
 * nothing is kept. Thread-safe.
 *
 * <pre>{@code
 * KubernetesSecretStore.builder().inCluster().namespacePrefix("agents-").build()
 * }</pre>
 *
 * <p>Unless {@link Builder#entryOf} says otherwise, the secrets of tenant {@code acme} are the entries of one Secret,
 * {@code lantern-acme}, in the tenant's namespace, and a key is the name of an entry. So a role can name that Secret and no
 * other, and no agent's spec can reach one that was made for something else. A Secret is given out only if it has the label
 * {@code lantern.dev/vendable: "true"} and the type {@code Opaque}: never a service account's token.
 *
 * <p>Values are static. The version is that of the Secret as a whole. A Secret that is absent, forbidden or not to be given
 * out looks the same to the caller; a log line tells the operator which it is.
 */
public final class KubernetesSecretStore implements SecretStore {
    /** The label of Secrets that may be given to agents; its value has to be {@code true}. */
    public static final String VENDABLE = "lantern.dev/vendable";

    private static final Logger LOG = LoggerFactory.getLogger(KubernetesSecretStore.class);
    private static final String TYPE = "Opaque";
    private static final int REMEMBERED = 10_000;

    /** Kept by outcomes for those who reason about freshness; nobody here does. */
    private static final InstantSource NO_CLOCK = InstantSource.fixed(Instant.EPOCH);

    private final ApiClient client;
    private final String name;
    private final Calls calls;
    private final Function<SecretPlace, Entry> entries;
    private final Map<String, String> absences = new ConcurrentSkipListMap<>();
    private volatile boolean closed;

    private KubernetesSecretStore(ApiClient client, Function<SecretPlace, Entry> entries) {
        this.client = client;
        this.entries = entries;
        ApiServer server = new ApiServer(client);
        this.name = "Kubernetes Secrets at " + server.address();
        this.calls = new Calls(server, NO_CLOCK, spread());
    }

    /** Pauses that differ between hosts that failed together are all that it is for, and no secret. */
    private static RandomGenerator spread() {
        return () -> System.nanoTime() * 0x9E3779B97F4A7C15L;
    }

    /**
     * Where a value stands.
     *
     * @param namespace of the Secret
     * @param secret its name
     * @param key of the entry in its {@code data}
     */
    public record Entry(String namespace, String secret, String key) {
        private static final Pattern SECRET = Pattern.compile("[a-z0-9](?:[a-z0-9.-]{0,251}[a-z0-9])?");
        private static final Pattern KEY = Pattern.compile("[A-Za-z0-9._-]{1,253}");

        /** @throws LanternException if nothing in a cluster can be called that */
        public Entry {
            NamespaceName.checked(namespace, "the namespace of a Secret");
            if (!SECRET.matcher(secret).matches() || secret.contains("..")) {
                throw new LanternException("a Secret would be called " + Shown.quoted(secret)
                        + "; allowed are 1 to 253 of a-z 0-9 . -, with a letter or a digit at both ends; such a tenant"
                        + " needs a mapping of its own, entryOf(…)");
            }
            if (!KEY.matcher(key).matches()) {
                throw new LanternException("an entry of Secret " + namespace + "/" + secret + " would be called "
                        + Shown.quoted(key) + "; allowed are 1 to 253 of A-Z a-z 0-9 . _ -");
            }
        }

        @Override
        public String toString() {
            return "entry " + key + " of Secret " + namespace + "/" + secret;
        }
    }

    /** One that knows nothing yet. */
    public static Builder builder() {
        return new Builder();
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public Optional<IssuedSecret> issue(SecretPlace place, Duration ttl, Duration within) {
        String attempt = begin("issuing", place, within);
        Entry entry;
        try {
            entry = entries.apply(place);
        } catch (LanternException noName) {
            return absent(place, noName.getMessage());
        }
        Rule rule = Rule.namespace(entry.namespace(), "", "secrets", "get");
        Get get = Get.of("/api/v1/namespaces/" + entry.namespace() + "/secrets/" + entry.secret(), rule);
        Result result = calls.read(get, entry.secret(), within);
        if (result instanceof Result.Gone) {
            return absent(place, entry + ": there is no such Secret");
        }
        if (result instanceof Result.Refused refused && refused.code() == 403) {
            return absent(place, entry + ": " + refused.why());
        }
        if (!(result instanceof Done done)) {
            throw new LanternException(attempt + why(result));
        }
        try {
            return read(place, entry, ttl, done.tree());
        } catch (UnreadableException e) {
            throw new LanternException(attempt + Why.unreadable(e.getMessage()));
        }
    }

    private static String why(Result result) {
        if (result instanceof Result.Refused refused) {
            return refused.why();
        }
        return result instanceof Result.Unknown unknown ? unknown.why() : result.toString();
    }

    private Optional<IssuedSecret> read(SecretPlace place, Entry entry, Duration ttl, JsonObject object)
            throws UnreadableException {
        View secret = new View(object, "Secret " + entry.namespace() + "/" + entry.secret());
        View metadata = secret.child("metadata");
        if (!metadata.text("name").equals(entry.secret())
                || !metadata.text("namespace").equals(entry.namespace())) {
            throw new UnreadableException("the answer is another object than " + entry);
        }
        if (!"true".equals(metadata.textsByName("labels").get(VENDABLE))) {
            return absent(place, entry + ": the Secret is not labelled " + VENDABLE + ": \"true\"");
        }
        String type = secret.optionalText("type").orElse("");
        if (!type.equals(TYPE)) {
            return absent(
                    place,
                    entry + ": the Secret is of type " + Refusals.oneLine(type) + ", and only " + TYPE
                            + " is given out");
        }
        String encoded = secret.child("data").optionalText(entry.key()).orElse("");
        if (encoded.isEmpty()) {
            return absent(place, entry + ": the Secret has no such entry, or an empty one");
        }
        absences.remove(place.toString());
        return Optional.of(new IssuedSecret(
                value(encoded, entry),
                SecretMode.STATIC,
                Optional.empty(),
                ttl,
                metadata.optionalText("resourceVersion")));
    }

    private static SecretValue value(String encoded, Entry entry) throws UnreadableException {
        byte[] bytes;
        try {
            bytes = Base64.getDecoder().decode(encoded);
        } catch (IllegalArgumentException e) {
            // Its message shows a character of the value.
            throw new UnreadableException(entry + " is no base64");
        }
        try {
            return SecretValue.of(bytes);
        } finally {
            Arrays.fill(bytes, (byte) 0);
        }
    }

    /** Told once of each place, until it is for another reason. */
    private Optional<IssuedSecret> absent(SecretPlace place, String why) {
        if (absences.size() >= REMEMBERED) {
            absences.clear();
        }
        if (!why.equals(absences.put(place.toString(), why))) {
            LOG.warn("No secret {} from {}: {}", place, name, why);
        }
        return Optional.empty();
    }

    /** Empty: a value of a Secret has no end. */
    @Override
    public Optional<Duration> renew(SecretPlace place, String handle, Duration ttl, Duration within) {
        begin("renewing", place, within);
        return Optional.empty();
    }

    /** Nothing: it issues no handles. */
    @Override
    public void revoke(SecretPlace place, String handle, Duration within) {
        begin("revoking", place, within);
    }

    @Override
    public void close() {
        closed = true;
        ClusterAccess.disconnect(client);
    }

    @Override
    public String toString() {
        return "KubernetesSecretStore[" + name + "]";
    }

    private String begin(String verb, SecretPlace place, Duration within) {
        String attempt = verb + " secret " + place + " from " + name + ": ";
        if (closed) {
            throw new LanternException(attempt + "the store is closed; open another");
        }
        if (within.isZero() || within.isNegative()) {
            throw new LanternException(attempt + "no time was given (" + within + "); nothing was asked");
        }
        if (Thread.currentThread().isInterrupted()) {
            throw new LanternException(attempt + "the thread is interrupted; nothing was asked");
        }
        return attempt;
    }

    /** Says where the cluster is and which Secret is whose. One thread. */
    public static final class Builder {
        private @Nullable ClusterAccess access;
        private @Nullable Function<SecretPlace, Entry> entries;

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

        /** Every tenant's Secret is in this namespace: {@code lantern-<tenant>}. */
        public Builder namespace(String namespace) {
            return in(TenantNamespaces.single(namespace));
        }

        /** Each tenant's Secret is in the namespace of that prefix and the tenant's name: {@code lantern-<tenant>}. */
        public Builder namespacePrefix(String prefix) {
            return in(TenantNamespaces.prefixed(prefix));
        }

        /** Each tenant's Secret is in the namespace that this says: {@code lantern-<tenant>}. */
        public Builder namespaceOf(UnaryOperator<String> mapping) {
            return in(Objects.requireNonNull(mapping, "mapping")::apply);
        }

        private Builder in(TenantNamespaces namespaces) {
            return entryOf(place ->
                    new Entry(namespaces.namespaceOf(place.tenant()), "lantern-" + place.tenant(), place.key()));
        }

        /**
         * Where each secret stands. Two tenants never share an entry, and what agents' specs name as a key must not become
         * the name of a Secret that they are not meant to have.
         */
        public Builder entryOf(Function<SecretPlace, Entry> mapping) {
            entries = Objects.requireNonNull(mapping, "mapping");
            return this;
        }

        /**
         * The store. The cluster need not answer for that.
         *
         * @throws LanternException if something is missing, or the cluster's address cannot be read
         */
        public KubernetesSecretStore build() {
            if (access == null || entries == null) {
                throw new LanternException("a store of Kubernetes Secrets needs "
                        + (access == null
                                ? ".kubeconfig(file) or .inCluster()"
                                : ".namespacePrefix(prefix), .namespace(name),"
                                        + " .namespaceOf(mapping) or .entryOf(mapping)"));
            }
            return new KubernetesSecretStore(access.connect(), entries);
        }
    }
}
