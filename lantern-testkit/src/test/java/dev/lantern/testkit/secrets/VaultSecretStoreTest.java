package dev.lantern.testkit.secrets;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lantern.core.secrets.VaultSecretStore;
import dev.lantern.secrets.IssuedSecret;
import dev.lantern.secrets.SecretPlace;
import dev.lantern.secrets.SecretValue;
import dev.lantern.testkit.secrets.FakeVault.Answer;
import dev.lantern.value.LanternException;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class VaultSecretStoreTest {
    private static final SecretPlace KEY = new SecretPlace("acme", "api-key");
    private static final SecretPlace DATABASE = new SecretPlace("acme", "database");
    private static final String CREDENTIALS = "lantern/acme/database/creds/app";
    private static final Duration TTL = Duration.ofMinutes(5);
    private static final Duration WITHIN = Duration.ofSeconds(30);
    private static final Duration LIFE = Duration.ofHours(1);

    @TempDir
    Path directory;

    private final FakeVault vault = FakeVault.start();
    private Path signed;
    private VaultSecretStore store;

    @BeforeEach
    void open() throws IOException {
        signed = Files.writeString(directory.resolve("token"), "canary-jwt");
        vault.role("kubernetes", "lantern", "canary-jwt", LIFE, "secret/data/lantern/", "lantern/acme/", "sys/leases/");
        vault.put("lantern/acme/api-key", "{\"value\":\"canary\"}");
        vault.engine(
                CREDENTIALS,
                TTL,
                Duration.ofMinutes(12),
                number -> "{\"username\":\"v-" + number
                        + "\",\"password\":\"canary\",\"expires\":null,\"hosts\":[\"b\",\"a\"],\"more\":{\"z\":1,\"a\":true}}");
        store = builder().build();
    }

    private VaultSecretStore.Builder builder() {
        return VaultSecretStore.at(vault.address())
                .login("kubernetes", "lantern", signed)
                .dynamic("database", "lantern/{tenant}/database/creds/app")
                .clock(vault.clock());
    }

    @AfterEach
    void close() {
        store.close();
        vault.close();
    }

    private String issued(SecretPlace place) {
        try (SecretValue value = store.issue(place, TTL, WITHIN).orElseThrow().value()) {
            return new String(value.reveal(), UTF_8);
        }
    }

    private List<String> asked() {
        return vault.seen().stream()
                .map(seen -> seen.method() + " " + seen.path().substring("/v1/".length()))
                .toList();
    }

    @Test
    void a_login_is_made_once_and_each_request_says_what_it_is() {
        store.close();
        store = builder().namespace("team-a").build();
        issued(KEY);
        issued(KEY);

        assertThat(asked())
                .containsExactly(
                        "POST auth/kubernetes/login",
                        "GET secret/data/lantern/acme/api-key",
                        "GET secret/data/lantern/acme/api-key");
        assertThat(vault.seen())
                .allSatisfy(seen -> assertThat(seen.headers())
                        .containsEntry("x-vault-request", "true")
                        .containsEntry("x-vault-namespace", "team-a"));
        assertThat(vault.seen().get(0).headers()).doesNotContainKey("x-vault-token");
    }

    @Test
    void the_latest_version_is_read_and_told() {
        vault.put("lantern/acme/api-key", "{\"value\":\"the second\"}");

        IssuedSecret issued = store.issue(KEY, TTL, WITHIN).orElseThrow();

        assertThat(issued.version()).contains("2");
        assertThat(issued.value().reveal()).asString(UTF_8).isEqualTo("the second");
        vault.delete("lantern/acme/api-key");
        vault.put("lantern/acme/api-key", "{\"value\":\"the third\"}");
        assertThat(store.issue(KEY, TTL, WITHIN).orElseThrow().version())
                .as("deleting makes no version")
                .contains("3");
    }

    @Test
    void credentials_are_a_document_of_all_members_in_the_order_of_their_names() {
        IssuedSecret issued = store.issue(DATABASE, TTL, WITHIN).orElseThrow();

        assertThat(issued.value().reveal())
                .asString(UTF_8)
                .matches("\\{\"expires\":null,\"hosts\":\\[\"b\",\"a\"],\"more\":\\{\"a\":true,\"z\":1},"
                        + "\"password\":\"canary\",\"username\":\"v-[0-9]+\"}");
        assertThat(issued.ttl()).isEqualTo(TTL);
        assertThat(issued.handle()).hasValueSatisfying(id -> assertThat(id).startsWith(CREDENTIALS + "/lease"));
    }

    @Test
    void a_lease_is_renewed_to_its_longest_life_and_not_beyond() {
        String lease = store.issue(DATABASE, TTL, WITHIN).orElseThrow().handle().orElseThrow();

        vault.pass(Duration.ofMinutes(4));
        assertThat(store.renew(DATABASE, lease, TTL, WITHIN)).contains(TTL);
        vault.pass(Duration.ofMinutes(4));
        assertThat(store.renew(DATABASE, lease, TTL, WITHIN)).contains(Duration.ofMinutes(4));
        vault.pass(Duration.ofMinutes(4));
        assertThat(store.renew(DATABASE, lease, TTL, WITHIN)).isEmpty();
        vault.next(new Answer(200, "{\"lease_id\":\"\",\"lease_duration\":0,\"renewable\":false}", Map.of()));
        assertThat(store.renew(DATABASE, lease, TTL, WITHIN)).isEmpty();
    }

    @Test
    void only_what_is_known_to_mean_it_ends_a_lease() {
        String lease = store.issue(DATABASE, TTL, WITHIN).orElseThrow().handle().orElseThrow();
        for (String over : List.of(
                "lease not found",
                "lease expired",
                "lease is not renewable",
                "failed to renew entry: resp: (*logical.Response)(nil) err: past the max TTL, cannot renew")) {
            vault.next(new Answer(400, "{\"errors\":[\"" + over + "\"]}", Map.of()));
            assertThat(store.renew(DATABASE, lease, TTL, WITHIN)).as(over).isEmpty();
        }
        for (String unknown : List.of(
                "{\"errors\":[\"failed to renew entry: canary\"]}",
                "{\"errors\":[\"lease not found, or so\"]}",
                "{\"errors\":[]}",
                "<html>canary</html>")) {
            vault.next(new Answer(400, unknown, Map.of()));
            refused(
                    () -> store.renew(DATABASE, lease, TTL, WITHIN),
                    "was refused (HTTP 400): the engine has no such role");
        }
        assertThat(vault.leases()).containsExactly(lease);
    }

    @Test
    void an_engine_that_is_away_ends_nothing() {
        String lease = store.issue(DATABASE, TTL, WITHIN).orElseThrow().handle().orElseThrow();
        vault.away(true);

        refused(() -> store.issue(DATABASE, TTL, Duration.ofMillis(300)), "it could not answer (HTTP 500)");
        refused(() -> store.renew(DATABASE, lease, TTL, WITHIN), "or cannot reach what it works on");
        refused(() -> store.revoke(DATABASE, lease, WITHIN), "or cannot reach what it works on");
        assertThat(vault.leases()).containsExactly(lease);

        vault.away(false);
        assertThat(store.renew(DATABASE, lease, TTL, WITHIN)).contains(TTL);
        store.revoke(DATABASE, lease, WITHIN);
        assertThat(vault.leases()).isEmpty();
    }

    @Test
    void a_role_that_the_engine_does_not_have_is_an_exception_and_an_engine_that_is_not_there_is_empty() {
        vault.forget(CREDENTIALS);
        refused(() -> store.issue(DATABASE, TTL, WITHIN), "was refused (HTTP 400): the engine has no such role");

        try (VaultSecretStore elsewhere = builder()
                .dynamic("database", "lantern/{tenant}/nowhere/creds/app")
                .build()) {
            assertThat(elsewhere.issue(DATABASE, TTL, WITHIN)).isEmpty();
        }
    }

    @Test
    void revoking_names_the_lease_in_the_path_and_waits_until_it_has_ended() {
        String lease = store.issue(DATABASE, TTL, WITHIN).orElseThrow().handle().orElseThrow();
        assertThat(vault.leases()).containsExactly(lease);

        store.revoke(DATABASE, lease, WITHIN);

        assertThat(vault.leases()).isEmpty();
        assertThat(asked()).endsWith("POST sys/leases/revoke/" + lease);
    }

    @Test
    void a_handle_of_another_place_is_not_even_asked_about() {
        String lease = store.issue(DATABASE, TTL, WITHIN).orElseThrow().handle().orElseThrow();
        int before = vault.seen().size();

        store.revoke(new SecretPlace("umbrella", "database"), lease, WITHIN);
        store.revoke(KEY, lease, WITHIN);
        assertThat(store.renew(DATABASE, CREDENTIALS + "/../../x", TTL, WITHIN)).isEmpty();
        assertThat(store.renew(DATABASE, CREDENTIALS + "/a?b", TTL, WITHIN)).isEmpty();

        assertThat(vault.seen()).hasSize(before);
        assertThat(vault.leases()).containsExactly(lease);
    }

    @Test
    void the_token_is_renewed_behind_two_thirds_of_its_life_and_what_was_issued_with_it_lives_on() {
        vault.engine(CREDENTIALS, LIFE.multipliedBy(3), LIFE.multipliedBy(3), number -> "{\"password\":\"canary\"}");
        String lease = store.issue(DATABASE, TTL, WITHIN).orElseThrow().handle().orElseThrow();
        vault.pass(Duration.ofMinutes(39));
        issued(KEY);
        assertThat(asked()).doesNotContain("POST auth/token/renew-self");

        vault.pass(Duration.ofMinutes(2));
        issued(KEY);
        issued(KEY);
        vault.pass(Duration.ofMinutes(30));

        assertThat(asked()).containsOnlyOnce("POST auth/token/renew-self", "POST auth/kubernetes/login");
        assertThat(vault.leases()).containsExactly(lease);
    }

    @Test
    void a_renewal_that_fails_is_made_up_for_while_the_token_lives() {
        issued(KEY);
        vault.pass(Duration.ofMinutes(41));
        vault.next(Answer.of(400));

        issued(KEY);

        assertThat(asked())
                .endsWith(
                        "POST auth/token/renew-self",
                        "POST auth/kubernetes/login",
                        "GET secret/data/lantern/acme/api-key");
    }

    @Test
    void a_renewal_that_the_server_cannot_make_costs_one_try_and_no_login() {
        issued(KEY);
        vault.pass(Duration.ofMinutes(42));
        vault.next(Answer.of(500));

        issued(KEY);
        vault.pass(Duration.ofMinutes(5));
        issued(KEY);
        assertThat(asked())
                .as("the renewal is not asked for again before a third of what was left has passed")
                .endsWith(
                        "POST auth/token/renew-self",
                        "GET secret/data/lantern/acme/api-key",
                        "GET secret/data/lantern/acme/api-key");

        vault.pass(Duration.ofMinutes(2));
        issued(KEY);
        assertThat(asked()).endsWith("POST auth/token/renew-self", "GET secret/data/lantern/acme/api-key");
        assertThat(asked()).containsOnlyOnce("POST auth/kubernetes/login");
    }

    @Test
    void a_renewal_that_is_not_answered_leaves_half_of_the_time_for_what_was_asked() {
        issued(KEY);
        vault.pass(Duration.ofMinutes(41));
        vault.next(Answer.never());

        assertThat(store.issue(KEY, TTL, Duration.ofSeconds(2))).isPresent();
    }

    @Test
    void a_token_that_lapsed_is_replaced_by_one_of_the_file_as_it_is_now() throws IOException {
        issued(KEY);
        vault.pass(Duration.ofHours(3));
        Files.writeString(signed, "canary-jwt-2");
        vault.role("kubernetes", "lantern", "canary-jwt-2", LIFE, "secret/data/lantern/");

        assertThat(issued(KEY)).isEqualTo("canary");
    }

    @Test
    void a_token_that_was_revoked_is_replaced_once() {
        issued(KEY);
        vault.revokeTokens();

        assertThat(issued(KEY)).isEqualTo("canary");

        assertThat(asked())
                .endsWith(
                        "GET secret/data/lantern/acme/api-key",
                        "GET auth/token/lookup-self",
                        "POST auth/kubernetes/login",
                        "GET secret/data/lantern/acme/api-key");
    }

    @Test
    void a_forbidden_path_is_empty_and_costs_no_login() {
        SecretPlace foreign = new SecretPlace("umbrella", "database");

        assertThat(store.issue(foreign, TTL, WITHIN)).isEmpty();
        assertThat(store.issue(foreign, TTL, WITHIN)).isEmpty();

        assertThat(asked()).containsOnlyOnce("POST auth/kubernetes/login");
    }

    @Test
    void a_deleted_version_and_an_entry_without_the_field_are_empty() {
        vault.put("lantern/acme/other", "{\"password\":\"canary\"}");
        vault.put("lantern/acme/number", "{\"value\":7}");
        vault.put("lantern/acme/nothing", "{\"value\":\"\"}");
        vault.delete("lantern/acme/api-key");

        for (String key : List.of("other", "number", "nothing", "api-key")) {
            assertThat(store.issue(new SecretPlace("acme", key), TTL, WITHIN))
                    .as(key)
                    .isEmpty();
        }
    }

    @Test
    void a_given_token_is_used_as_it_is_and_never_replaced() {
        try (VaultSecretStore given = VaultSecretStore.at(vault.address())
                .token(vault.token("secret/data/"))
                .valueField("value")
                .build()) {
            given.issue(KEY, TTL, WITHIN).orElseThrow().value().close();
            vault.revokeTokens();

            refused(() -> given.issue(KEY, TTL, WITHIN), "the given token is refused");
        }
    }

    @Test
    void a_login_that_is_refused_says_which_role_and_file() throws IOException {
        Files.writeString(signed, "canary-of-somebody-else");
        refused(
                () -> store.issue(KEY, TTL, WITHIN),
                "the login at auth/kubernetes as role \"lantern\" was refused (HTTP 403)");
        Files.writeString(signed, "");
        refused(() -> store.issue(KEY, TTL, WITHIN), "it is empty");
        Files.delete(signed);
        refused(() -> store.issue(KEY, TTL, WITHIN), "cannot be read from " + signed + " (NoSuchFileException)");
    }

    @Test
    void a_token_without_a_time_that_can_be_counted_is_not_used() {
        List<String> logins = List.of(
                "{\"client_token\":\"canary\",\"lease_duration\":9223372036854775807}",
                "{\"client_token\":\"canary\",\"lease_duration\":-1}",
                "{\"client_token\":\"canary\",\"lease_duration\":1.5}",
                "{\"client_token\":\"canary\",\"lease_duration\":\"1h\"}",
                "{\"client_token\":\"canary\"}",
                "{\"client_token\":\"canary canary\",\"lease_duration\":60}",
                "{\"client_token\":\"\",\"lease_duration\":60}",
                "{\"client_token\":\"canary\\u007f\",\"lease_duration\":60}",
                "{\"client_token\":7,\"lease_duration\":60}",
                "{}");
        for (String login : logins) {
            vault.next(new Answer(200, "{\"auth\":" + login + "}", Map.of()));
            refused(
                    () -> store.issue(KEY, TTL, WITHIN),
                    "the answer to a login or renewal holds no token with a time; see whether this is the Vault API");
        }
        assertThat(asked()).as("nothing was asked with it").containsOnly("POST auth/kubernetes/login");
    }

    @Test
    void a_token_without_an_end_is_never_renewed() {
        vault.next(new Answer(
                200,
                "{\"auth\":{\"client_token\":\"" + vault.token("secret/data/")
                        + "\",\"lease_duration\":0,\"renewable\":true}}",
                Map.of()));
        issued(KEY);
        vault.pass(Duration.ofMinutes(50));

        issued(KEY);

        assertThat(asked())
                .containsExactly(
                        "POST auth/kubernetes/login",
                        "GET secret/data/lantern/acme/api-key",
                        "GET secret/data/lantern/acme/api-key");
    }

    @Test
    void a_renewal_without_an_answer_leaves_the_token_in_use_for_as_long_as_it_lives() {
        issued(KEY);
        vault.pass(Duration.ofMinutes(41));
        vault.next(new Answer(307, "", Map.of("Location", "http://127.0.0.1:1/canary")));

        issued(KEY);

        assertThat(asked())
                .endsWith("POST auth/token/renew-self", "GET secret/data/lantern/acme/api-key")
                .containsOnlyOnce("POST auth/kubernetes/login");
    }

    /** Somebody who asks too often is told when to come again, and a server that is away is not asked in a loop. */
    @Test
    void nothing_is_asked_again_sooner_than_the_server_wants() {
        issued(KEY);
        vault.next(new Answer(429, "", Map.of("Retry-After", "60")));
        refused(() -> store.issue(KEY, TTL, WITHIN), "asked too often (HTTP 429)");
        vault.next(new Answer(503, "", Map.of("Retry-After", "soon")));
        assertThat(issued(KEY)).as("that says nothing").isEqualTo("canary");

        int before = asked().size();
        Answer[] away = new Answer[100];
        Arrays.fill(away, Answer.of(503));
        vault.next(away);
        refused(() -> store.issue(KEY, TTL, Duration.ofMillis(400)), "it is sealed or being maintained (HTTP 503)");
        assertThat(asked().size() - before).isLessThan(10);
    }

    @Test
    void what_passes_is_asked_again() {
        issued(KEY);
        vault.next(Answer.of(500), new Answer(429, "", Map.of("Retry-After", "0")), Answer.of(412));

        assertThat(issued(KEY)).isEqualTo("canary");
    }

    @Test
    void each_failure_is_an_exception_within_the_time_and_shows_nothing_of_the_answer() {
        issued(KEY);
        Duration soon = Duration.ofMillis(400);
        Map<String, Answer> answers = new LinkedHashMap<>();
        answers.put("it is sealed or being maintained (HTTP 503)", Answer.of(503));
        answers.put("it could not answer (HTTP 500)", Answer.of(500));
        answers.put("asked too often (HTTP 429)", new Answer(429, "canary", Map.of("Retry-After", "60")));
        answers.put("no answer in time", Answer.never());
        answers.put(
                "it sends elsewhere (HTTP 307)", new Answer(307, "", Map.of("Location", "http://127.0.0.1:1/canary")));
        answers.put("was refused (HTTP 400)", Answer.of(400));
        answers.put("was refused (HTTP 405)", Answer.of(405));
        answers.put("the answer is no JSON object", new Answer(200, "<html>canary</html>", Map.of()));
        answers.put("is no JSON object", new Answer(200, "{\"data\":1} {\"canary\":2}", Map.of()));
        answers.put("no JSON object", new Answer(200, "{\"data\":{},\"data\":{\"canary\":2}}", Map.of()));
        answers.put("JSON object", new Answer(200, "[".repeat(100_000), Map.of()));
        answers.put("the answer is larger than 1048576 bytes", new Answer(200, "canary".repeat(200_000), Map.of()));

        answers.forEach((why, answer) -> {
            // What passes is asked for again within that time, more than once.
            vault.next(answer, answer, answer, answer, answer);
            refused(() -> store.issue(KEY, TTL, soon), why);
            vault.asUsual();
        });
        System.out.println("Vault API: " + answers.size() + " failures");
        assertThat(answers).hasSizeGreaterThanOrEqualTo(12);
        assertThat(issued(KEY)).as("none of them lasts").isEqualTo("canary");
    }

    @Test
    void what_is_no_lease_of_that_path_is_not_given_out() {
        issued(KEY);
        for (String lease : List.of("", "lantern/umbrella/database/creds/app/x", CREDENTIALS, CREDENTIALS + "/a/b")) {
            vault.next(new Answer(
                    200,
                    "{\"lease_id\":\"" + lease + "\",\"lease_duration\":60,\"data\":{\"password\":\"canary\"}}",
                    Map.of()));
            refused(() -> store.issue(DATABASE, TTL, WITHIN), "answers no lease with a time under that path");
        }
    }

    @Test
    void revoking_what_may_not_be_revoked_says_which_rule_is_missing() {
        vault.role("kubernetes", "lantern", "canary-jwt", LIFE, "lantern/acme/");
        String lease = store.issue(DATABASE, TTL, WITHIN).orElseThrow().handle().orElseThrow();

        assertThatThrownBy(() -> store.revoke(DATABASE, lease, WITHIN))
                .isInstanceOf(LanternException.class)
                .hasMessageContaining("allow update on sys/leases/revoke/" + CREDENTIALS + "/*");
        assertThat(store.renew(DATABASE, lease, TTL, WITHIN)).isEmpty();
    }

    @Test
    void closing_revokes_nothing() {
        String lease = store.issue(DATABASE, TTL, WITHIN).orElseThrow().handle().orElseThrow();

        store.close();

        assertThat(vault.leases()).containsExactly(lease);
    }

    @Test
    void nobody_listening_is_an_exception_within_the_time() {
        URI address = vault.address();
        vault.close();
        try (VaultSecretStore alone =
                VaultSecretStore.at(address).token("canary-token").build()) {
            refused(() -> alone.issue(KEY, TTL, Duration.ofMillis(300)), "no answer (ConnectException)");
        }
    }

    @Test
    void what_could_lead_elsewhere_is_refused_when_it_is_configured() {
        for (String address : List.of(
                "http://bao.example:8200",
                "https://user:canary@bao.example",
                "https://bao.example/base",
                "https://bao.example?canary=1",
                "ftp://bao.example",
                "file:///canary")) {
            refusedSetting(() -> VaultSecretStore.at(URI.create(address)), "the address of a Vault API is https://");
        }
        VaultSecretStore.Builder any = VaultSecretStore.at(URI.create("https://bao.example:8200"));
        for (String path : List.of(
                "lantern/{key}",
                "lantern/{tenant}",
                "{tenant}/../{key}",
                "{tenant}//{key}",
                "x-{tenant}/{key}",
                "{tenant}/{key}%2e",
                "/{tenant}/{key}",
                "")) {
            refusedSetting(() -> any.kv("secret", path), "the path of secrets is \"" + path + "\"");
        }
        refusedSetting(() -> any.dynamic("database", "database/creds/app"), "{tenant} has to be among them");
        refusedSetting(() -> any.kv("../sys", "{tenant}/{key}"), "the mount of secrets is \"../sys\"");
        refusedSetting(() -> any.namespace("a/../b"), "the namespace is");
        refusedSetting(() -> any.token("canary\n"), "a token is printable ASCII");
        refusedSetting(any::build, "needs .login(mount, role, file)");
        refusedSetting(
                () -> any.token("t").authorities(directory.resolve("none")).build(),
                "cannot be read (NoSuchFileException)");
        refusedSetting(
                () -> any.authorities(Files.writeString(directory.resolve("bad"), "canary"))
                        .build(),
                "the authorities in ");
    }

    private static void refusedSetting(ThrowingCallable call, String why) {
        assertThatThrownBy(call)
                .isInstanceOf(LanternException.class)
                .hasMessageContaining(why)
                .hasMessageNotContaining("canary");
    }

    private static void refused(ThrowingCallable call, String why) {
        assertThatThrownBy(call)
                .isInstanceOf(LanternException.class)
                .hasMessageContaining("secret acme/")
                .hasMessageContaining(why)
                .hasMessageNotContaining("canary")
                .hasNoCause();
    }
}
