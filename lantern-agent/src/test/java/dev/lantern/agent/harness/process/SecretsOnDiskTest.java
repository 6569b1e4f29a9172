package dev.lantern.agent.harness.process;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lantern.agent.harness.ModelOwner;
import dev.lantern.agent.transport.ModelGateway;
import dev.lantern.agent.wire.Problem;
import dev.lantern.value.Digest;
import java.io.IOException;
import java.io.OutputStream;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.Base64;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A harness process whose agent is a shell that reads its secret from its file, and where the value is seen besides. */
final class SecretsOnDiskTest {
    private static final String FIRST = "canary/first+0123456789";
    private static final String SECOND = "canary/second+0123456789";

    /** Says what it has read by its digest: a canary in a file of the agent's would be its own doing. */
    private static final String AGENT = """
            set -u
            file=$LANTERN_SECRETS/API_KEY
            sha256sum < "$file" > first
            until [ "$(sha256sum < "$file")" != "$(cat first)" ]; do sleep 0.02; done
            sha256sum < "$file" > second
            while [ -e "$file" ]; do sleep 0.02; done
            curl -s -o unavailable -w '%{http_code}' "$LANTERN_URL/v1/secrets/API_KEY" > status
            touch gone
            until [ -e "$file" ]; do sleep 0.02; done
            sha256sum < "$file" > again
            until [ -e finish ]; do sleep 0.02; done
            """;

    @TempDir
    private Path folder;

    private final ModelOwner owner = new ModelOwner().granting("API_KEY", FIRST).leasing(Duration.ofMillis(1_500));
    private ModelGateway gateway;
    private Process running;

    @BeforeEach
    void open() throws Exception {
        gateway = new ModelGateway(owner);
        Files.createDirectory(
                secrets(), PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
    }

    @AfterEach
    void close() throws Exception {
        gateway.close();
        if (running != null) {
            running.descendants().forEach(ProcessHandle::destroyForcibly);
            running.destroyForcibly();
        }
    }

    @Test
    void agent_reads_its_secret_sees_it_rotate_and_vanish_and_come_back_and_nobody_else_sees_it() throws Exception {
        start("sh", "-c", AGENT);
        await("first");
        assertThat(digest("first")).isEqualTo(sha256(FIRST));
        assertNowhereBeside(FIRST);
        synchronized (owner) {
            owner.granting("API_KEY", SECOND);
        }
        await("second");
        assertThat(digest("second")).isEqualTo(sha256(SECOND));
        synchronized (owner) {
            owner.withhold(Problem.Code.UNAVAILABLE);
        }
        await("gone");
        assertThat(folder.resolve("status")).hasContent("503");
        assertThat(Files.readString(folder.resolve("unavailable"))).contains("secret-unavailable");
        assertNowhereBeside(SECOND);
        synchronized (owner) {
            owner.giveAgain();
        }
        await("again");
        assertThat(digest("again")).isEqualTo(sha256(SECOND));
        assertNowhereBeside(SECOND);
        Files.createFile(folder.resolve("finish"));

        assertThat(running.waitFor(20, TimeUnit.SECONDS)).as(errors()).isTrue();
        assertThat(running.exitValue()).as(errors()).isZero();
        assertThat(secrets()).isEmptyDirectory();
        synchronized (owner) {
            assertThat(owner.returned()).containsExactly("API_KEY");
        }
        assertNowhereBeside(FIRST);
        assertNowhereBeside(SECOND);
        assertThat(errors()).isEmpty();
    }

    @Test
    void refused_secret_starts_no_agent_and_is_named() throws Exception {
        owner.withhold(Problem.Code.SECRET_REFUSED);
        start("touch", "started");

        assertThat(running.waitFor(20, TimeUnit.SECONDS)).isTrue();
        assertThat(running.exitValue()).as(errors()).isEqualTo(ExitCode.ENDED);
        assertThat(errors()).contains("its secret API_KEY was refused (secret-refused): because the model says so");
        assertThat(folder.resolve("started")).doesNotExist();
        assertThat(secrets()).isEmptyDirectory();
    }

    @Test
    void agent_that_is_killed_leaves_no_secret_behind() throws Exception {
        start("sh", "-c", "trap '' TERM; touch ready; while :; do sleep 0.05; done");
        await("ready");
        assertThat(secrets().resolve("API_KEY")).hasContent(FIRST);
        running.destroy();

        assertThat(running.waitFor(20, TimeUnit.SECONDS)).isTrue();
        assertThat(running.exitValue()).as(errors()).isEqualTo(137);
        assertThat(secrets()).isEmptyDirectory();
    }

    @Test
    void agent_whose_instance_is_over_finds_no_secret_any_more() throws Exception {
        start(
                "sh",
                "-c",
                "trap 'ls $LANTERN_SECRETS > left; touch done; exit 3' TERM; touch ready; while :; do"
                        + " sleep 0.02; done");
        await("ready");
        synchronized (owner) {
            owner.over(Problem.Code.STALE_EPOCH);
        }
        await("done");

        assertThat(folder.resolve("left")).isEmptyFile();
        assertThat(running.waitFor(20, TimeUnit.SECONDS)).as(errors()).isTrue();
    }

    @Test
    void directory_that_is_a_link_is_a_wrong_configuration() throws Exception {
        Files.move(secrets(), folder.resolve("elsewhere"));
        Files.createSymbolicLink(secrets(), folder.resolve("elsewhere"));
        start("touch", "started");

        assertThat(running.waitFor(20, TimeUnit.SECONDS)).isTrue();
        assertThat(running.exitValue()).isEqualTo(ExitCode.CONFIG);
        assertThat(errors()).startsWith("lantern: LANTERN_SECRETS: secrets are not put into " + secrets());
        assertThat(gateway.unread()).isEmpty();
    }

    /** Not in what other processes can read of these, not in a log, and in no file but its own. */
    private void assertNowhereBeside(String canary) throws IOException {
        byte[] bytes = canary.getBytes(StandardCharsets.UTF_8);
        List<String> forms = List.of(
                canary,
                Base64.getEncoder().withoutPadding().encodeToString(bytes),
                URLEncoder.encode(canary, StandardCharsets.UTF_8),
                HexFormat.of().formatHex(bytes),
                canary.replace("/", "\\/"));
        int looks = 0;
        for (ProcessHandle process : (Iterable<ProcessHandle>)
                Stream.concat(Stream.of(running.toHandle()), running.descendants())::iterator) {
            for (String what : List.of("environ", "cmdline")) {
                looks += look(Path.of("/proc", Long.toString(process.pid()), what), forms);
            }
        }
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.filter(Files::isRegularFile)
                    .filter(one -> !one.startsWith(secrets()))
                    .toList()) {
                looks += look(file, forms);
            }
        }
        assertThat(looks).isGreaterThan(3);
    }

    /** @return 0 for what has vanished, as processes do */
    private static int look(Path where, List<String> forms) {
        String found;
        try {
            found = Files.readString(where, StandardCharsets.ISO_8859_1);
        } catch (IOException gone) {
            return 0;
        }
        for (String form : forms) {
            assertThat(found.contains(form)).as("%s in %s", form, where).isFalse();
        }
        return 1;
    }

    private void start(String... command) throws IOException {
        ProcessBuilder builder =
                new ProcessBuilder(HarnessJvm.command(List.of("-XX:-UsePerfData"), command)).directory(folder.toFile());
        Map<String, String> environment = new LinkedHashMap<>();
        environment.put("LANTERN_GATEWAY", gateway.url());
        environment.put("LANTERN_TENANT", "acme");
        environment.put("LANTERN_RUN", "ticket-4711");
        environment.put("LANTERN_EPOCH", "3");
        environment.put("LANTERN_SECRETS", secrets().toString());
        environment.put("LANTERN_INPUT_FILE", folder.resolve("input.json").toString());
        environment.put("LANTERN_RESULT_FILE", folder.resolve("result.json").toString());
        environment.put("LANTERN_URL_FILE", folder.resolve("url").toString());
        environment.put("LANTERN_GRACE_SECONDS", "1");
        builder.environment().putAll(environment);
        builder.redirectError(folder.resolve("errors").toFile());
        builder.redirectOutput(folder.resolve("output").toFile());
        running = builder.start();
        try (OutputStream in = running.getOutputStream()) {
            in.write("s3cret\n".getBytes(StandardCharsets.US_ASCII));
        }
    }

    private Path secrets() {
        return folder.resolve("secrets");
    }

    private String digest(String file) {
        BooleanSupplier written = () -> text(file).length() >= 64;
        wait(written, file);
        return text(file).substring(0, 64);
    }

    private static String sha256(String value) {
        return Digest.sha256(value.getBytes(StandardCharsets.UTF_8)).hex();
    }

    private void await(String file) {
        wait(() -> Files.exists(folder.resolve(file)), file);
    }

    private void wait(BooleanSupplier holds, String what) {
        long until = System.nanoTime() + TimeUnit.SECONDS.toNanos(30);
        while (!holds.getAsBoolean() && System.nanoTime() < until) {
            LockSupport.parkNanos(2_000_000);
        }
        assertThat(holds.getAsBoolean()).as(what + ": " + errors()).isTrue();
    }

    private String errors() {
        return text("errors");
    }

    private String text(String file) {
        try {
            return Files.readString(folder.resolve(file));
        } catch (IOException e) {
            return "nothing: " + e;
        }
    }
}
