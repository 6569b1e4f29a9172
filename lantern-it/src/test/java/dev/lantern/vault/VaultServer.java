package dev.lantern.vault;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.lantern.crash.Wait;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * One server of OpenBao or Vault: its process, on loopback alone and over TLS, its files below a directory of the test, and its
 * administrator. What it was told survives {@link #stop} and {@link #kill}; it comes back sealed. Its audit log is the
 * witness of what was asked.
 */
final class VaultServer implements AutoCloseable {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Duration STARTS_WITHIN = Duration.ofSeconds(60);

    private final Path program;
    private final Path directory;
    private final int port;
    private final VaultCertificates certificates;
    private final HttpClient client;
    private final Thread atExit = new Thread(this::kill, "end of Vault");
    private @Nullable Process process;
    private String unsealKey = "";
    private String rootToken = "";

    private VaultServer(Path program, Path directory, int port, VaultCertificates certificates) throws Exception {
        this.program = program;
        this.directory = directory;
        this.port = port;
        this.certificates = certificates;
        this.client = HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_1_1)
                .sslContext(certificates.context())
                .build();
        Runtime.getRuntime().addShutdownHook(atExit);
    }

    /** What the server said. */
    record Answer(int code, JsonNode body) {
        JsonNode data() {
            return body.path("data");
        }
    }

    /** A new one, initialised, unsealed, and with an audit log. */
    static VaultServer start(Path program, Path directory) throws Exception {
        VaultServer server = new VaultServer(
                program, directory, freePort(), VaultCertificates.in(Files.createDirectories(directory)));
        try {
            server.configure();
            server.start();
            server.initialise();
            server.unseal();
            server.must(
                    "PUT",
                    "sys/audit/file",
                    Map.of(
                            "type",
                            "file",
                            "options",
                            Map.of("file_path", server.audit().toString())));
            System.out.println("Vault API: REAL, version " + server.version());
            return server;
        } catch (Exception | AssertionError e) {
            server.close();
            throw e;
        }
    }

    private static int freePort() throws IOException {
        try (ServerSocket any = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return any.getLocalPort();
        }
    }

    /** In JSON, which both servers read as they read HCL. */
    private void configure() throws IOException {
        Map<String, Object> listener = Map.of(
                "address", "127.0.0.1:" + port,
                "tls_cert_file", certificates.certificate().toString(),
                "tls_key_file", certificates.key().toString());
        Files.writeString(
                directory.resolve("server.json"),
                JSON.writeValueAsString(Map.of(
                        "disable_mlock", true,
                        // Newer versions of OpenBao take no audit log over the API without it; others do not know it.
                        "unsafe_allow_api_audit_creation", true,
                        "api_addr", address().toString(),
                        "storage",
                                Map.of(
                                        "file",
                                        Map.of(
                                                "path",
                                                directory.resolve("storage").toString())),
                        "listener", List.of(Map.of("tcp", listener)))));
    }

    URI address() {
        return URI.create("https://127.0.0.1:" + port);
    }

    /** Who may have signed its certificate. */
    Path authorities() {
        return certificates.authority();
    }

    private Path audit() {
        return directory.resolve("audit.log");
    }

    private Path log() {
        return directory.resolve("server.log");
    }

    /** Sealed, if it is not new. */
    void start() throws IOException {
        ProcessBuilder builder = new ProcessBuilder(
                        program.toString(), "server", "-config=" + directory.resolve("server.json"))
                .directory(directory.toFile())
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(log().toFile()));
        // No variable of this machine configures it, and no home of this machine is written to.
        builder.environment().clear();
        builder.environment().put("HOME", directory.toString());
        Process started = builder.start();
        process = started;
        Wait.until(STARTS_WITHIN, "Vault answers", () -> {
            if (!started.isAlive()) {
                throw new IllegalStateException("Vault did not start: " + text(log()));
            }
            return answers();
        });
    }

    private boolean answers() {
        try {
            return ask("GET", "sys/seal-status", Map.of()).code() == 200;
        } catch (UncheckedIOException notYet) {
            return false;
        }
    }

    private void initialise() {
        JsonNode keys = must("PUT", "sys/init", Map.of("secret_shares", 1, "secret_threshold", 1));
        unsealKey = keys.path("keys_base64").path(0).asText();
        rootToken = keys.path("root_token").asText();
    }

    /** Returns when it serves. */
    void unseal() {
        must("PUT", "sys/unseal", Map.of("key", unsealKey));
        Wait.until("Vault is active", () -> ask("GET", "sys/health", Map.of()).code() == 200);
    }

    void seal() {
        must("PUT", "sys/seal", Map.of());
    }

    /** As an orderly stop does. */
    void stop() {
        ended(Process::destroy);
    }

    /** As a power failure does. */
    void kill() {
        ended(Process::destroyForcibly);
    }

    private void ended(Consumer<Process> how) {
        Process running = process;
        if (running == null) {
            return;
        }
        how.accept(running);
        try {
            if (!running.waitFor(10, TimeUnit.SECONDS)) {
                running.destroyForcibly().waitFor();
            }
        } catch (InterruptedException e) {
            running.destroyForcibly();
            Thread.currentThread().interrupt();
        }
    }

    boolean isDown() {
        return process == null || !process.isAlive();
    }

    String version() {
        return ask("GET", "sys/health", Map.of()).body().path("version").asText("unknown");
    }

    /** As its administrator; anything but success is an error of the test. */
    JsonNode must(String method, String path, Map<String, ?> body) {
        Answer answer = ask(method, path, body);
        if (answer.code() != 200 && answer.code() != 204) {
            throw new IllegalStateException(
                    method + " " + path + " was answered with " + answer.code() + ": " + answer.body());
        }
        return answer.body();
    }

    /** As its administrator. */
    Answer ask(String method, String path, Map<String, ?> body) {
        try {
            HttpRequest.BodyPublisher sent = body.isEmpty()
                    ? HttpRequest.BodyPublishers.noBody()
                    : HttpRequest.BodyPublishers.ofString(JSON.writeValueAsString(body));
            HttpRequest.Builder request = HttpRequest.newBuilder(address().resolve("/v1/" + path))
                    .timeout(Duration.ofSeconds(30))
                    .header("X-Vault-Request", "true")
                    .method(method, sent);
            if (!rootToken.isEmpty()) {
                request.header("X-Vault-Token", rootToken);
            }
            HttpResponse<String> response = client.send(request.build(), HttpResponse.BodyHandlers.ofString(UTF_8));
            return new Answer(response.statusCode(), JSON.readTree(response.body()));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    /** Ends every token but the administrator's, and what was made with them. */
    void revokeTokens() {
        String own = must("GET", "auth/token/lookup-self", Map.of())
                .path("data")
                .path("accessor")
                .asText();
        for (JsonNode accessor :
                must("LIST", "auth/token/accessors", Map.of()).path("data").path("keys")) {
            if (!accessor.asText().equals(own)) {
                // One that has just lapsed is not there any more.
                ask("PUT", "auth/token/revoke-accessor", Map.of("accessor", accessor.asText()));
            }
        }
    }

    /** How often somebody asked for this, by the audit log: {@code update auth/jwt/login}, answered or not. */
    long asked(String operation, String path) {
        return text(audit())
                .lines()
                .map(VaultServer::parsed)
                .filter(entry -> entry.path("type").asText().equals("request"))
                .map(entry -> entry.path("request"))
                .filter(request -> request.path("operation").asText().equals(operation)
                        && request.path("path").asText().startsWith(path))
                .count();
    }

    /** The last line may be half written. */
    private static JsonNode parsed(String line) {
        try {
            return JSON.readTree(line);
        } catch (IOException halfWritten) {
            return JSON.createObjectNode();
        }
    }

    private static String text(Path file) {
        try {
            return Files.exists(file) ? Files.readString(file) : "";
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() {
        stop();
        Runtime.getRuntime().removeShutdownHook(atExit);
    }
}
