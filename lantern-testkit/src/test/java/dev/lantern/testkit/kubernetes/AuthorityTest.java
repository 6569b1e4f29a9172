package dev.lantern.testkit.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.security.KeyFactory;
import java.security.PublicKey;
import java.security.Signature;
import java.security.spec.RSAPublicKeySpec;
import java.time.Duration;
import java.util.Base64;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Who asks, and what they may. */
class AuthorityTest {
    private static final String PODS = "/api/v1/namespaces/default/pods";
    private static final String TOKEN = "/api/v1/namespaces/default/serviceaccounts/default/token";
    private static final String REVIEW = "/apis/authentication.k8s.io/v1/tokenreviews";

    private final FakeKubernetes kubernetes = FakeKubernetes.start();
    private final Client client = Client.of(kubernetes);

    @AfterEach
    void close() {
        kubernetes.close();
    }

    @Test
    void unknown_token_is_unauthorized_and_the_version_is_public() {
        Client stranger = client.as("nobody");

        assertThat(stranger.get(PODS).code()).isEqualTo(401);
        assertThat(stranger.get(PODS).at("/reason")).isEqualTo("Unauthorized");
        assertThat(stranger.get("/version").at("/gitVersion")).isEqualTo("v1.36.0");
        assertThat(stranger.get("/readyz").text()).isEqualTo("ok");
    }

    @Test
    void forbidden_request_is_worded_as_kubernetes_words_it() {
        kubernetes.forbid(RequestMatcher.any().verb("list", "get"));

        Client.Answer list = client.get("/api/v1/nodes");
        Client.Answer get = client.get("/api/v1/namespaces/default/pods/one/log");

        assertThat(list.code()).isEqualTo(403);
        assertThat(list.at("/message"))
                .isEqualTo("nodes is forbidden: User \"kubernetes-admin\" cannot list resource \"nodes\" in API group"
                        + " \"\" at the cluster scope");
        assertThat(list.json().path("details")).isEqualTo(Client.json("{\"kind\":\"nodes\"}"));
        assertThat(get.at("/message"))
                .isEqualTo(
                        "pods \"one\" is forbidden: User \"kubernetes-admin\" cannot get resource \"pods/log\" in API"
                                + " group \"\" in the namespace \"default\"");
        kubernetes.forbidNothing();
        assertThat(client.get("/api/v1/nodes").code()).isEqualTo(200);
    }

    @Test
    void service_account_may_what_roles_grant_it() {
        kubernetes.create(role("Role", "reader", "['pods','pods/log']"));
        kubernetes.create(binding("RoleBinding", "reader", "Role"));
        Client account = client.as(kubernetes.token("default", "default"));

        assertThat(account.get(PODS).code()).isEqualTo(200);
        assertThat(account.get(PODS + "/one").code()).isEqualTo(404);
        assertThat(account.get("/api/v1/pods").code()).isEqualTo(403);
        assertThat(account.post(PODS, Manifests.pod("one", "")).at("/message"))
                .startsWith("pods is forbidden: User \"system:serviceaccount:default:default\" cannot create");
        assertThat(account.get("/apis/batch/v1/namespaces/default/jobs").code()).isEqualTo(403);
        assertThat(account.get("/apis").code()).isEqualTo(200);
    }

    @Test
    void access_reviews_say_what_the_authorizer_does() {
        kubernetes.forbid(RequestMatcher.any().verb("list").resource("nodes"));
        String path = "/apis/authorization.k8s.io/v1/selfsubjectaccessreviews";

        assertThat(client.post(path, access("list", "nodes"))
                        .json()
                        .at("/status/allowed")
                        .asBoolean())
                .isFalse();
        assertThat(client.post(path, access("get", "nodes"))
                        .json()
                        .at("/status/allowed")
                        .asBoolean())
                .isTrue();
        JsonNode rules = client.post(
                        "/apis/authorization.k8s.io/v1/selfsubjectrulesreviews",
                        "{\"spec\":{\"namespace\":\"default\"}}")
                .json()
                .at("/status/resourceRules");
        assertThat(Trees.objects(rules)
                        .filter(rule -> rule.at("/resources/0").asText().equals("nodes")))
                .singleElement()
                .satisfies(rule -> assertThat(rule.path("verbs").toString())
                        .contains("\"get\"")
                        .doesNotContain("\"list\""));
    }

    @Test
    void token_of_a_pod_verifies_offline_against_the_published_keys() throws Exception {
        String uid = client.post(PODS, Manifests.pod("one", "")).at("/metadata/uid");
        String token = token(uid);
        String[] parts = token.split("\\.");
        JsonNode key = client.get("/openid/v1/jwks").json().at("/keys/0");

        Signature signature = Signature.getInstance("SHA256withRSA");
        signature.initVerify(rsa(key));
        signature.update((parts[0] + "." + parts[1]).getBytes(StandardCharsets.US_ASCII));

        assertThat(signature.verify(Base64.getUrlDecoder().decode(parts[2]))).isTrue();
        JsonNode claims = Client.json(new String(Base64.getUrlDecoder().decode(parts[1]), StandardCharsets.UTF_8));
        assertThat(claims.path("aud")).isEqualTo(Client.json("[\"lantern\"]"));
        assertThat(claims.path("sub").asText()).isEqualTo("system:serviceaccount:default:default");
        assertThat(claims.at("/kubernetes.io/pod/uid").asText()).isEqualTo(uid);
    }

    @Test
    void token_review_names_the_pod_and_asks_for_the_audience() {
        kubernetes.addNode("n1");
        String uid = client.post(PODS, Manifests.pod("one", "")).at("/metadata/uid");
        kubernetes.settle();
        String token = kubernetes.pod("default", "one").token("lantern");

        JsonNode good = review(token, "lantern");
        JsonNode other = review(token, "another");

        assertThat(good.path("authenticated").asBoolean()).isTrue();
        assertThat(good.at("/user/extra/authentication.kubernetes.io~1pod-uid/0")
                        .asText())
                .isEqualTo(uid);
        assertThat(good.at("/user/extra/authentication.kubernetes.io~1node-name/0")
                        .asText())
                .isEqualTo("n1");
        assertThat(other.path("authenticated").asBoolean()).isFalse();
        assertThat(review(token + "x", "lantern").path("authenticated").asBoolean())
                .isFalse();
    }

    @Test
    void review_says_yes_for_a_moment_after_its_pod_is_gone() {
        String uid = client.post(PODS, Manifests.pod("one", "")).at("/metadata/uid");
        String token = token(uid);
        assertThat(review(token, "lantern").path("authenticated").asBoolean()).isTrue();

        client.delete(PODS + "/one", "");
        kubernetes.advance(Duration.ofSeconds(9));
        assertThat(review(token, "lantern").path("authenticated").asBoolean()).isTrue();
        kubernetes.advance(Duration.ofSeconds(1));
        assertThat(review(token, "lantern").path("authenticated").asBoolean()).isFalse();
    }

    @Test
    void token_expires_by_the_clusters_clock() {
        String token = kubernetes.token("default", "default");
        assertThat(client.as(token).get(PODS).code()).isEqualTo(403);

        kubernetes.advance(Duration.ofHours(1));

        assertThat(client.as(token).get(PODS).code()).isEqualTo(401);
    }

    @Test
    void keys_are_no_mere_json() {
        Client.Answer keys = client.get("/openid/v1/jwks");
        assertThat(keys.header("Content-Type")).isEqualTo("application/jwk-set+json");
        assertThat(client.get("/openid/v1/jwks", "application/json").code()).isEqualTo(406);
        assertThat(client.get("/openid/v1/jwks", "application/jwk-set+json, application/json")
                        .code())
                .isEqualTo(200);
    }

    @Test
    void discovery_lists_groups_resources_and_subresources() {
        assertThat(client.get("/api").at("/versions/0")).isEqualTo("v1");
        assertThat(client.get("/apis").text())
                .contains("admissionregistration.k8s.io", "batch", "networking.k8s.io", "node.k8s.io");
        assertThat(client.get("/api/v1").text()).contains("\"name\":\"pods/eviction\"", "\"shortNames\":[\"po\"]");
        assertThat(client.get("/apis/batch/v1").at("/resources/0/kind")).isEqualTo("Job");
        assertThat(client.get("/apis/node.k8s.io").at("/preferredVersion/groupVersion"))
                .isEqualTo("node.k8s.io/v1");
        assertThat(client.get("/.well-known/openid-configuration").at("/issuer"))
                .isEqualTo(Tokens.ISSUER);
    }

    private String token(String podUid) {
        Client.Answer answer = client.post(
                TOKEN,
                ("{'spec':{'audiences':['lantern'],'expirationSeconds':600,'boundObjectRef':{'kind':'Pod','apiVersion':'v1','name':'one','uid':'"
                                + podUid + "'}}}")
                        .replace('\'', '"'));
        assertThat(answer.code()).as(answer.text()).isEqualTo(201);
        return answer.at("/status/token");
    }

    private JsonNode review(String token, String audience) {
        return client.post(REVIEW, "{\"spec\":{\"token\":\"" + token + "\",\"audiences\":[\"" + audience + "\"]}}")
                .json()
                .path("status");
    }

    private static PublicKey rsa(JsonNode key) throws Exception {
        return KeyFactory.getInstance("RSA")
                .generatePublic(new RSAPublicKeySpec(number(key.path("n")), number(key.path("e"))));
    }

    private static BigInteger number(JsonNode text) {
        return new BigInteger(1, Base64.getUrlDecoder().decode(text.asText()));
    }

    private static String access(String verb, String resource) {
        return "{\"spec\":{\"resourceAttributes\":{\"verb\":\"" + verb + "\",\"resource\":\"" + resource + "\"}}}";
    }

    static String role(String kind, String name, String resources) {
        return ("{'apiVersion':'rbac.authorization.k8s.io/v1','kind':'" + kind + "','metadata':{'name':'" + name
                        + "'},'rules':[{'apiGroups':[''],'resources':" + resources + ",'verbs':['get','list']}]}")
                .replace('\'', '"');
    }

    static String binding(String kind, String name, String role) {
        return ("{'apiVersion':'rbac.authorization.k8s.io/v1','kind':'" + kind + "','metadata':{'name':'" + name
                        + "'},'subjects':[{'kind':'ServiceAccount','name':'default','namespace':'default'}],"
                        + "'roleRef':{'apiGroup':'rbac.authorization.k8s.io','kind':'" + role + "','name':'" + name
                        + "'}}")
                .replace('\'', '"');
    }
}
