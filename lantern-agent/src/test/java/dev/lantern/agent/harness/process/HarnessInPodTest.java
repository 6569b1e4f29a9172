package dev.lantern.agent.harness.process;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lantern.agent.harness.HarnessFixture;
import dev.lantern.agent.harness.ModelOwner;
import dev.lantern.agent.http.ClientConnection;
import dev.lantern.agent.http.Headers;
import dev.lantern.agent.http.HttpLimits;
import dev.lantern.agent.http.HttpRequest;
import dev.lantern.agent.http.HttpResponse;
import dev.lantern.agent.transport.ModelGateway;
import dev.lantern.agent.transport.ModelGateway.Fate;
import dev.lantern.agent.transport.TestTls;
import dev.lantern.agent.wire.GatewayCall;
import dev.lantern.agent.wire.InsideReport;
import dev.lantern.agent.wire.Problem;
import dev.lantern.agent.wire.StepId;
import java.io.IOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The harness as the process that a pod's template starts, before a gateway on sockets; the test is agent and kubelet. */
@Tag("long")
final class HarnessInPodTest {
    private static final String TOKEN = "0123456789abcdef0123456789abcdef";

    @TempDir
    private Path folder;

    private final ModelOwner owner = new ModelOwner();
    private final Map<String, String> environment = new LinkedHashMap<>();
    private ModelGateway gateway;
    private Process running;
    private int port;
    private int releasePort;

    @BeforeEach
    void open() throws Exception {
        gateway = ModelGateway.overTls(owner);
        try (ServerSocket first = new ServerSocket(0);
                ServerSocket second = new ServerSocket(0)) {
            port = first.getLocalPort();
            releasePort = second.getLocalPort();
        }
        for (String name : List.of("enrolment", "input", "out", "scratch", "secrets")) {
            Files.createDirectory(folder.resolve(name));
        }
        renew("t1", "first");
        environment.put("LANTERN_GATEWAY", gateway.url());
        environment.put("LANTERN_TRUST_DOMAIN", TestTls.TRUST_DOMAIN);
        environment.put("LANTERN_AUTHORITIES", TestTls.authority());
        // Nobody answers there.
        environment.put("LANTERN_FORBIDDEN_ADDRESSES", "127.0.0.1:1,[::1]:1");
        environment.put("LANTERN_TENANT", "acme");
        environment.put("LANTERN_RUN", "ticket-4711");
        environment.put("LANTERN_EPOCH", "3");
        environment.put("LANTERN_URL", "http://127.0.0.1:" + port + "/" + TOKEN);
        environment.put("LANTERN_RELEASE_PORT", Integer.toString(releasePort));
        environment.put(
                "LANTERN_ENROLMENT_FILE", folder.resolve("enrolment/token").toString());
        environment.put("LANTERN_INPUT_FILE", input().toString());
        environment.put("LANTERN_RESULT_FILE", result().toString());
        environment.put("LANTERN_SECRETS", folder.resolve("secrets").toString());
        environment.put("LANTERN_GRACE_SECONDS", "30");
    }

    @AfterEach
    void close() throws Exception {
        gateway.close();
        if (running != null) {
            running.destroyForcibly();
            running.waitFor();
        }
    }

    @Test
    void agent_is_let_go_once_the_instance_is_enrolled_and_its_input_is_there() throws Exception {
        synchronized (owner) {
            start();
            assertThat(gateway.taken()).isInstanceOf(GatewayCall.Enrol.class);
            assertThat(knock("127.0.0.1")).as("before the answer").isFalse();
            assertThat(input()).doesNotExist();
        }
        awaitRelease();

        assertThat(input()).hasContent("{\"id\":4711}");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(input())))
                .isEqualTo("rw-r-----");
        assertThat(names(input().getParent())).containsExactly("input.json");
        // The whole of 127.0.0.0/8 is this machine: another of its addresses stands for the pod's own.
        assertThat(knock("127.0.0.2")).as("from outside").isTrue();
    }

    @Test
    void input_is_readable_for_the_group_whatever_the_umask() throws Exception {
        start("sh", "-c", "umask 077; exec \"$@\"", "sh");
        awaitRelease();

        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(input())))
                .isEqualTo("rw-r-----");
    }

    @Test
    void release_port_hangs_up_on_everybody() throws Exception {
        released();

        for (int i = 0; i < 100; i++) {
            assertThat(knock("127.0.0.1")).isTrue();
        }
        assertThat(get("/v1/run").status()).isEqualTo(200);
    }

    @Test
    void agent_finds_its_door_where_its_container_was_told() throws Exception {
        released();

        HttpResponse begun = post("/v1/steps/plan/begin", Headers.none(), "");
        assertThat(begun.status()).isEqualTo(201);
        String key = begun.headers().single("lantern-step-key").orElseThrow();
        HttpResponse completed = post("/v1/steps/plan/complete", Headers.none().with("Lantern-Step-Key", key), "done");

        assertThat(completed.status()).isEqualTo(200);
        assertThat(text(owner.results().get(StepId.occurrence("plan", 1)).bytes()))
                .isEqualTo("done");
        assertThat(knock(port, "127.0.0.2")).as("the door from outside").isFalse();
        assertThat(ask("GET", "/" + "0".repeat(32) + "/v1/run", Headers.none(), "")
                        .status())
                .isEqualTo(404);
    }

    @Test
    void refused_instance_starts_no_agent_and_waits_for_its_end() throws Exception {
        owner.answer(new GatewayCall.Enrol(HarnessFixture.RUN, 3, new byte[32], 1, 1));
        start();
        await(() -> errors().contains("its agent is to stop: because the model says so"));

        assertThat(knock("127.0.0.1")).isFalse();
        assertThat(input()).doesNotExist();
        assertThat(usage("a").status()).isEqualTo(409);
        assertThat(running.isAlive()).isTrue();
        assertThat(end()).as(errors()).isEqualTo(69);
        assertThat(errors()).contains("nothing is delivered");
    }

    @Test
    void instance_that_never_was_enrolled_says_so() throws Exception {
        gateway.close();
        start();
        await(() -> errors().contains("the fence is tried again: the gateway did not answer"));

        assertThat(knock("127.0.0.1")).isFalse();
        assertThat(get("/v1/run").status()).isEqualTo(503);
        assertThat(end()).as(errors()).isEqualTo(69);
        assertThat(errors()).contains("lantern: instance acme/ticket-4711 epoch 3: it was not enrolled");
    }

    @Test
    void instance_enrols_with_what_was_found_inside() throws Exception {
        released();

        GatewayCall.Enrol enrol = (GatewayCall.Enrol) gateway.taken();
        assertThat(enrol.newestProtocol()).isEqualTo(3);
        assertThat(enrol.proof()).hasValueSatisfying(proof -> assertThat(proof).hasSize(64));
        InsideReport inside = enrol.inside().orElseThrow();
        assertThat(inside.sandbox().kernel()).startsWith("Linux version");
        assertThat(inside.sandbox().bootId()).hasSize(36);
        assertThat(inside.fence().holds()).isTrue();
        assertThat(inside.fence().forbidden()).isEqualTo("127.0.0.1:1,[::1]:1");
        assertThat(errors()).isEmpty();
    }

    /** The host is asked at once: an open fence does not close because it is waited for. */
    @Test
    void fence_that_lets_something_through_is_told_and_lets_no_agent_go() throws Exception {
        try (ServerSocket forbidden = new ServerSocket(0, 200, InetAddress.getLoopbackAddress())) {
            String address = "127.0.0.1:" + forbidden.getLocalPort();
            environment.put("LANTERN_FORBIDDEN_ADDRESSES", address + ",[::1]:1");
            owner.over(Problem.Code.STALE_EPOCH);
            start();
            await(() -> errors().contains("the fence is tried again: forbidden and answered: " + address));
            assertThat(knock("127.0.0.1")).isFalse();

            await(() -> errors().contains("its agent is to stop"), Duration.ofSeconds(40));

            GatewayCall.Enrol enrol = (GatewayCall.Enrol) gateway.taken();
            assertThat(enrol.inside().orElseThrow().fence().holds()).isFalse();
            assertThat(knock("127.0.0.1")).isFalse();
        }
    }

    @Test
    void token_is_read_anew_for_each_call() throws Exception {
        released();
        assertThat(gateway.authorization()).isEqualTo("Bearer first");
        assertThat(usage("a").status()).isEqualTo(200);

        renew("t2", "second");
        assertThat(usage("b").status()).isEqualTo(200);
        assertThat(gateway.authorization()).isEqualTo("Bearer second");
    }

    @Test
    void call_waits_while_there_is_no_token() throws Exception {
        released();
        renew("t2", "two w0rds");
        CompletableFuture<HttpResponse> answer = new CompletableFuture<>();
        Thread agent = new Thread(() -> {
            try {
                answer.complete(usage("a"));
            } catch (IOException e) {
                answer.completeExceptionally(e);
            }
        });
        agent.start();
        await(() -> errors().contains("the enrolment secret must be one word of printable ASCII"));
        assertThat(answer).isNotDone();
        assertThat(gateway.authorization()).isEqualTo("Bearer first");

        renew("t3", "third");

        assertThat(answer.get(20, TimeUnit.SECONDS).status()).isEqualTo(200);
        assertThat(gateway.authorization()).isEqualTo("Bearer third");
        await(() -> errors().contains("the gateway answers again"));
        assertThat(errors()).doesNotContain("w0rds");
    }

    @Test
    void harness_that_starts_again_does_nothing() throws Exception {
        released();
        gateway.taken();
        running.destroyForcibly();
        running.waitFor();

        start();
        assertThat(running.waitFor(20, TimeUnit.SECONDS)).isTrue();

        assertThat(running.exitValue()).as(errors()).isEqualTo(69);
        assertThat(errors()).contains("was started before in this pod").doesNotContain(TOKEN, "first");
        assertThat(knock("127.0.0.1")).isFalse();
        // Its key is another one: the owner would have refused it, and it does not even ask.
        gateway.close();
        assertThat(gateway.unread()).noneMatch(GatewayCall.Enrol.class::isInstance);
    }

    @Test
    void result_is_delivered_when_the_agent_has_ended() throws Exception {
        released();
        leave("{\"score\": 0.5, \"left\": null}");

        assertThat(end()).as(errors()).isZero();
        assertThat(text(owner.output().bytes())).isEqualTo("{\"score\": 0.5, \"left\": null}");
        assertThat(owner.output().mediaType()).isEqualTo("application/json");
        assertThat(errors()).isEmpty();
    }

    @Test
    void secrets_are_there_before_the_agent_is_let_go_and_gone_when_it_has_ended() throws Exception {
        owner.granting("API_KEY", "canary 1").granting("DB_PASSWORD", "canary 2");
        owner.withhold(Problem.Code.UNAVAILABLE);
        start();
        await(() -> gateway.unread().stream().anyMatch(GatewayCall.Vend.class::isInstance));
        assertThat(knock("127.0.0.1")).isFalse();
        assertThat(get("/v1/secrets/API_KEY").status()).isEqualTo(503);
        synchronized (owner) {
            owner.giveAgain();
        }
        awaitRelease();
        Path secrets = folder.resolve("secrets");
        assertThat(names(secrets)).containsExactlyInAnyOrder("API_KEY", "DB_PASSWORD");
        assertThat(secrets.resolve("API_KEY")).hasContent("canary 1");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(secrets.resolve("API_KEY"))))
                .isEqualTo("rw-r-----");
        assertThat(text(get("/v1/secrets/DB_PASSWORD").body())).isEqualTo("canary 2");
        leave("{}");

        assertThat(end()).as(errors()).isZero();
        assertThat(secrets).isEmptyDirectory();
        assertThat(owner.returned()).containsExactlyInAnyOrder("API_KEY", "DB_PASSWORD");
        assertThat(text(owner.output().bytes())).isEqualTo("{}");
        assertThat(errors()).doesNotContain("canary");
    }

    @Test
    void refused_secret_is_named_and_lets_no_agent_go() throws Exception {
        owner.granting("API_KEY", "canary 1").withhold(Problem.Code.SECRET_REFUSED);
        start();
        await(() -> errors().contains("its secret API_KEY was refused (secret-refused): because the model says so"));

        assertThat(knock("127.0.0.1")).isFalse();
        assertThat(folder.resolve("secrets")).isEmptyDirectory();
        assertThat(end()).isEqualTo(69);
    }

    @Test
    void secrets_of_an_instance_that_is_over_are_gone_while_its_pod_still_stands() throws Exception {
        owner.granting("API_KEY", "canary 1");
        released();
        assertThat(folder.resolve("secrets/API_KEY")).exists();
        owner.over(Problem.Code.STALE_EPOCH);
        assertThat(usage("a").status()).isEqualTo(410);

        assertThat(folder.resolve("secrets")).isEmptyDirectory();
        assertThat(get("/v1/secrets/API_KEY").status()).isEqualTo(410);
    }

    @Test
    void pod_without_a_directory_for_secrets_lets_no_agent_go() throws Exception {
        Files.delete(folder.resolve("secrets"));
        start();
        assertThat(running.waitFor(20, TimeUnit.SECONDS)).isTrue();

        assertThat(running.exitValue()).isEqualTo(69);
        assertThat(errors()).startsWith("lantern: secrets cannot be put into " + folder.resolve("secrets"));
    }

    @Test
    void agent_that_leaves_nothing_has_ended_well() throws Exception {
        released();

        assertThat(end()).as(errors()).isZero();
        assertThat(owner.output()).isNull();
        assertThat(errors()).isEmpty();
    }

    @Test
    void output_that_was_posted_wins_over_the_file() throws Exception {
        released();
        assertThat(post("/v1/output", Headers.none(), "posted").status()).isEqualTo(200);
        leave("{not even JSON");
        // The owner ends the run with its output, and the harness hears of that too.
        owner.over(Problem.Code.RUN_ENDED);
        assertThat(usage("late").status()).isEqualTo(410);

        assertThat(end()).as(errors()).isZero();
        assertThat(text(owner.output().bytes())).isEqualTo("posted");
    }

    @Test
    void output_whose_answer_is_under_way_is_waited_for() throws Exception {
        released();
        leave("\"file\"");
        gateway.next(Fate.CARRY_OUT_AND_HANG_UP, Fate.BAD_GATEWAY);
        try (Socket socket = connect()) {
            String request = "POST /" + TOKEN + "/v1/output HTTP/1.1\r\nHost: 127.0.0.1:" + port
                    + "\r\nContent-Length: 6\r\n\r\nposted";
            socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
            gateway.taken();
            assertThat(gateway.taken()).isInstanceOf(GatewayCall.Output.class);
        }

        assertThat(end()).as(errors()).isZero();
        assertThat(text(owner.output().bytes())).isEqualTo("posted");
    }

    @Test
    void result_that_is_no_json_is_said_to_be_none() throws Exception {
        released();
        leave("{\"s3cret\": tru");

        assertThat(end()).as(errors()).isEqualTo(65);
        assertThat(owner.output()).isNull();
        assertThat(errors()).contains(result() + " is not JSON").doesNotContain("s3cret");
    }

    @Test
    void result_that_the_gateway_does_not_take_in_time_is_lost() throws Exception {
        environment.put("LANTERN_GRACE_SECONDS", "0");
        released();
        leave("{}");
        gateway.close();

        long before = System.nanoTime();
        assertThat(end()).as(errors()).isEqualTo(69);
        assertThat(Duration.ofNanos(System.nanoTime() - before))
                .isBetween(Duration.ofSeconds(3), Duration.ofSeconds(5));
        assertThat(errors()).contains("was answered within 4 s");
    }

    @ParameterizedTest
    @EnumSource(names = {"RUN_ENDED", "STALE_EPOCH"})
    void result_of_an_instance_that_is_over_is_not_taken(Problem.Code code) throws Exception {
        released();
        leave("{}");
        owner.over(code);

        assertThat(end()).as(errors()).isEqualTo(69);
        assertThat(errors()).contains("was not taken: because the model says so");
    }

    @Test
    void harness_outlives_its_instance_until_it_is_told_to_end() throws Exception {
        released();
        owner.over(Problem.Code.RUN_ENDED);
        assertThat(usage("a").status()).isEqualTo(410);
        await(() -> errors().contains("its agent is to stop: because the model says so"));

        assertThat(post("/v1/steps/a/begin", Headers.none(), "").status()).isEqualTo(410);
        assertThat(knock("127.0.0.1"))
                .as("an agent that has not started by now")
                .isFalse();
        assertThat(running.isAlive()).isTrue();
        assertThat(end()).as(errors()).isEqualTo(69);
    }

    @Test
    void input_that_cannot_be_written_lets_no_agent_go() throws Exception {
        environment.put(
                "LANTERN_INPUT_FILE", folder.resolve("nowhere/input.json").toString());
        start();
        assertThat(running.waitFor(20, TimeUnit.SECONDS)).isTrue();

        assertThat(running.exitValue()).isEqualTo(69);
        assertThat(errors()).contains("the input cannot be put into").doesNotContain("4711}");
        assertThat(knock("127.0.0.1")).isFalse();
    }

    @Test
    void taken_ports_are_named() throws Exception {
        try (ServerSocket other = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
            start();
            assertThat(running.waitFor(20, TimeUnit.SECONDS)).isTrue();
            assertThat(running.exitValue()).isEqualTo(69);
            assertThat(errors())
                    .contains("cannot listen on 127.0.0.1 for the agent, at port " + other.getLocalPort())
                    .doesNotContain(TOKEN);
        }
        Files.delete(folder.resolve("scratch/lantern-harness-has-started"));
        try (ServerSocket other = new ServerSocket(releasePort)) {
            start();
            assertThat(running.waitFor(20, TimeUnit.SECONDS)).isTrue();
            assertThat(running.exitValue()).isEqualTo(69);
            assertThat(errors()).contains("cannot listen on port " + other.getLocalPort() + ", so no agent starts");
        }
    }

    @Test
    void wrong_variables_are_named_and_nothing_begins() throws Exception {
        environment.remove("LANTERN_TENANT");
        environment.put("LANTERN_URL", "http://127.0.0.1:" + port + "/" + TOKEN + "0");
        start();
        assertThat(running.waitFor(20, TimeUnit.SECONDS)).isTrue();

        assertThat(running.exitValue()).isEqualTo(64);
        assertThat(errors()).contains("LANTERN_TENANT", "LANTERN_URL").doesNotContain(TOKEN);
        assertThat(folder.resolve("scratch")).isEmptyDirectory();
    }

    // -- the kubelet

    private void released() throws Exception {
        start();
        awaitRelease();
    }

    private void awaitRelease() throws Exception {
        await(() -> knock("127.0.0.1"));
    }

    private void start(String... before) throws IOException {
        List<String> line = new java.util.ArrayList<>(List.of(before));
        line.addAll(HarnessJvm.command(List.of("-Djava.io.tmpdir=" + folder.resolve("scratch"), "-XX:-UsePerfData")));
        ProcessBuilder builder = new ProcessBuilder(line);
        builder.environment().putAll(environment);
        builder.redirectError(folder.resolve("errors").toFile());
        builder.redirectOutput(ProcessBuilder.Redirect.DISCARD);
        running = builder.start();
    }

    /** SIGTERM, as after the agent's container; the exit code. */
    private int end() throws InterruptedException {
        running.destroy();
        assertThat(running.waitFor(40, TimeUnit.SECONDS)).as(errors()).isTrue();
        return running.exitValue();
    }

    /** A TCP startup probe. */
    private boolean knock(String address) {
        return knock(releasePort, address);
    }

    private static boolean knock(int port, String address) {
        try (Socket socket = new Socket()) {
            socket.connect(new InetSocketAddress(address, port), 5_000);
            socket.setSoTimeout(5_000);
            assertThat(socket.getInputStream().read()).isNegative();
            return true;
        } catch (ConnectException e) {
            return false;
        } catch (SocketException reset) {
            return true;
        } catch (IOException e) {
            throw new AssertionError("nobody hung up", e);
        }
    }

    /** A token in a new folder, and the link that leads there swapped: as in a projected volume. */
    private void renew(String version, String token) throws IOException {
        Path volume = folder.resolve("enrolment");
        Files.createDirectory(volume.resolve(version));
        Files.writeString(volume.resolve(version).resolve("token"), token);
        Files.createSymbolicLink(volume.resolve("next"), Path.of(version));
        Files.move(volume.resolve("next"), volume.resolve("data"), StandardCopyOption.ATOMIC_MOVE);
        if (!Files.exists(volume.resolve("token"))) {
            Files.createSymbolicLink(volume.resolve("token"), Path.of("data/token"));
        }
    }

    // -- the agent

    private Path input() {
        return folder.resolve("input/input.json");
    }

    private Path result() {
        return folder.resolve("out/result.json");
    }

    private void leave(String result) throws IOException {
        Path part = folder.resolve("out/part");
        Files.writeString(part, result);
        Files.move(part, result(), StandardCopyOption.ATOMIC_MOVE);
    }

    private HttpResponse get(String path) throws IOException {
        return ask("GET", "/" + TOKEN + path, Headers.none(), "");
    }

    private HttpResponse post(String path, Headers headers, String body) throws IOException {
        return ask("POST", "/" + TOKEN + path, headers, body);
    }

    private HttpResponse usage(String report) throws IOException {
        return post(
                "/v1/usage",
                Headers.none().with("Idempotency-Key", report).with("Content-Type", "application/json"),
                "{\"provider\":\"p\",\"model\":\"m\",\"inputTokens\":1,\"outputTokens\":1}");
    }

    private HttpResponse ask(String method, String target, Headers headers, String body) throws IOException {
        try (Socket socket = connect()) {
            ClientConnection connection =
                    new ClientConnection(socket, "127.0.0.1:" + port, HttpLimits.ofBody(1024 * 1024));
            return connection.exchange(
                    new HttpRequest(method, target, headers, body.getBytes(StandardCharsets.UTF_8)),
                    Duration.ofSeconds(30));
        }
    }

    private Socket connect() throws IOException {
        return new Socket(InetAddress.getByAddress(new byte[] {127, 0, 0, 1}), port);
    }

    // -- looking

    private String errors() {
        try {
            return Files.readString(folder.resolve("errors"));
        } catch (IOException e) {
            return "no standard error: " + e;
        }
    }

    private static List<String> names(Path folder) throws IOException {
        try (var files = Files.list(folder)) {
            return files.map(file -> file.getFileName().toString()).toList();
        }
    }

    private void await(BooleanSupplier holds) {
        await(holds, Duration.ofSeconds(20));
    }

    private void await(BooleanSupplier holds, Duration within) {
        long until = System.nanoTime() + within.toNanos();
        while (!holds.getAsBoolean() && System.nanoTime() < until) {
            assertThat(running.isAlive()).as(errors()).isTrue();
            java.util.concurrent.locks.LockSupport.parkNanos(2_000_000);
        }
        assertThat(holds.getAsBoolean()).as(errors()).isTrue();
    }

    private static String text(byte[] bytes) {
        return new String(bytes, StandardCharsets.UTF_8);
    }
}
