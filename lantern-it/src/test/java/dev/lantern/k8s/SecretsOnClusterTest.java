package dev.lantern.k8s;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import dev.lantern.Lantern;
import dev.lantern.LanternRuntime;
import dev.lantern.canary.Canary;
import dev.lantern.core.keys.FileKeyStore;
import dev.lantern.core.logs.FileLogStore;
import dev.lantern.core.logs.LogLimits;
import dev.lantern.core.secrets.InMemorySecretStore;
import dev.lantern.core.turns.SystemInstants;
import dev.lantern.crash.Wait;
import dev.lantern.identity.SecurityEvent;
import dev.lantern.journal.jdbc.JdbcJournal;
import dev.lantern.operations.Databases;
import dev.lantern.run.AgentRun;
import dev.lantern.run.RunQuery;
import dev.lantern.run.RunResult;
import dev.lantern.run.RunStatus;
import dev.lantern.run.RunSummary;
import dev.lantern.secrets.SecretPlace;
import dev.lantern.spec.AgentSpec;
import dev.lantern.spec.Isolation;
import dev.lantern.spec.SecretRef;
import dev.lantern.spec.SecretUri;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509ExtendedTrustManager;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledIfEnvironmentVariable;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * A secret on its way into a pod of the cluster that {@code LANTERN_TEST_KUBECONFIG} names: from a store in the host's memory
 * to a file in the pod's, and nowhere else. Everything that the API server lists is searched for it, in all namespaces, and
 * what Lantern keeps. The other variables are those of {@link RunsOnClusterTest}.
 *
 * <p>Not searched is {@code pods/log}: the kubelet keeps the agent's lines as the agent wrote them, and this one writes its
 * secret into them.
 */
@Tag("long")
@Timeout(value = 10, unit = TimeUnit.MINUTES)
@EnabledIfEnvironmentVariable(
        named = TestNamespace.KUBECONFIG,
        matches = ".+",
        disabledReason = "skipped: secrets on a real cluster")
@EnabledIfEnvironmentVariable(
        named = "LANTERN_TEST_HARNESS_IMAGE",
        matches = ".+",
        disabledReason = "skipped: secrets on a real cluster")
@EnabledIfEnvironmentVariable(
        named = "LANTERN_TEST_SHELL_IMAGE",
        matches = ".+",
        disabledReason = "skipped: secrets on a real cluster")
@EnabledIfEnvironmentVariable(
        named = "LANTERN_TEST_GATEWAY_ADDRESS",
        matches = ".+",
        disabledReason = "skipped: secrets on a real cluster")
class SecretsOnClusterTest {
    private static final Duration PATIENCE = Duration.ofMinutes(3);
    private static final SecretPlace API = new SecretPlace("default", "api");
    private static final Canary FIRST = new Canary("Xq7#vTz9/Lm2\"Rk4&Wp8+Yd1");
    private static final Canary SECOND = new Canary("Hs6!bNc3/Jf5\"Gv0&Qt2+Zx9");
    private static final int FEWEST_LISTS = 50;
    private static final List<String> CALLS =
            List.of("heartbeat", "vend", "renew-lease", "return-lease", "renew", "begin", "complete", "output");

    private final InMemorySecretStore secrets = new InMemorySecretStore().put(API, FIRST.bytes());
    private final List<SecurityEvent> alarms = new CopyOnWriteArrayList<>();
    private final List<String> lines = Collections.synchronizedList(new ArrayList<>());
    private final TestNamespace place;
    private final String gateway;

    @TempDir
    Path directory;

    private LanternRuntime runtime;

    SecretsOnClusterTest() throws IOException {
        String host = System.getenv("LANTERN_TEST_GATEWAY_ADDRESS");
        int port;
        try (ServerSocket free = new ServerSocket(0)) {
            port = free.getLocalPort();
        }
        gateway = "https://" + host + ":" + port;
        place = TestNamespace.make(empty -> empty.gatewayAt(host + "/32", port));
    }

    @BeforeEach
    void start() {
        runtime = Lantern.runtime()
                .journal(JdbcJournal.on(Databases.postgres()))
                .substrate(KubernetesSubstrate.builder()
                        .kubeconfig(TestNamespace.kubeconfig())
                        .namespace(place.name())
                        .gateway(gateway)
                        .forbidden(TestNamespace.forbidden())
                        .harness(System.getenv("LANTERN_TEST_HARNESS_IMAGE"))
                        .build())
                .gateway(new InetSocketAddress("0.0.0.0", URI.create(gateway).getPort()), gateway)
                .keys(FileKeyStore.openOrCreate(directory.resolve("authority.keys")))
                .secrets(secrets)
                .security(alarms::add)
                .logs(new FileLogStore(directory.resolve("logs"), LogLimits.defaults(), SystemInstants.source()))
                .start();
    }

    @AfterEach
    void nothing_is_left() {
        try (TestNamespace closing = place) {
            runtime.runs(RunQuery.all()).runs().stream()
                    .filter(RunSummary::open)
                    .forEach(
                            open -> runtime.find(open.ref().tenant(), open.ref().run())
                                    .orElseThrow()
                                    .cancel("its test is over"));
            Wait.until(PATIENCE, "pods are gone", () -> closing.pods().isEmpty());
            runtime.close();
        }
    }

    @ParameterizedTest
    @EnumSource(
            value = Isolation.class,
            names = {"TRUSTED", "UNTRUSTED"})
    void no_object_of_the_cluster_shows_a_secret_while_its_agent_runs_and_afterwards(Isolation isolation)
            throws Exception {
        AgentRun run = spawn(isolation);
        await("waits");
        assertThat(lines)
                .contains(
                        "mode 640",
                        "overwrites its secret: no",
                        "makes a file beside it: no",
                        "removes its secret: no",
                        "finds it in its environment: no",
                        "the value is [secret API_KEY]");
        assertThat(lines)
                .as("for reading; gVisor shows the node's file systems as 9p")
                .contains(isolation == Isolation.TRUSTED ? "mounted tmpfs ro" : "mounted 9p ro");
        assertThat(mediumOfItsSecrets(place.pods().get(0))).isEqualTo("Memory");
        int during = assertNotListed(isolation + " while it runs");

        secrets.rotate(API, SECOND.bytes());
        assertThat(run.await(PATIENCE).orElseThrow(() -> new AssertionError(told(run))))
                .as(() -> told(run))
                .isInstanceOf(RunResult.Succeeded.class);
        assertThat(run.onEnd().get(PATIENCE.toSeconds(), TimeUnit.SECONDS)).isEqualTo(RunStatus.SUCCEEDED);
        await("the next value is [secret API_KEY]");

        int afterwards = assertNotListed(isolation + " afterwards");
        assertThat(List.of(during, afterwards))
                .allSatisfy(lists -> assertThat(lists).isGreaterThanOrEqualTo(FEWEST_LISTS));
        assertNotKept(run);
    }

    @ParameterizedTest
    @EnumSource(
            value = Isolation.class,
            names = {"TRUSTED", "UNTRUSTED"})
    void token_of_a_running_pod_opens_nothing(Isolation isolation) throws Exception {
        AgentRun run = spawn(isolation);
        await("waits");
        String token = token(place.pods().get(0));
        List<String> answers = new ArrayList<>();

        for (String call : CALLS) {
            HttpResponse<String> answer = nobody().send(
                            HttpRequest.newBuilder(URI.create(gateway + "/v1/instances/default/"
                                            + run.ref().run() + "/1/" + call))
                                    .header("Authorization", "Bearer " + token)
                                    .POST(HttpRequest.BodyPublishers.ofString("{}"))
                                    .build(),
                            HttpResponse.BodyHandlers.ofString());
            answers.add(answer.statusCode() + " " + answer.body());
        }

        assertThat(answers)
                .hasSameSizeAs(CALLS)
                .allMatch(answer -> answer.startsWith("404 ") && answer.contains("no such instance"));
        Wait.until("each is told", () -> alarms.size() >= CALLS.size());
        assertThat(alarms)
                .hasSameSizeAs(CALLS)
                .extracting(SecurityEvent::reason)
                .containsOnly("no-certificate");
        secrets.rotate(API, SECOND.bytes());
        assertThat(run.onEnd().get(PATIENCE.toSeconds(), TimeUnit.SECONDS)).isEqualTo(RunStatus.SUCCEEDED);
    }

    private AgentRun spawn(Isolation isolation) throws IOException {
        AgentRun run = Lantern.spawn(AgentSpec.builder("secrets-agent")
                        .image(System.getenv("LANTERN_TEST_SHELL_IMAGE"))
                        .isolation(isolation)
                        .command(List.of("/bin/sh", "-c", script()))
                        .secret(SecretRef.of("API_KEY", SecretUri.ofOwnTenant(API.key()))
                                .ttl("6s"))
                        .limits(limits -> limits.memory("64Mi").vcpu("50m"))
                        .build())
                .on(runtime);
        Thread follower = new Thread(() -> run.logs().forEach(line -> lines.add(line.text())), "follower");
        follower.setDaemon(true);
        follower.start();
        return run;
    }

    private void await(String line) {
        Wait.until(PATIENCE, "the line \"" + line + "\"", () -> lines.contains(line));
    }

    /** @return how many lists were searched */
    private int assertNotListed(String when) {
        Map<String, String> lists = EverythingListed.of(place.client());
        long bytes = 0;
        for (Map.Entry<String, String> list : lists.entrySet()) {
            bytes += list.getValue().length();
            assertThat(FIRST.inText(list.getValue()))
                    .as("%s, %s", list.getKey(), when)
                    .isEmpty();
            assertThat(SECOND.inText(list.getValue()))
                    .as("%s, %s", list.getKey(), when)
                    .isEmpty();
        }
        assertThat(lists).containsKeys("/api/v1/secrets", "/api/v1/pods", "/api/v1/events", "/apis/batch/v1/jobs");
        System.out.println("SecretsOnClusterTest: " + lists.size() + " lists of the API server, " + bytes
                + " characters, " + when);
        return lists.size();
    }

    private void assertNotKept(AgentRun run) throws IOException {
        ByteArrayOutputStream chain = new ByteArrayOutputStream();
        run.export(chain);
        assertThat(FIRST.in(chain.toByteArray())).isEmpty();
        assertThat(SECOND.in(chain.toByteArray())).isEmpty();
        try (Stream<Path> files = Files.walk(directory.resolve("logs"))) {
            List<Path> kept = files.filter(Files::isRegularFile).toList();
            assertThat(kept).isNotEmpty();
            for (Path file : kept) {
                assertThat(FIRST.in(Files.readAllBytes(file))).as("%s", file).isEmpty();
                assertThat(SECOND.in(Files.readAllBytes(file))).as("%s", file).isEmpty();
            }
        }
    }

    /** Of the volume that the agent's container has where it looks for secrets. */
    private static String mediumOfItsSecrets(JsonObject pod) {
        JsonObject spec = pod.getAsJsonObject("spec");
        String volume =
                named(spec.getAsJsonArray("containers"), PodSpec.AGENT).getAsJsonArray("volumeMounts").asList().stream()
                        .map(JsonElement::getAsJsonObject)
                        .filter(mount -> mount.get("mountPath").getAsString().equals("/run/lantern/secrets"))
                        .map(mount -> mount.get("name").getAsString())
                        .findFirst()
                        .orElseThrow();
        return named(spec.getAsJsonArray("volumes"), volume)
                .getAsJsonObject("emptyDir")
                .get("medium")
                .getAsString();
    }

    private static JsonObject named(JsonArray all, String name) {
        return all.asList().stream()
                .map(JsonElement::getAsJsonObject)
                .filter(one -> one.get("name").getAsString().equals(name))
                .findFirst()
                .orElseThrow();
    }

    private String token(JsonObject pod) {
        JsonObject metadata = pod.getAsJsonObject("metadata");
        String account = pod.getAsJsonObject("spec").get("serviceAccountName").getAsString();
        String answer = GatedCluster.call(
                place.client(),
                "POST",
                "/api/v1/namespaces/" + place.name() + "/serviceaccounts/" + account + "/token",
                """
                {"apiVersion": "authentication.k8s.io/v1", "kind": "TokenRequest", "spec": {
                  "audiences": ["%s"], "expirationSeconds": 600,
                  "boundObjectRef": {"apiVersion": "v1", "kind": "Pod", "name": "%s", "uid": "%s"}}}
                """.formatted(
                                PodSpec.AUDIENCE,
                                metadata.get("name").getAsString(),
                                metadata.get("uid").getAsString()));
        return JsonParser.parseString(answer)
                .getAsJsonObject()
                .getAsJsonObject("status")
                .get("token")
                .getAsString();
    }

    /** Shows no certificate, and believes every server: what is tried here is the server's to refuse. */
    private static HttpClient nobody() throws Exception {
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(null, new TrustManager[] {new Everybody()}, new SecureRandom());
        return HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_1_1)
                .sslContext(context)
                .build();
    }

    private static final class Everybody extends X509ExtendedTrustManager {
        @Override
        public void checkClientTrusted(X509Certificate[] chain, String type, Socket socket) {}

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String type, Socket socket) {}

        @Override
        public void checkClientTrusted(X509Certificate[] chain, String type, SSLEngine engine) {}

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String type, SSLEngine engine) {}

        @Override
        public void checkClientTrusted(X509Certificate[] chain, String type) {}

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String type) {}

        @Override
        public X509Certificate[] getAcceptedIssuers() {
            return new X509Certificate[0];
        }
    }

    private static String told(AgentRun run) {
        StringBuilder story = new StringBuilder(run.ref() + " is " + run.status());
        run.events().forEach(event -> story.append('\n').append(event.json()));
        return story.toString();
    }

    private static String script() throws IOException {
        try (InputStream in = Objects.requireNonNull(
                SecretsOnClusterTest.class.getResourceAsStream("secrets-agent.sh"), "secrets-agent.sh")) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
    }
}
