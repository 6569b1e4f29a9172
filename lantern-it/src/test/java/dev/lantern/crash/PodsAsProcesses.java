package dev.lantern.crash;

import dev.lantern.core.turns.SystemInstants;
import dev.lantern.gate.Facts;
import dev.lantern.gate.HandlerKind;
import dev.lantern.gate.HostFacts;
import dev.lantern.substrate.GatewayTrust;
import dev.lantern.substrate.InstanceEnd;
import dev.lantern.substrate.InstanceRef;
import dev.lantern.substrate.InstanceStart;
import dev.lantern.substrate.Substrate;
import dev.lantern.substrate.SubstrateHost;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * One instance whose harness is a process with a pod's environment, and whose agent is a thread: it waits for the release
 * port as the kubelet does, writes its secret to its log and a result to its file, and ends.
 */
final class PodsAsProcesses implements Substrate {
    private static final String CREDENTIAL = "token-of-the-platform";

    private final Path directory;
    private volatile @Nullable SubstrateHost host;
    private volatile @Nullable InstanceRef instance;
    private volatile @Nullable Process harness;

    PodsAsProcesses(Path directory) {
        this.directory = directory;
    }

    String harnessLog() throws IOException {
        return Files.readString(directory.resolve("harness.log"));
    }

    @Override
    public String name() {
        return "pods as processes";
    }

    @Override
    public Facts facts(String tenant, Duration within) {
        return new HostFacts(
                name(),
                SystemInstants.source().instant(),
                List.of(new HostFacts.Handler(HandlerKind.PROCESS, "a process")),
                List.of());
    }

    @Override
    public void open(SubstrateHost opened) {
        host = opened;
    }

    @Override
    public boolean callsOverNetwork() {
        return true;
    }

    @Override
    public boolean issuesCredentials() {
        return true;
    }

    @Override
    public Optional<InstanceRef> identify(byte[] credential, Duration within) {
        return new String(credential, StandardCharsets.US_ASCII).equals(CREDENTIAL)
                ? Optional.ofNullable(instance)
                : Optional.empty();
    }

    @Override
    public void start(InstanceStart start, Duration within) {
        try {
            for (String folder : List.of("secrets", "scratch", "out")) {
                Files.createDirectories(directory.resolve(folder));
            }
            Files.writeString(directory.resolve("token"), CREDENTIAL);
            int release = freePort();
            ProcessBuilder builder = new ProcessBuilder(
                            Path.of(System.getProperty("java.home"), "bin", "java")
                                    .toString(),
                            "-XX:TieredStopAtLevel=1",
                            "-Djava.io.tmpdir=" + directory.resolve("scratch"),
                            "-cp",
                            System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")),
                            "dev.lantern.agent.harness.process.HarnessMain")
                    .redirectErrorStream(true)
                    .redirectOutput(directory.resolve("harness.log").toFile());
            builder.environment().putAll(environment(start, release));
            instance = start.instance();
            Process process = builder.start();
            harness = process;
            opened().work("agent", () -> agent(start.instance(), release, process));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private Map<String, String> environment(InstanceStart start, int release) throws IOException {
        GatewayTrust trust = start.trust().orElseThrow();
        return Map.ofEntries(
                Map.entry("LANTERN_GATEWAY", start.gateway()),
                Map.entry("LANTERN_TRUST_DOMAIN", trust.trustDomain()),
                Map.entry("LANTERN_AUTHORITIES", String.join(",", trust.authorities())),
                // Nobody answers there.
                Map.entry("LANTERN_FORBIDDEN_ADDRESSES", "127.0.0.1:1,[::1]:1"),
                Map.entry("LANTERN_TENANT", start.instance().run().tenant()),
                Map.entry("LANTERN_RUN", start.instance().run().run()),
                Map.entry("LANTERN_EPOCH", Integer.toString(start.instance().epoch())),
                Map.entry("LANTERN_URL", "http://127.0.0.1:" + freePort() + "/" + "0123456789abcdef".repeat(2)),
                Map.entry("LANTERN_RELEASE_PORT", Integer.toString(release)),
                Map.entry("LANTERN_ENROLMENT_FILE", directory.resolve("token").toString()),
                Map.entry("LANTERN_SECRETS", directory.resolve("secrets").toString()),
                Map.entry("LANTERN_INPUT_FILE", directory.resolve("input.json").toString()),
                Map.entry("LANTERN_RESULT_FILE", result().toString()),
                Map.entry("LANTERN_GRACE_SECONDS", "10"));
    }

    private void agent(InstanceRef own, int release, Process process) {
        Wait.until("the release of the agent", () -> !process.isAlive() || knocks(release));
        try {
            String secret = Files.readString(directory.resolve("secrets/TOKEN"));
            opened().listener().logged(own, SystemInstants.source().instant(), "stdout", "it is " + secret);
            Files.writeString(result(), "{\"done\":true}");
            // A native sidecar is told to end once every other container has.
            process.destroy();
            opened().listener().ended(own, new InstanceEnd.Exited(process.waitFor()));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public boolean stop(InstanceRef stopped, Duration grace, Duration within) {
        Process process = harness;
        if (process == null) {
            return true;
        }
        process.destroy();
        try {
            return process.waitFor(within.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    @Override
    public List<InstanceRef> standing(Duration within) {
        Process process = harness;
        InstanceRef own = instance;
        return process != null && own != null && process.isAlive() ? List.of(own) : List.of();
    }

    @Override
    public void close() {
        Process process = harness;
        if (process != null) {
            process.destroyForcibly();
        }
    }

    private Path result() {
        return directory.resolve("out/result.json");
    }

    private SubstrateHost opened() {
        return Objects.requireNonNull(host, "opened before");
    }

    private static boolean knocks(int port) {
        try (Socket socket = new Socket()) {
            socket.connect(new InetSocketAddress("127.0.0.1", port), 1_000);
            return true;
        } catch (IOException e) {
            return false;
        }
    }

    private static int freePort() throws IOException {
        try (ServerSocket free = new ServerSocket(0)) {
            return free.getLocalPort();
        }
    }
}
