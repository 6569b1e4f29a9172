package dev.lantern.benchmarks;

import dev.lantern.core.identity.Authority;
import dev.lantern.core.identity.TrustDomain;
import dev.lantern.core.keys.FileKeyStore;
import dev.lantern.identity.KeyStore;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** One start of a pod's harness, before a gateway that takes connections and answers none. */
final class HarnessStart {
    private static final int PATIENCE_MILLIS = 30_000;

    private HarnessStart() {}

    /**
     * What was seen.
     *
     * @param readyMillis from the process's start until it dials the gateway for the first time
     * @param enrolMillis from there until its call to enrol arrives
     * @param mebibytes what the process has of memory at that moment, shared pages in proportion
     */
    record Times(double readyMillis, double enrolMillis, double mebibytes) {}

    static Times measure(List<String> command) throws IOException, InterruptedException {
        Path folder = Files.createTempDirectory("lantern-bench-start");
        Files.writeString(folder.resolve("token"), "unused");
        Files.createDirectory(folder.resolve("scratch"));
        Files.createDirectory(folder.resolve("secrets"));
        try (ServerSocket gateway = new ServerSocket(0, 50, InetAddress.getByName("127.0.0.1"))) {
            gateway.setSoTimeout(PATIENCE_MILLIS);
            ProcessBuilder builder = new ProcessBuilder(command)
                    .redirectErrorStream(true)
                    .redirectOutput(folder.resolve("log").toFile());
            builder.environment().clear();
            builder.environment().putAll(environment(folder, gateway.getLocalPort()));
            long begun = System.nanoTime();
            Process process = builder.start();
            try {
                gateway.accept().close();
                double ready = millis(begun);
                while (!isCall(gateway)) {
                    if (!process.isAlive()) {
                        throw new IOException("the harness ended: " + Files.readString(folder.resolve("log")));
                    }
                }
                return new Times(ready, millis(begun), mebibytes(process.pid()));
            } finally {
                process.destroyForcibly().waitFor(30, TimeUnit.SECONDS);
            }
        } finally {
            Directories.delete(folder);
        }
    }

    /** What only dials is the fence being tried. */
    private static boolean isCall(ServerSocket gateway) throws IOException {
        try (Socket caller = gateway.accept()) {
            caller.setSoTimeout(PATIENCE_MILLIS);
            return caller.getInputStream().read() >= 0;
        } catch (SocketTimeoutException e) {
            throw new IOException("nobody called within " + PATIENCE_MILLIS + " ms", e);
        }
    }

    private static Map<String, String> environment(Path folder, int gateway) throws IOException {
        try (ServerSocket door = new ServerSocket(0);
                ServerSocket release = new ServerSocket(0)) {
            return Map.ofEntries(
                    Map.entry("JDK_JAVA_OPTIONS", "-Djava.io.tmpdir=" + folder.resolve("scratch")),
                    Map.entry("LANTERN_GATEWAY", "https://127.0.0.1:" + gateway),
                    Map.entry("LANTERN_TRUST_DOMAIN", "bench"),
                    Map.entry("LANTERN_AUTHORITIES", authority(folder)),
                    Map.entry("LANTERN_SECRETS", folder.resolve("secrets").toString()),
                    Map.entry("LANTERN_FORBIDDEN_ADDRESSES", "127.0.0.1:1,[::1]:1"),
                    Map.entry("LANTERN_TENANT", "acme"),
                    Map.entry("LANTERN_RUN", "bench"),
                    Map.entry("LANTERN_EPOCH", "1"),
                    Map.entry("LANTERN_URL", "http://127.0.0.1:" + door.getLocalPort() + "/" + "0".repeat(32)),
                    Map.entry("LANTERN_RELEASE_PORT", Integer.toString(release.getLocalPort())),
                    Map.entry("LANTERN_ENROLMENT_FILE", folder.resolve("token").toString()),
                    Map.entry("LANTERN_INPUT_FILE", folder.resolve("input.json").toString()),
                    Map.entry(
                            "LANTERN_RESULT_FILE", folder.resolve("result.json").toString()),
                    Map.entry("LANTERN_GRACE_SECONDS", "1"));
        }
    }

    private static String authority(Path folder) {
        try (KeyStore keys = FileKeyStore.openOrCreate(folder.resolve("authority.keys"))) {
            Authority authority = Authority.of(keys, new TrustDomain("bench"), InstantSource.system(), byte[]::new);
            return Base64.getEncoder()
                    .encodeToString(authority.authorities(Duration.ofSeconds(5)).get(0));
        }
    }

    private static double mebibytes(long pid) throws IOException {
        return Files.readString(Path.of("/proc/" + pid + "/smaps_rollup"), StandardCharsets.US_ASCII)
                        .lines()
                        .filter(line -> line.startsWith("Pss:"))
                        .mapToDouble(line -> Double.parseDouble(line.replaceAll("[^0-9]", "")))
                        .findFirst()
                        .orElseThrow()
                / 1024;
    }

    private static double millis(long since) {
        return (System.nanoTime() - since) / 1e6;
    }
}
