package dev.lantern.k8s;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import dev.lantern.k8s.NotIdentified.Reason;
import dev.lantern.substrate.InstanceRef;
import dev.lantern.testkit.kubernetes.FakeKubernetes;
import dev.lantern.testkit.kubernetes.FakePod;
import dev.lantern.testkit.kubernetes.Fault;
import dev.lantern.testkit.kubernetes.Injection;
import dev.lantern.testkit.kubernetes.RequestMatcher;
import dev.lantern.value.LanternException;
import dev.lantern.value.RunRef;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A token is an instance's or nobody's; why it is nobody's is told to the operator, each cause by its own name. */
class CredentialsTest {
    private static final String INSTALLATION = "6f1c9d2e-8a47-4b5e-9c3d-0e2f4a6b8c1d";
    private static final Whereabouts WHEREABOUTS =
            new Whereabouts(INSTALLATION, TenantNamespaces.single("lantern-agents"));
    private static final InstanceRef ONE = instance(1);
    private static final RequestMatcher KEYS = RequestMatcher.any().path("/openid/v1/jwks");
    private static final RequestMatcher ISSUER = RequestMatcher.any().path("/.well-known/openid-configuration");
    private static final RequestMatcher PODS = RequestMatcher.any().verb("get").resource("pods");
    private static final RequestMatcher REVIEWS = RequestMatcher.any().resource("tokenreviews.authentication.k8s.io");
    private static final SignedTokens MINE = SignedTokens.rsa("mine", 2048);

    private final AtomicLong nanos = new AtomicLong();
    private final List<NotIdentified> refusals = new ArrayList<>();
    private final Set<String> seen = new HashSet<>();
    private FakeKubernetes kubernetes;
    private Calls calls;
    private Credentials credentials;

    @BeforeEach
    void start() {
        kubernetes = FakeKubernetes.start();
        kubernetes.addNode("n1");
        for (String namespace : List.of("lantern-agents", "elsewhere")) {
            kubernetes.addNamespace(namespace);
            kubernetes.create("{\"apiVersion\": \"v1\", \"kind\": \"ServiceAccount\", \"metadata\": {\"namespace\": \""
                    + namespace + "\", \"name\": \"lantern-agent\"}}");
        }
        calls = new Calls(
                new ApiServer(Clusters.client(kubernetes.kubeconfig())), InstantSource.system(), new Random(1));
        credentials = credentials(TokenProof.offline(new ClusterKeys(calls, Optional.empty(), nanos::get)));
    }

    @AfterEach
    void stop() {
        kubernetes.close();
    }

    // -- who it is

    @Test
    void token_of_a_pod_is_its_instances() {
        FakePod one = pod(ONE, "one");
        FakePod two = pod(instance(2), "two");

        assertThat(identify(one.token("lantern"))).contains(ONE);
        assertThat(identify(two.token("lantern"))).contains(instance(2));
        assertThat(refusals).isEmpty();
        assertThat(kubernetes.count(REVIEWS)).isZero();
    }

    @Test
    void token_that_was_good_costs_no_request_while_its_pod_is_seen() {
        FakePod one = pod(ONE, "one");
        String token = one.token("lantern");
        assertThat(identify(token)).contains(ONE);
        seen.add(uid(one));
        kubernetes.forgetRequests();

        for (int i = 0; i < 100; i++) {
            assertThat(identify(token)).contains(ONE);
        }
        kubernetes.advance(Duration.ofMinutes(8));
        assertThat(identify(one.token("lantern"))).as("renewed").contains(ONE);
        assertThat(kubernetes.requests()).isEmpty();
    }

    @Test
    void token_of_a_pod_that_is_deleted_is_dead_at_once() {
        FakePod one = pod(ONE, "one");
        String token = one.token("lantern");
        seen.add(uid(one));
        assertThat(identify(token)).contains(ONE);
        one.ignoreTermination();
        delete("one");
        seen.clear();

        refused(token, Reason.POD_DELETED);
        kubernetes.advance(Duration.ofMinutes(2));
        assertThat(kubernetes.find("pods", "lantern-agents", "one")).isEmpty();
        kubernetes.forgetRequests();
        refused(token, Reason.POD_DELETED);
        assertThat(kubernetes.count(PODS)).as("known to be gone").isZero();
    }

    @Test
    void token_of_a_pod_that_is_gone_is_not_its_successors() {
        String token = pod(ONE, "one").token("lantern");
        String unused = pod(instance(2), "two").token("lantern");
        delete("one");
        delete("two");
        kubernetes.advance(Duration.ofMinutes(2));
        pod(ONE, "one");

        refused(token, Reason.POD_OTHER);
        refused(unused, Reason.POD_GONE);
    }

    @Test
    void token_that_was_good_expires() {
        FakePod one = pod(ONE, "one");
        String token = one.token("lantern");
        seen.add(uid(one));
        assertThat(identify(token)).contains(ONE);

        kubernetes.advance(Duration.ofHours(1).plus(PodClaims.LEEWAY).minusSeconds(1));
        assertThat(identify(token)).contains(ONE);
        kubernetes.advance(Duration.ofSeconds(1));
        refused(token, Reason.EXPIRED);
    }

    @Test
    void pod_of_somebody_else_is_nobody() {
        kubernetes.create(podJson(ONE, "one", "lantern-agents").replace(INSTALLATION, "another-installation"));
        kubernetes.create(podJson(ONE, "relabelled", "lantern-agents")
                .replace("\"lantern.dev/epoch\": \"1\"", "\"lantern.dev/epoch\": \"2\""));
        kubernetes.create(podJson(ONE, "one", "elsewhere"));
        kubernetes.create(podJson(ONE, "account", "lantern-agents").replace("lantern-agent\"", "default\""));
        kubernetes.settle();

        refused(kubernetes.pod("lantern-agents", "one").token("lantern"), Reason.FOREIGN);
        refused(kubernetes.pod("lantern-agents", "relabelled").token("lantern"), Reason.FOREIGN);
        refused(kubernetes.pod("elsewhere", "one").token("lantern"), Reason.FOREIGN);
        refused(kubernetes.pod("lantern-agents", "account").token("lantern"), Reason.ACCOUNT);
    }

    @Test
    void token_that_is_bound_to_no_pod_or_for_the_api_server_is_nobodys() {
        FakePod one = pod(ONE, "one");

        refused(kubernetes.token("lantern-agents", "lantern-agent"), Reason.AUDIENCE);
        refused(one.token("https://kubernetes.default.svc.cluster.local"), Reason.AUDIENCE);
        refused(one.token("vault"), Reason.AUDIENCE);
        refused(kubernetes.token(), Reason.FORM);
    }

    // -- what is forged, signed well where it matters

    @Test
    void every_forgery_is_refused_for_its_own_reason() {
        FakePod one = pod(ONE, "one");
        JsonObject good = claims(one);
        SignedTokens other = SignedTokens.rsa("mine", 2048);
        kubernetes.inject(KEYS, Fault.body(SignedTokens.set(MINE)));
        assertThat(identify(MINE.token(good)))
                .as("signed by the key of the cluster")
                .contains(ONE);
        long now = good.get("iat").getAsLong();

        Map<String, Map.Entry<String, Reason>> cases = new LinkedHashMap<>();
        // 13: algorithms and keys
        String body = good.toString();
        add(cases, "alg none", unsigned("{\"alg\":\"none\",\"kid\":\"mine\"}", body), Reason.FORM);
        add(cases, "alg none, signed", header("{\"alg\":\"none\",\"kid\":\"mine\"}", body), Reason.ALGORITHM);
        add(cases, "HMAC with the public key", hmac(body), Reason.ALGORITHM);
        for (String alg : List.of("rs256", "RS384", "PS256", "ES256K", "EdDSA", "HS256", "None", "")) {
            add(cases, "alg " + alg, header("{\"alg\":\"" + alg + "\",\"kid\":\"mine\"}", body), Reason.ALGORITHM);
        }
        add(cases, "alg of another key", header("{\"alg\":\"ES256\",\"kid\":\"mine\"}", body), Reason.ALGORITHM);
        add(cases, "no alg", header("{\"kid\":\"mine\"}", body), Reason.HEADER);
        add(cases, "alg a list", header("{\"alg\":[\"RS256\"],\"kid\":\"mine\"}", body), Reason.HEADER);
        add(cases, "no kid", header("{\"alg\":\"RS256\"}", body), Reason.HEADER);
        add(cases, "empty kid", header("{\"alg\":\"RS256\",\"kid\":\"\"}", body), Reason.HEADER);
        add(cases, "long kid", header("{\"alg\":\"RS256\",\"kid\":\"" + "k".repeat(257) + "\"}", body), Reason.HEADER);
        add(cases, "unknown kid", header("{\"alg\":\"RS256\",\"kid\":\"../mine\"}", body), Reason.KEY);
        add(
                cases,
                "another typ",
                header("{\"alg\":\"RS256\",\"kid\":\"mine\",\"typ\":\"wit+jwt\"}", body),
                Reason.HEADER);
        for (String member : List.of(
                "\"jwk\":" + other.jwk(),
                "\"jku\":\"https://evil.example/jwks\"",
                "\"x5u\":\"https://evil.example/cert\"",
                "\"x5c\":[\"MII\"]",
                "\"crit\":[\"exp\"]",
                "\"b64\":false",
                "\"cty\":\"JWT\"",
                "\"zip\":\"DEF\"",
                "\"Alg\":\"none\"")) {
            add(
                    cases,
                    member.substring(0, 6),
                    other.token("{\"alg\":\"RS256\",\"kid\":\"mine\"," + member + "}", body),
                    Reason.HEADER);
        }
        add(cases, "another key of that id", other.token(good), Reason.SIGNATURE);
        add(
                cases,
                "another body",
                MINE.token(good).replaceFirst("\\.[^.]+\\.", "." + SignedTokens.part(body + " ") + "."),
                Reason.SIGNATURE);
        add(cases, "short signature", MINE.token(good).replaceFirst("\\.[^.]+$", ".AAAA"), Reason.SIGNATURE);
        // 14: times
        for (String name : List.of("exp", "nbf", "iat")) {
            for (String value : List.of(
                    "null",
                    "\"" + now + "\"",
                    now + ".5",
                    now + ".0",
                    "1e9",
                    "-1",
                    "0",
                    "01",
                    "99999999999999999999",
                    "true",
                    "[" + now + "]")) {
                Reason reason = value.equals("01") ? Reason.FORM : Reason.TIMES;
                add(cases, name + " " + value, raw(body, name, value), reason);
            }
            add(cases, "no " + name, MINE.token(with(good, claims -> claims.remove(name))), Reason.TIMES);
        }
        add(cases, "expired", MINE.token(times(good, now - 700, now - 700, now - 10)), Reason.EXPIRED);
        add(cases, "not yet", MINE.token(times(good, now, now + 11, now + 600)), Reason.NOT_YET);
        add(cases, "issued later", MINE.token(times(good, now + 11, now, now + 600)), Reason.NOT_YET);
        add(cases, "long life", MINE.token(times(good, now, now, now + 3601)), Reason.TIMES);
        add(cases, "ends before it begins", MINE.token(times(good, now + 5, now, now + 4)), Reason.TIMES);
        // 14: form
        add(cases, "empty", "", Reason.SIZE);
        add(
                cases,
                "oversized",
                MINE.token(with(good, claims -> claims.addProperty("x", "y".repeat(8000)))),
                Reason.SIZE);
        String token = MINE.token(good);
        for (String form : List.of(
                "trailing text:" + token + "x!",
                "trailing line:" + token + "\n",
                "trailing part:" + token + ".e30",
                "two parts:" + token.replaceFirst("\\.[^.]+$", ""),
                "padded:" + token + "=",
                "blank:" + " " + token,
                "bearer:" + "Bearer " + token,
                "standard base64:" + token.replace('-', '+').replace('_', '/') + "+",
                "not ASCII:" + token + "\u00e9")) {
            add(cases, form.substring(0, form.indexOf(':')), form.substring(form.indexOf(':') + 1), Reason.FORM);
        }
        add(cases, "non-canonical base64", nonCanonical(token), Reason.FORM);
        add(cases, "member twice", MINE.token(header(), "{\"aud\":[\"vault\"]," + body.substring(1)), Reason.FORM);
        add(
                cases,
                "member twice, inside",
                MINE.token(header(), body.replace("\"pod\":{", "\"pod\":{\"uid\":\"x\",")),
                Reason.FORM);
        add(
                cases,
                "member twice, escaped",
                MINE.token(header(), "{\"\\u0061ud\":[\"vault\"]," + body.substring(1)),
                Reason.FORM);
        add(cases, "header twice", MINE.token("{\"alg\":\"none\"," + header().substring(1), body), Reason.FORM);
        add(cases, "text behind the body", MINE.token(header(), body + "{}"), Reason.FORM);
        add(cases, "comment", MINE.token(header(), body + "//"), Reason.FORM);
        add(cases, "single quotes", MINE.token(header(), body.replace('"', '\'')), Reason.FORM);
        add(
                cases,
                "deep",
                MINE.token(header(), body.replaceFirst("\\{", "{\"x\":" + "[".repeat(40) + "]".repeat(40) + ",")),
                Reason.FORM);
        add(cases, "a list", MINE.token(header(), "[" + body + "]"), Reason.FORM);
        add(cases, "BOM", MINE.token(header(), "\ufeff" + body), Reason.FORM);
        // 15: for whom, of whom
        for (String audience : List.of(
                "[]", "[\"vault\"]", "[\"lantern\",\"vault\"]", "\"Lantern\"", "null", "[[\"lantern\"]]", "{}")) {
            add(
                    cases,
                    "audience " + audience,
                    MINE.token(with(good, claims -> claims.add("aud", JsonParser.parseString(audience)))),
                    Reason.AUDIENCE);
        }
        add(cases, "no audience", MINE.token(with(good, claims -> claims.remove("aud"))), Reason.AUDIENCE);
        add(
                cases,
                "issuer",
                MINE.token(with(good, claims -> claims.addProperty("iss", "https://evil.example"))),
                Reason.ISSUER);
        add(cases, "no issuer", MINE.token(with(good, claims -> claims.remove("iss"))), Reason.ISSUER);
        add(cases, "account", MINE.token(bound(good, "serviceaccount", "name", "default")), Reason.ACCOUNT);
        add(
                cases,
                "subject",
                MINE.token(with(
                        good, claims -> claims.addProperty("sub", "system:serviceaccount:lantern-agents:default"))),
                Reason.ACCOUNT);
        add(
                cases,
                "namespace",
                MINE.token(with(good, claims -> {
                    claims.getAsJsonObject("kubernetes.io").addProperty("namespace", "elsewhere");
                    claims.addProperty("sub", "system:serviceaccount:elsewhere:lantern-agent");
                })),
                Reason.POD_GONE);
        add(
                cases,
                "namespace of another subject",
                MINE.token(with(
                        good, claims -> claims.getAsJsonObject("kubernetes.io").addProperty("namespace", "elsewhere"))),
                Reason.ACCOUNT);
        add(cases, "pod", MINE.token(bound(good, "pod", "name", "two")), Reason.POD_GONE);
        add(cases, "pod with a path", MINE.token(bound(good, "pod", "name", "one/../two")), Reason.UNBOUND);
        add(
                cases,
                "UID",
                MINE.token(bound(good, "pod", "uid", "00000000-0000-4000-8000-000000000000")),
                Reason.POD_OTHER);
        add(cases, "node", MINE.token(bound(good, "node", "name", "n2")), Reason.NODE);
        for (String member : List.of("pod", "node", "serviceaccount", "namespace")) {
            add(
                    cases,
                    "no " + member,
                    MINE.token(with(
                            good,
                            claims -> claims.getAsJsonObject("kubernetes.io").remove(member))),
                    Reason.UNBOUND);
        }
        add(cases, "not bound", MINE.token(with(good, claims -> claims.remove("kubernetes.io"))), Reason.UNBOUND);

        cases.forEach((what, expected) -> {
            nanos.addAndGet(Duration.ofSeconds(6).toNanos());
            refusals.clear();
            assertThat(identify(expected.getKey())).as(what).isEmpty();
            assertThat(refusals).as(what).extracting(NotIdentified::reason).containsExactly(expected.getValue());
            assertThat(refusals.get(0).getMessage())
                    .as(what)
                    .matches("[ -~]+")
                    .doesNotContain(expected.getKey().isEmpty() ? "\n" : expected.getKey());
        });
        assertThat(cases.size()).isGreaterThanOrEqualTo(100);
        assertThat(identify(MINE.token(good)))
                .as("none of it harmed the good one")
                .contains(ONE);
    }

    @Test
    void small_clock_differences_and_an_audience_that_is_a_text_are_tolerated() {
        JsonObject good = claims(pod(ONE, "one"));
        kubernetes.inject(KEYS, Fault.body(SignedTokens.set(MINE)));
        long now = good.get("iat").getAsLong();

        assertThat(identify(MINE.token(times(good, now + 10, now + 10, now + 600))))
                .contains(ONE);
        assertThat(identify(MINE.token(times(good, now - 600, now - 600, now - 9))))
                .contains(ONE);
        assertThat(identify(MINE.token(with(good, claims -> claims.addProperty("aud", "lantern")))))
                .contains(ONE);
    }

    @Test
    void es256_is_accepted_and_no_zeros_pass_for_a_signature() {
        SignedTokens curve = SignedTokens.p256("curve");
        JsonObject good = claims(pod(ONE, "one"));
        kubernetes.inject(KEYS, Fault.body(SignedTokens.set(MINE, curve)));
        String token = curve.token(good);
        assertThat(identify(token)).contains(ONE);

        String signed = token.substring(0, token.lastIndexOf('.') + 1);
        byte[] order =
                new BigInteger("ffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551", 16).toByteArray();
        byte[] orders = new byte[64];
        System.arraycopy(order, 1, orders, 0, 32);
        System.arraycopy(order, 1, orders, 32, 32);
        for (byte[] signature : List.of(new byte[64], orders, new byte[0 + 63], new byte[65])) {
            refused(signed + Base64.getUrlEncoder().withoutPadding().encodeToString(signature), Reason.SIGNATURE);
        }
    }

    // -- the cluster's keys

    @Test
    void unknown_key_is_asked_for_but_not_for_everybody_who_names_one() {
        JsonObject good = claims(pod(ONE, "one"));
        Injection old = kubernetes.inject(KEYS, Fault.body(SignedTokens.set(SignedTokens.rsa("old", 2048))));
        refused(MINE.token(good), Reason.KEY);
        kubernetes.forgetRequests();
        old.remove();
        kubernetes.inject(KEYS, Fault.body(SignedTokens.set(MINE)));

        for (int i = 0; i < 50; i++) {
            refused(MINE.token(good), Reason.KEY);
        }
        assertThat(kubernetes.count(KEYS)).isZero();
        nanos.addAndGet(Duration.ofSeconds(5).toNanos());
        assertThat(identify(MINE.token(good))).contains(ONE);
        assertThat(kubernetes.count(KEYS)).isEqualTo(1);
    }

    @Test
    void key_that_the_cluster_has_no_more_is_good_for_no_new_token() {
        JsonObject good = claims(pod(ONE, "one"));
        Injection mine = kubernetes.inject(KEYS, Fault.body(SignedTokens.set(MINE)));
        assertThat(identify(MINE.token(good))).contains(ONE);
        mine.remove();
        kubernetes.inject(KEYS, Fault.body(SignedTokens.set(SignedTokens.rsa("new", 2048))));

        nanos.addAndGet(Duration.ofMinutes(10).toNanos());
        refused(MINE.token(with(good, claims -> claims.addProperty("jti", "another"))), Reason.KEY);
    }

    @Test
    void keys_outlast_an_api_server_that_is_away_for_an_hour() {
        FakePod one = pod(ONE, "one");
        assertThat(identify(one.token("lantern"))).contains(ONE);
        seen.add(uid(one));
        kubernetes.inject(KEYS, Fault.status(403));
        nanos.addAndGet(Duration.ofMinutes(59).toNanos());
        kubernetes.advance(Duration.ofSeconds(1));
        assertThat(identify(one.token("lantern"))).contains(ONE);

        nanos.addAndGet(Duration.ofMinutes(1).toNanos());
        kubernetes.advance(Duration.ofSeconds(1));
        untold(one.token("lantern"), Reason.KEYS_UNREADABLE);
        assertThat(refusals.get(0).getMessage())
                .contains("{nonResourceURLs: [\"/openid/v1/jwks\"], verbs: [\"get\"]} in the whole cluster");
    }

    @Test
    void issuer_that_cannot_be_read_tells_nothing_unless_it_is_configured() {
        FakePod one = pod(ONE, "one");
        kubernetes.inject(ISSUER, Fault.status(403));
        untold(one.token("lantern"), Reason.KEYS_UNREADABLE);
        assertThat(refusals.get(0).getMessage()).contains("/.well-known/openid-configuration");

        credentials = credentials(TokenProof.offline(
                new ClusterKeys(calls, Optional.of("https://kubernetes.default.svc.cluster.local"), nanos::get)));
        assertThat(identify(one.token("lantern"))).contains(ONE);
    }

    @Test
    void key_set_that_is_not_what_it_has_to_be_is_none() {
        JsonObject good = claims(pod(ONE, "one"));
        SignedTokens weak = SignedTokens.rsa("weak", 1024);
        JsonObject noModulus = MINE.jwk();
        noModulus.addProperty("n", "!");
        for (String set : List.of(
                SignedTokens.set(MINE, MINE),
                SignedTokens.set(weak),
                "{\"keys\":[" + noModulus + "]}",
                "{\"keys\":[{\"kid\":\"mine\"}]}",
                "{\"keys\":{}}")) {
            nanos.addAndGet(Duration.ofSeconds(6).toNanos());
            Injection injected = kubernetes.inject(KEYS, Fault.body(set));
            untold(MINE.token(good), Reason.KEYS_UNREADABLE);
            injected.remove();
        }
        for (String change : List.of("use=enc", "alg=RS512", "kty=oct", "kty=EC")) {
            JsonObject jwk = MINE.jwk();
            jwk.addProperty(change.substring(0, 3), change.substring(4));
            nanos.addAndGet(Duration.ofSeconds(6).toNanos());
            Injection injected = kubernetes.inject(KEYS, Fault.body("{\"keys\":[" + jwk + "]}"));
            refused(MINE.token(good), Reason.KEY);
            injected.remove();
        }
    }

    @Test
    void pod_that_cannot_be_read_is_asked_for_again() {
        String token = pod(ONE, "one").token("lantern");
        kubernetes.forbid(PODS);
        untold(token, Reason.POD_UNREADABLE);
        kubernetes.forbidNothing();
        assertThat(identify(token)).contains(ONE);
    }

    // -- TokenReview

    @Test
    void api_server_can_be_asked_instead() {
        credentials = credentials(TokenProof.review(calls));
        FakePod one = pod(ONE, "one");
        String token = one.token("lantern");
        assertThat(identify(token)).contains(ONE);
        seen.add(uid(one));
        assertThat(identify(token)).contains(ONE);
        assertThat(kubernetes.count(REVIEWS)).isEqualTo(1);
        assertThat(kubernetes.count(KEYS)).isZero();

        refused(one.token("vault"), Reason.REVIEW);
        refused(MINE.token(claims(one)), Reason.REVIEW);
    }

    @Test
    void review_says_yes_for_a_while_and_the_pod_says_no() {
        credentials = credentials(TokenProof.review(calls));
        String token = pod(ONE, "one").token("lantern");
        assertThat(identify(token)).contains(ONE);
        delete("one");
        kubernetes.tick();
        credentials = credentials(TokenProof.review(calls));

        assertThat(identify(token)).isEmpty();
        assertThat(refusals).extracting(NotIdentified::reason).containsAnyOf(Reason.POD_DELETED, Reason.POD_GONE);
    }

    @Test
    void review_of_another_token_or_without_a_clear_yes_is_none() {
        credentials = credentials(TokenProof.review(calls));
        FakePod one = pod(ONE, "one");
        String yes =
                "{\"kind\":\"TokenReview\",\"status\":{\"authenticated\":true,\"audiences\":[\"lantern\"],\"user\":{"
                        + "\"username\":\"system:serviceaccount:lantern-agents:lantern-agent\",\"extra\":{"
                        + "\"authentication.kubernetes.io/pod-uid\":[\"" + uid(one) + "\"]}}}}";
        kubernetes.inject(REVIEWS, Fault.body(yes), 1);
        assertThat(identify(one.token("lantern"))).contains(ONE);
        List<UnaryOperator<String>> changes = List.of(
                text -> text.replace("true", "false"),
                text -> text.replace("true", "\"true\""),
                text -> text.replace("[\"lantern\"]", "[\"vault\"]"),
                text -> text.replace("[\"lantern\"]", "[]"),
                text -> text.replace(":lantern-agent\"", ":default\""),
                text -> text.replace(uid(one), "another"),
                text -> text.replace("extra", "other"),
                text -> "{}");
        for (UnaryOperator<String> change : changes) {
            kubernetes.advance(Duration.ofSeconds(1));
            kubernetes.inject(REVIEWS, Fault.body(change.apply(yes)), 1);
            refused(one.token("lantern"), Reason.REVIEW);
        }
        kubernetes.forbid(REVIEWS);
        untold(one.token("lantern"), Reason.REVIEW_UNANSWERED);
        assertThat(refusals.get(0).getMessage()).contains("resources: [\"tokenreviews\"], verbs: [\"create\"]");
    }

    // -- tokens

    private void add(Map<String, Map.Entry<String, Reason>> cases, String what, String token, Reason reason) {
        assertThat(cases.put(what, Map.entry(token, reason))).as(what).isNull();
    }

    private static String header() {
        return "{\"alg\":\"RS256\",\"kid\":\"mine\"}";
    }

    private static String header(String header, String body) {
        return MINE.token(header, body);
    }

    private static String unsigned(String header, String body) {
        return SignedTokens.part(header) + "." + SignedTokens.part(body) + ".";
    }

    private static String hmac(String body) {
        String signed = SignedTokens.part("{\"alg\":\"HS256\",\"kid\":\"mine\"}") + "." + SignedTokens.part(body);
        try {
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(MINE.keys.getPublic().getEncoded(), "HmacSHA256"));
            byte[] code = mac.doFinal(signed.getBytes(StandardCharsets.US_ASCII));
            return signed + "." + Base64.getUrlEncoder().withoutPadding().encodeToString(code);
        } catch (GeneralSecurityException e) {
            throw new AssertionError(e);
        }
    }

    /** The last character of the signature holds two bits that belong to no byte. */
    private static String nonCanonical(String token) {
        String alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
        int last = alphabet.indexOf(token.charAt(token.length() - 1));
        return token.substring(0, token.length() - 1) + alphabet.charAt(last ^ 1);
    }

    private static String raw(String body, String name, String value) {
        return MINE.token(header(), body.replaceFirst("\"" + name + "\":[0-9]+", "\"" + name + "\":" + value));
    }

    private static JsonObject with(JsonObject claims, Consumer<JsonObject> change) {
        JsonObject copy = claims.deepCopy();
        change.accept(copy);
        return copy;
    }

    private static JsonObject bound(JsonObject claims, String object, String member, String value) {
        return with(
                claims,
                copy -> copy.getAsJsonObject("kubernetes.io")
                        .getAsJsonObject(object)
                        .addProperty(member, value));
    }

    private static JsonObject times(JsonObject claims, long issued, long from, long until) {
        return with(claims, copy -> {
            copy.addProperty("iat", issued);
            copy.addProperty("nbf", from);
            copy.addProperty("exp", until);
        });
    }

    private static JsonObject claims(FakePod pod) {
        String part = pod.token("lantern").split("\\.")[1];
        return Persisted.json(new String(Base64.getUrlDecoder().decode(part), StandardCharsets.UTF_8));
    }

    private Optional<InstanceRef> identify(String token) {
        return credentials.identify(token.getBytes(StandardCharsets.UTF_8), Duration.ofMinutes(1));
    }

    private void refused(String token, Reason reason) {
        refusals.clear();
        assertThat(identify(token)).isEmpty();
        assertThat(refusals).extracting(NotIdentified::reason).containsExactly(reason);
    }

    /** Neither yes nor no: the caller comes again. */
    private void untold(String token, Reason reason) {
        refusals.clear();
        assertThatThrownBy(() -> identify(token))
                .isInstanceOf(LanternException.class)
                .hasMessageStartingWith("whose credential this is cannot be told: ")
                .hasMessageNotContaining(token);
        assertThat(refusals).extracting(NotIdentified::reason).containsExactly(reason);
    }

    // -- the cluster

    private Credentials credentials(TokenProof proof) {
        return new Credentials(
                proof,
                calls,
                WHEREABOUTS,
                (instance, uid) -> seen.contains(uid),
                refusals::add,
                kubernetes.clock(),
                nanos::get);
    }

    private FakePod pod(InstanceRef instance, String name) {
        kubernetes.create(podJson(instance, name, "lantern-agents"));
        kubernetes.settle();
        return kubernetes.pod("lantern-agents", name);
    }

    private void delete(String name) {
        Rule rule = Rule.namespace("lantern-agents", "", "pods", "delete");
        String uid = uid(kubernetes.pod("lantern-agents", name));
        assertThat(calls.change(
                        Change.delete("/api/v1/namespaces/lantern-agents/pods", name, uid, rule),
                        Duration.ofMinutes(1)))
                .isInstanceOf(Done.class);
    }

    private static String podJson(InstanceRef instance, String name, String namespace) {
        return """
                {"apiVersion": "v1", "kind": "Pod", "metadata": {"name": "%s", "namespace": "%s",
                  "labels": {"lantern.dev/installation": "%s", "lantern.dev/instance": "%s", "lantern.dev/epoch": "%s"},
                  "annotations": {"lantern.dev/tenant": "acme", "lantern.dev/run": "ticket-4711"}},
                 "spec": {"restartPolicy": "Never", "serviceAccountName": "lantern-agent",
                  "containers": [{"name": "agent", "image": "a:1"}]}}
                """.formatted(
                        name, namespace, INSTALLATION, WHEREABOUTS.of(instance).job(), instance.epoch());
    }

    private static String uid(FakePod pod) {
        return pod.json().at("/metadata/uid").asText();
    }

    private static InstanceRef instance(int epoch) {
        return new InstanceRef(new RunRef("acme", "ticket-4711"), epoch);
    }
}
