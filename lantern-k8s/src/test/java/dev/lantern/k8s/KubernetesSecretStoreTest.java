package dev.lantern.k8s;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lantern.secrets.IssuedSecret;
import dev.lantern.secrets.SecretPlace;
import dev.lantern.testkit.kubernetes.FakeKubernetes;
import dev.lantern.testkit.kubernetes.Fault;
import dev.lantern.testkit.kubernetes.RequestMatcher;
import dev.lantern.testkit.kubernetes.SeenRequest;
import dev.lantern.value.LanternException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** On the fake API server, as an account that has the shipped role and no other. */
class KubernetesSecretStoreTest extends KubernetesSecretsContract {
    private static final Duration TTL = Duration.ofMinutes(5);
    private static final Duration WITHIN = Duration.ofSeconds(30);
    private static final RequestMatcher GET = RequestMatcher.any().verb("get");

    private final FakeKubernetes kubernetes = FakeKubernetes.start();

    @Override
    TestApiServer cluster() throws IOException {
        return TestApiServer.of(kubernetes.kubeconfig());
    }

    @Override
    String prefix() {
        return "agents-";
    }

    @Override
    String kubeconfig() {
        kubernetes.addNamespace("hosts");
        for (String tenant : List.of("acme", "umbrella")) {
            for (Manifest manifest : HostRoles.secrets(namespace(tenant), "hosts", "default", "lantern-" + tenant)) {
                kubernetes.create(manifest.object().toString());
            }
        }
        return kubernetes.kubeconfig(kubernetes.token("hosts", "default"));
    }

    @Override
    @AfterEach
    void leave() {
        super.leave();
        kubernetes.close();
    }

    private void create(String name, String more) {
        kubernetes.create("""
                {"apiVersion": "v1", "kind": "Secret",
                 "metadata": {"name": "%s", "namespace": "agents-acme", "labels": {"lantern.dev/vendable": "true"}},
                 "stringData": {"api-key": "canary"} %s}
                """.formatted(name, more));
    }

    @Test
    void one_secret_is_read_by_its_name_and_nothing_is_listed() {
        create("lantern-acme", "");
        kubernetes.forgetRequests();

        IssuedSecret issued = store().issue(PLACE, TTL, WITHIN).orElseThrow();

        assertThat(issued.value().reveal()).asString(UTF_8).isEqualTo("canary");
        assertThat(issued.version()).isPresent();
        assertThat(kubernetes.requests())
                .extracting(SeenRequest::verb, SeenRequest::path)
                .containsExactly(org.assertj.core.groups.Tuple.tuple(
                        "get", "/api/v1/namespaces/agents-acme/secrets/lantern-acme"));
    }

    @Test
    void what_is_not_meant_to_be_given_out_is_empty() {
        Map<String, String> secrets = new LinkedHashMap<>();
        secrets.put("no-label", """
                "metadata": {"name": "lantern-acme"}, "stringData": {"api-key": "canary"}""");
        secrets.put("another-label", """
                "metadata": {"name": "lantern-acme", "labels": {"lantern.dev/vendable": "True"}},
                "stringData": {"api-key": "canary"}""");
        secrets.put("a-token", """
                "metadata": {"name": "lantern-acme", "labels": {"lantern.dev/vendable": "true"}},
                "type": "kubernetes.io/service-account-token", "stringData": {"api-key": "canary"}""");
        secrets.put("no-entry", """
                "metadata": {"name": "lantern-acme", "labels": {"lantern.dev/vendable": "true"}},
                "stringData": {"other": "canary"}""");
        secrets.put("empty-entry", """
                "metadata": {"name": "lantern-acme", "labels": {"lantern.dev/vendable": "true"}},
                "stringData": {"api-key": ""}""");
        secrets.put("no-data", """
                "metadata": {"name": "lantern-acme", "labels": {"lantern.dev/vendable": "true"}}""");

        secrets.forEach((name, secret) -> {
            kubernetes.inject(
                    GET, Fault.body("{\"apiVersion\": \"v1\", \"kind\": \"Secret\", " + persisted(secret) + "}"), 1);
            assertThat(store().issue(PLACE, TTL, WITHIN)).as(name).isEmpty();
        });
        System.out.println("Secrets that are not given out: " + secrets.size());
        assertThat(secrets).hasSizeGreaterThanOrEqualTo(6);
    }

    /** As the API server answers: with the namespace, the type, and texts as base64. */
    private static String persisted(String secret) {
        String typed = secret.contains("\"type\"") ? secret : secret + ", \"type\": \"Opaque\"";
        return typed.replace("\"name\": \"lantern-acme\"", "\"name\": \"lantern-acme\", \"namespace\": \"agents-acme\"")
                .replace("stringData", "data")
                .replace("\"canary\"", "\"Y2FuYXJ5\"");
    }

    @Test
    void secret_that_no_role_names_is_empty_though_it_is_there() throws IOException {
        create("another", "");
        create("lantern-acme", "");
        try (KubernetesSecretStore reaching = KubernetesSecretStore.builder()
                .kubeconfig(Files.writeString(
                        directory.resolve("other"), kubernetes.kubeconfig(kubernetes.token("hosts", "default"))))
                .entryOf(place -> new KubernetesSecretStore.Entry("agents-acme", place.key(), "api-key"))
                .build()) {
            assertThat(reaching.issue(new SecretPlace("acme", "another"), TTL, WITHIN))
                    .isEmpty();
            assertThat(reaching.issue(new SecretPlace("acme", "lantern-acme"), TTL, WITHIN))
                    .isPresent();
            // No Secret can be called that.
            assertThat(reaching.issue(new SecretPlace("acme", "a_b"), TTL, WITHIN))
                    .isEmpty();
        }
    }

    @Test
    void what_passes_is_asked_again() {
        create("lantern-acme", "");
        kubernetes.inject(GET, Fault.status(500), 1);
        assertThat(text(PLACE)).contains("canary");
        kubernetes.inject(GET, Fault.tooManyRequests(Duration.ZERO), 1);
        assertThat(text(PLACE)).contains("canary");
        kubernetes.inject(GET, Fault.cut(), 1);
        assertThat(text(PLACE)).contains("canary");
    }

    @Test
    void each_failure_is_an_exception_within_the_time_and_shows_nothing_of_the_secret() {
        create("lantern-acme", "");
        Map<String, Fault> faults = new LinkedHashMap<>();
        faults.put("a fault of the test: 503", Fault.status(503));
        faults.put("does not accept this host's credentials", Fault.status(401));
        faults.put("no answer within 150 ms", Fault.hold());
        faults.put("the connection broke", Fault.cutAfter(40));
        faults.put("it is no complete JSON", Fault.body("{\"data\": {\"api-key\": \"Y2FuYXJ5\""));
        faults.put("the answer is no JSON object", Fault.body("[\"Y2FuYXJ5\"]"));
        faults.put(
                "is another object than entry api-key",
                Fault.body("{" + persisted("""
                "metadata": {"name": "lantern-acme"}, "stringData": {"api-key": "canary"}""").replace("agents-acme", "other") + "}"));
        faults.put(
                "entry api-key of Secret agents-acme/lantern-acme is no base64",
                Fault.body("{" + persisted("""
                "metadata": {"name": "lantern-acme", "labels": {"lantern.dev/vendable": "true"}},
                "stringData": {"api-key": "%canary%"}""") + "}"));
        faults.put("api-key is no text", Fault.body("{" + persisted("""
                "metadata": {"name": "lantern-acme", "labels": {"lantern.dev/vendable": "true"}},
                "stringData": {"api-key": ["canary"]}""") + "}"));

        faults.forEach((why, fault) -> {
            var injected = kubernetes.inject(GET, fault, 10);
            refused(() -> store().issue(PLACE, TTL, Duration.ofMillis(150)), why);
            injected.remove();
        });
        System.out.println("failures of an API server: " + faults.size());
        assertThat(faults).hasSizeGreaterThanOrEqualTo(9);
        assertThat(text(PLACE)).as("none of them lasts").contains("canary");
    }

    private static void refused(ThrowingCallable call, String why) {
        assertThatThrownBy(call)
                .as(why)
                .isInstanceOf(LanternException.class)
                .hasMessageStartingWith("issuing secret acme/api-key from Kubernetes Secrets at http://127.0.0.1:")
                .hasMessageContaining(why)
                .hasMessageNotContaining("canary")
                .hasMessageNotContaining("Y2FuYXJ5");
    }

    @Test
    void store_over_a_cluster_is_built_as_the_manual_says() throws IOException {
        Path kubeconfig = directory.resolve("config");
        // tag::store[]
        KubernetesSecretStore secrets = KubernetesSecretStore.builder()
                .kubeconfig(kubeconfig) // or .inCluster()
                .namespacePrefix("agents-")
                .build();
        // end::store[]
        create("lantern-acme", "");
        assertThat(secrets.issue(PLACE, TTL, WITHIN)).isPresent();
        secrets.close();
    }

    @Test
    void store_without_a_cluster_or_a_mapping_says_what_it_needs() {
        assertThatThrownBy(() -> KubernetesSecretStore.builder().build())
                .hasMessage("a store of Kubernetes Secrets needs .kubeconfig(file) or .inCluster()");
        assertThatThrownBy(() ->
                        KubernetesSecretStore.builder().kubeconfig(directory).build())
                .hasMessageContaining("needs .namespacePrefix(prefix), .namespace(name)");
    }
}
