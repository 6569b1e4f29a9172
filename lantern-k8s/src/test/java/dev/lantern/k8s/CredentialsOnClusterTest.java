package dev.lantern.k8s;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonObject;
import dev.lantern.k8s.NotIdentified.Reason;
import dev.lantern.substrate.InstanceRef;
import dev.lantern.value.RunRef;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * Tokens that a real cluster issued, where {@code LANTERN_TEST_KUBECONFIG} names one. The pod is bound to a node and its
 * image is nowhere: nothing runs.
 */
@Tag("long")
class CredentialsOnClusterTest {
    private static final InstanceRef ONE = new InstanceRef(new RunRef("acme", "ticket-4711"), 1);
    private static final Duration MINUTE = Duration.ofMinutes(1);

    private final List<NotIdentified> refusals = new ArrayList<>();

    @Test
    void token_is_its_pods_offline_and_by_review_until_the_pod_is_deleted() throws Exception {
        try (TestApiServer cluster = TestApiServer.open("enrolment tokens of a real cluster")) {
            String namespace = cluster.mark() + "-credentials";
            Whereabouts whereabouts = new Whereabouts(cluster.mark() + "-1", TenantNamespaces.single(namespace));
            cluster.make("/api/v1/namespaces", Persisted.json("""
                    {"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": "%s"}}
                    """.formatted(namespace)));
            String accounts = "/api/v1/namespaces/" + namespace + "/serviceaccounts";
            cluster.post(accounts, Persisted.json("""
                    {"apiVersion": "v1", "kind": "ServiceAccount", "metadata": {"name": "lantern-agent"}}
                    """)).made();
            String node = TestApiServer.items(cluster.get("/api/v1/nodes").made())
                    .get(0)
                    .getAsJsonObject("metadata")
                    .get("name")
                    .getAsString();
            String pods = "/api/v1/namespaces/" + namespace + "/pods";
            JsonObject pod = cluster.post(pods, Persisted.json("""
                    {"apiVersion": "v1", "kind": "Pod", "metadata": {"name": "one",
                      "labels": {"lantern.dev/installation": "%s", "lantern.dev/instance": "%s", "lantern.dev/epoch": "1"},
                      "annotations": {"lantern.dev/tenant": "acme", "lantern.dev/run": "ticket-4711"}},
                     "spec": {"nodeName": "%s", "serviceAccountName": "lantern-agent", "automountServiceAccountToken": false,
                      "terminationGracePeriodSeconds": 0,
                      "containers": [{"name": "agent", "image": "lantern.invalid/nowhere:1"}]}}
                    """.formatted(
                            whereabouts.installation(), whereabouts.of(ONE).job(), node)))
                    .made();
            String uid = pod.getAsJsonObject("metadata").get("uid").getAsString();
            String token = token(cluster, accounts, "lantern", uid);
            String other = token(cluster, accounts, "vault", uid);

            Calls calls = new Calls(cluster.server(), InstantSource.system(), new Random(1));
            ClusterKeys keys = new ClusterKeys(calls, Optional.empty(), System::nanoTime);
            List<Credentials> both = List.of(
                    credentials(TokenProof.offline(keys), calls, whereabouts),
                    credentials(TokenProof.review(calls), calls, whereabouts));
            for (Credentials credentials : both) {
                assertThat(identify(credentials, token)).contains(ONE);
                assertThat(identify(credentials, other)).isEmpty();
                assertThat(identify(credentials, token + "A")).isEmpty();
            }
            assertThat(refusals)
                    .extracting(NotIdentified::reason)
                    .containsExactly(Reason.AUDIENCE, Reason.SIGNATURE, Reason.REVIEW, Reason.REVIEW);

            cluster.delete(pods + "/one", Persisted.json("{\"gracePeriodSeconds\": 0}"));
            refusals.clear();
            for (Credentials credentials : both) {
                assertThat(identify(credentials, token)).isEmpty();
            }
            assertThat(refusals)
                    .extracting(NotIdentified::reason)
                    .allMatch(reason -> reason == Reason.POD_GONE || reason == Reason.POD_DELETED)
                    .hasSize(2);
        }
    }

    private static String token(TestApiServer cluster, String accounts, String audience, String uid) {
        JsonObject answer = cluster.post(
                        accounts + "/lantern-agent/token", Persisted.json("""
                        {"apiVersion": "authentication.k8s.io/v1", "kind": "TokenRequest", "spec": {
                          "audiences": ["%s"], "expirationSeconds": 600,
                          "boundObjectRef": {"apiVersion": "v1", "kind": "Pod", "name": "one", "uid": "%s"}}}
                        """.formatted(audience, uid)))
                .made();
        return answer.getAsJsonObject("status").get("token").getAsString();
    }

    private Credentials credentials(TokenProof proof, Calls calls, Whereabouts whereabouts) {
        return new Credentials(
                proof,
                calls,
                whereabouts,
                (instance, uid) -> false,
                refusals::add,
                InstantSource.system(),
                System::nanoTime);
    }

    private static Optional<InstanceRef> identify(Credentials credentials, String token) {
        return credentials.identify(token.getBytes(StandardCharsets.US_ASCII), MINUTE);
    }
}
