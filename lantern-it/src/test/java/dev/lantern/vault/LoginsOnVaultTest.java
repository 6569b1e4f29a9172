package dev.lantern.vault;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lantern.core.secrets.VaultSecretStore;
import dev.lantern.crash.Wait;
import dev.lantern.secrets.SecretPlace;
import dev.lantern.testkit.kubernetes.FakeKubernetes;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.BrokenBarrierException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The store's own token: how it is had, kept, lost and had again. */
class LoginsOnVaultTest extends VaultTest {
    private static final SecretPlace FOREIGN = new SecretPlace("umbrella", "database");

    @Test
    void one_login_serves_many_calls() {
        vault.put("acme", "api-key", "s3cret");
        long before = vault.logins();

        for (int i = 0; i < 5; i++) {
            assertThat(text(KEY)).contains("s3cret");
        }

        assertThat(vault.logins()).isEqualTo(before + 1);
    }

    @Test
    void policy_of_the_page_is_enough_for_its_tenant_and_nothing_for_others() {
        vault.put("acme", "api-key", "s3cret");
        vault.put("umbrella", "api-key", "of another");

        assertThat(text(KEY)).contains("s3cret");
        Credentials credentials = issued();
        assertThat(store.renew(DATABASE, credentials.lease(), TTL, WITHIN)).contains(TTL);
        store.revoke(DATABASE, credentials.lease(), WITHIN);
        assertThat(isAlive(credentials.lease())).isFalse();

        long before = vault.logins();
        String told = logged(() -> {
            assertThat(text(new SecretPlace("umbrella", "api-key"))).isEmpty();
            assertThat(store.issue(FOREIGN, TTL, WITHIN)).isEmpty();
            assertThat(text(new SecretPlace("acme", "absent"))).isEmpty();
        });
        assertThat(told)
                .contains("do not allow GET /v1/secret/data/lantern/umbrella/api-key (HTTP 403)")
                .contains("do not allow GET /v1/lantern/umbrella/database/creds/app (HTTP 403)")
                .contains("there is nothing at GET /v1/secret/data/lantern/acme/absent (HTTP 404)");
        assertThat(vault.logins()).as("what is forbidden costs no login").isEqualTo(before);
    }

    @Test
    void each_rule_of_the_policy_of_the_page_is_needed() throws Exception {
        vault.put("acme", "api-key", "s3cret");
        String policy = RealVault.policyOfThePage();
        for (String path : new String[] {"secret/data/", "lantern/acme/database/creds/app\"", "sys/leases/renew/"}) {
            vault.policy(policy.replace("path \"" + path, "path \"elsewhere/" + path));
            Credentials credentials = path.startsWith("lantern/") ? null : issued();

            boolean missing = credentials == null
                    ? store.issue(DATABASE, TTL, WITHIN).isEmpty()
                    : path.startsWith("secret/")
                            ? text(KEY).isEmpty()
                            : store.renew(DATABASE, credentials.lease(), TTL, WITHIN)
                                    .isEmpty();

            assertThat(missing).as(path).isTrue();
        }
        vault.policy(policy.replace("path \"sys/leases/revoke/", "path \"elsewhere/"));
        String lease = issued().lease();
        refused(() -> store.revoke(DATABASE, lease, WITHIN), "allow update on sys/leases/revoke/lantern/acme/");
    }

    @Test
    void token_with_a_period_is_renewed_and_what_was_made_with_it_lives_on() throws Exception {
        Duration period = Duration.ofSeconds(4);
        vault.role(Map.of("token_period", period.toSeconds()));
        vault.put("acme", "api-key", "s3cret");
        long before = vault.logins();
        Credentials credentials = issued();
        long begun = System.nanoTime();

        Wait.until("three lives of a token that nobody renews", () -> {
            assertThat(text(KEY)).contains("s3cret");
            return System.nanoTime() - begun > period.multipliedBy(3).toNanos();
        });

        assertThat(vault.logins()).isEqualTo(before + 1);
        assertThat(logsIn(credentials)).isTrue();
        assertThat(isAlive(credentials.lease())).isTrue();
    }

    @Test
    void token_with_a_longest_life_ends_what_was_made_with_it_and_the_store_logs_in_anew() throws Exception {
        vault.role(Map.of("token_ttl", 2, "token_max_ttl", 4));
        vault.put("acme", "api-key", "s3cret");
        long before = vault.logins();
        Credentials credentials = issued();

        Wait.until("its credentials are gone", () -> {
            assertThat(text(KEY)).as("at any time").contains("s3cret");
            return !vault.database().hasUser(credentials.user());
        });

        assertThat(vault.logins()).isGreaterThan(before + 1);
        assertThat(store.renew(DATABASE, credentials.lease(), TTL, WITHIN)).isEmpty();
        assertThat(logsIn(issued())).isTrue();
    }

    @Test
    void token_that_is_revoked_beneath_the_store_costs_one_login() {
        vault.put("acme", "api-key", "s3cret");
        assertThat(text(KEY)).contains("s3cret");
        long before = vault.logins();

        vault.server().revokeTokens();

        assertThat(text(KEY)).contains("s3cret");
        assertThat(text(KEY)).contains("s3cret");
        assertThat(vault.logins()).isEqualTo(before + 1);
    }

    @Test
    void threads_that_find_the_token_revoked_log_in_once_between_them() throws Exception {
        vault.put("acme", "api-key", "s3cret");
        assertThat(text(KEY)).contains("s3cret");
        long before = vault.logins();
        vault.server().revokeTokens();

        CyclicBarrier start = new CyclicBarrier(8);
        List<CompletableFuture<Optional<String>>> asking = Stream.generate(() -> CompletableFuture.supplyAsync(
                        () -> {
                            await(start);
                            return text(KEY);
                        },
                        work -> new Thread(work).start()))
                .limit(8)
                .toList();

        List<Optional<String>> all =
                asking.stream().map(CompletableFuture::join).toList();
        assertThat(all).hasSize(8).containsOnly(Optional.of("s3cret"));
        assertThat(vault.logins()).isEqualTo(before + 1);
    }

    private static void await(CyclicBarrier barrier) {
        try {
            barrier.await();
        } catch (InterruptedException | BrokenBarrierException e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    void batch_token_is_replaced_when_it_has_lapsed_and_what_it_had_made_is_told_to_end_with_it() throws Exception {
        vault.role(Map.of("token_type", "batch", "token_ttl", 4));
        vault.put("acme", "api-key", "s3cret");
        long before = vault.logins();

        Credentials credentials = issued();

        assertThat(credentials.ttl()).isLessThanOrEqualTo(Duration.ofSeconds(4));
        assertThat(logsIn(credentials)).isTrue();
        Wait.until("it has ended", () -> {
            assertThat(text(KEY)).contains("s3cret");
            return !vault.database().hasUser(credentials.user());
        });
        assertThat(vault.logins()).isGreaterThan(before + 1);
    }

    @Test
    void token_of_a_role_that_is_gone_serves_at_once_for_as_long_as_it_lives() throws Exception {
        AtomicReference<Instant> now = new AtomicReference<>(Instant.now());
        vault.put("acme", "api-key", "s3cret");
        try (VaultSecretStore own = vault.store().clock(now::get).build()) {
            assertThat(own.issue(KEY, TTL, WITHIN)).isPresent();
            vault.server().must("DELETE", "auth/jwt/role/lantern", Map.of());
            long renewals = vault.server().asked("update", "auth/token/renew-self");
            now.updateAndGet(time -> time.plus(Duration.ofMinutes(45)));
            long begun = System.nanoTime();

            assertThat(own.issue(KEY, TTL, WITHIN)).isPresent();
            assertThat(own.issue(KEY, TTL, WITHIN)).isPresent();

            assertThat(Duration.ofNanos(System.nanoTime() - begun))
                    .as("a renewal that is answered with 500 does not use up the time of the call")
                    .isLessThan(Duration.ofSeconds(5));
            assertThat(vault.server().asked("update", "auth/token/renew-self"))
                    .as("and is not repeated for each call")
                    .isEqualTo(renewals + 1);
        }
    }

    @Test
    void token_without_the_default_policy_serves_and_each_refused_path_costs_a_login() throws Exception {
        vault.role(Map.of("token_period", 3600, "token_no_default_policy", true));
        vault.put("acme", "api-key", "s3cret");
        assertThat(text(KEY)).contains("s3cret");
        long before = vault.logins();

        assertThat(store.issue(FOREIGN, TTL, WITHIN)).isEmpty();
        assertThat(store.issue(FOREIGN, TTL, WITHIN)).isEmpty();

        assertThat(text(KEY)).contains("s3cret");
        assertThat(vault.logins()).isEqualTo(before + 2);
    }

    @Test
    void login_that_is_refused_says_so_and_works_when_the_file_is_right() throws Exception {
        vault.put("acme", "api-key", "s3cret");
        String why = "the login at auth/jwt as role \"lantern\" was refused (HTTP 400)";
        try (VaultSecretStore own = vault.unsigned().build()) {
            Files.writeString(vault.token(), TokenIssuer.generated().token(TokenIssuer.AUDIENCE, TTL));
            refused(() -> own.issue(KEY, TTL, WITHIN), why);
            Files.writeString(vault.token(), vault.issuer().token("https://elsewhere.example", TTL));
            refused(() -> own.issue(KEY, TTL, WITHIN), why);
            Files.writeString(vault.token(), vault.issuer().token(TokenIssuer.AUDIENCE, Duration.ofHours(-1)));
            refused(() -> own.issue(KEY, TTL, WITHIN), why);
            Files.writeString(vault.token(), "no token at all");
            refused(() -> own.issue(KEY, TTL, WITHIN), why);

            Files.writeString(vault.token(), vault.issuer().token(TokenIssuer.AUDIENCE, TTL));
            assertThat(own.issue(KEY, TTL, WITHIN)).isPresent();
        }
        try (VaultSecretStore nobody =
                vault.store().login("jwt", "nobody", vault.token()).build()) {
            refused(() -> nobody.issue(KEY, TTL, WITHIN), "as role \"nobody\" was refused (HTTP 400)");
        }
        try (VaultSecretStore nowhere =
                vault.store().login("nowhere", "lantern", vault.token()).build()) {
            refused(() -> nowhere.issue(KEY, TTL, WITHIN), "the login at auth/nowhere as role \"lantern\" was refused");
        }
    }

    @Test
    void given_token_serves_until_it_has_lapsed() throws Exception {
        vault.put("acme", "api-key", "s3cret");
        String token = vault.server()
                .must("POST", "auth/token/create", Map.of("policies", "lantern", "ttl", "2s"))
                .path("auth")
                .path("client_token")
                .asText();
        try (VaultSecretStore given = VaultSecretStore.at(vault.server().address())
                .authorities(vault.server().authorities())
                .token(token)
                .build()) {
            assertThat(given.issue(KEY, TTL, WITHIN)).isPresent();

            Wait.until(
                    "it has lapsed",
                    () -> vault.server()
                                    .ask("PUT", "auth/token/lookup", Map.of("token", token))
                                    .code()
                            != 200);

            refused(() -> given.issue(KEY, TTL, WITHIN), "the given token is refused");
        }
    }

    @Test
    void service_accounts_log_in_by_the_method_kubernetes() throws Exception {
        vault.put("acme", "api-key", "s3cret");
        try (FakeKubernetes kubernetes = FakeKubernetes.builder().tls().start()) {
            kubernetes.create("""
                    {"apiVersion":"v1","kind":"Namespace","metadata":{"name":"lantern-system"}}""");
            kubernetes.create("""
                    {"apiVersion":"v1","kind":"ServiceAccount",
                     "metadata":{"name":"lantern","namespace":"lantern-system"}}""");
            kubernetes.create("""
                    {"apiVersion":"v1","kind":"ServiceAccount",
                     "metadata":{"name":"reviewer","namespace":"lantern-system"}}""");
            kubernetes.create("""
                    {"apiVersion":"rbac.authorization.k8s.io/v1","kind":"ClusterRole","metadata":{"name":"review"},
                     "rules":[{"apiGroups":["authentication.k8s.io"],"resources":["tokenreviews"],"verbs":["create"]}]}""");
            kubernetes.create("""
                    {"apiVersion":"rbac.authorization.k8s.io/v1","kind":"ClusterRoleBinding","metadata":{"name":"review"},
                     "roleRef":{"apiGroup":"rbac.authorization.k8s.io","kind":"ClusterRole","name":"review"},
                     "subjects":[{"kind":"ServiceAccount","name":"reviewer","namespace":"lantern-system"}]}""");
            vault.server().must("POST", "sys/auth/kubernetes", Map.of("type", "kubernetes"));
            vault.server()
                    .must(
                            "POST",
                            "auth/kubernetes/config",
                            Map.of(
                                    "kubernetes_host", kubernetes.url().toString(),
                                    "kubernetes_ca_cert", authority(kubernetes),
                                    "token_reviewer_jwt", kubernetes.token("lantern-system", "reviewer"),
                                    "disable_iss_validation", true));
            vault.server()
                    .must(
                            "POST",
                            "auth/kubernetes/role/lantern",
                            Map.of(
                                    "bound_service_account_names", "lantern",
                                    "bound_service_account_namespaces", "lantern-system",
                                    "token_policies", "lantern",
                                    "token_period", 3600));
            try (VaultSecretStore own = vault.unsigned()
                    .login("kubernetes", "lantern", vault.token())
                    .build()) {
                Files.writeString(vault.token(), kubernetes.token("lantern-system", "default"));
                // With 403 or, in older versions, as if the server were broken.
                refused(() -> own.issue(KEY, TTL, SOON), "auth/kubernetes");

                Files.writeString(vault.token(), kubernetes.token("lantern-system", "lantern"));
                assertThat(own.issue(KEY, TTL, WITHIN)).isPresent();
                assertThat(own.issue(DATABASE, TTL, WITHIN)).isPresent();
            }
        }
    }

    private static String authority(FakeKubernetes kubernetes) {
        String data = kubernetes
                .kubeconfig()
                .lines()
                .map(String::strip)
                .filter(line -> line.startsWith("certificate-authority-data: "))
                .findFirst()
                .orElseThrow();
        return new String(Base64.getDecoder().decode(data.substring(data.indexOf(' ') + 1)), StandardCharsets.US_ASCII);
    }

    @Test
    void quota_of_the_server_is_waited_for_within_the_time() {
        vault.put("acme", "api-key", "s3cret");
        assertThat(text(KEY)).contains("s3cret");
        vault.server()
                .must("POST", "sys/quotas/rate-limit/tight", Map.of("path", "secret/", "rate", 1, "interval", "2s"));
        try {
            assertThat(text(KEY)).contains("s3cret");
            assertThat(text(KEY)).as("asked again behind Retry-After").contains("s3cret");
            refused(
                    () -> {
                        for (int i = 0; i < 2; i++) {
                            store.issue(KEY, TTL, Duration.ofMillis(100));
                        }
                    },
                    "it was asked too often (HTTP 429)");
        } finally {
            vault.server().must("DELETE", "sys/quotas/rate-limit/tight", Map.of());
        }
    }
}
