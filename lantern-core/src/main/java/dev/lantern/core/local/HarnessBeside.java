package dev.lantern.core.local;

import com.fasterxml.jackson.core.JsonFactory;
import dev.lantern.agent.harness.process.HarnessMain;
import dev.lantern.substrate.InstanceEnd;
import dev.lantern.substrate.InstanceStart;
import dev.lantern.value.LanternException;
import java.io.File;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystemNotFoundException;
import java.nio.file.Path;
import java.security.CodeSource;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** The harness as a process of its own with the agent as its child, both in one session, as in a pod. */
final class HarnessBeside implements HarnessSide {
    /** What {@link HarnessMain} exits with for a configuration that it does not understand. */
    private static final int EXIT_CONFIG = 64;
    /** What it exits with when the instance was refused or ended before its agent. */
    private static final int EXIT_ENDED = 69;

    /** Started often and short-lived: no second compiler, one thread for garbage. */
    private static final List<String> JVM =
            List.of("-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-Xshare:auto", "-Xms16m", "-Xmx256m");

    private final InstanceStart start;
    private final InstanceDirectory directory;
    private final Map<String, String> environment;
    private final Duration grace;

    HarnessBeside(InstanceStart start, InstanceDirectory directory, Map<String, String> environment, Duration grace) {
        this.start = start;
        this.directory = directory;
        this.environment = environment;
        this.grace = grace;
    }

    @Override
    public Permission await() throws IOException {
        // Not in the environment and not on the command line, which others can read.
        PrivateFiles.file(directory.enrolment(), start.enrolmentSecret().getBytes(StandardCharsets.US_ASCII));
        Map<String, String> whole = new TreeMap<>(environment);
        whole.put("LANTERN_GATEWAY", start.gateway());
        whole.put("LANTERN_TENANT", start.instance().run().tenant());
        whole.put("LANTERN_RUN", start.instance().run().run());
        whole.put("LANTERN_EPOCH", Integer.toString(start.instance().epoch()));
        whole.put("LANTERN_ENROLMENT_FILE", directory.enrolment().toString());
        whole.put("LANTERN_GRACE_SECONDS", Long.toString(Math.max(1, grace.toSeconds())));
        return new Permission.Start(command(), whole);
    }

    @Override
    public Optional<InstanceEnd> settle(int code) {
        return switch (code) {
            case EXIT_CONFIG ->
                Optional.of(new InstanceEnd.StartFailed("the harness refused its configuration; see its log", true));
            case EXIT_ENDED ->
                Optional.of(new InstanceEnd.Lost("the harness was refused, or ended before the agent; see its log"));
            default -> Optional.empty();
        };
    }

    /** Its process gets the signals. */
    @Override
    public void drain(String why) {}

    /** As above. */
    @Override
    public void close() {}

    private List<String> command() {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(JVM);
        command.add("-cp");
        command.add(String.join(
                File.pathSeparator,
                placeOf(HarnessMain.class),
                placeOf(LanternException.class),
                placeOf(JsonFactory.class)));
        command.add(HarnessMain.class.getName());
        command.addAll(start.spec().command());
        command.addAll(start.spec().args());
        return command;
    }

    private static String placeOf(Class<?> type) {
        CodeSource source = type.getProtectionDomain().getCodeSource();
        try {
            if (source != null) {
                return Path.of(source.getLocation().toURI()).toString();
            }
        } catch (URISyntaxException | IllegalArgumentException | FileSystemNotFoundException e) {
            throw notInAFile(type, e);
        }
        throw notInAFile(type, null);
    }

    private static LanternException notInAFile(Class<?> type, @Nullable Exception cause) {
        return new LanternException(
                "a harness in a process of its own needs the jar of " + type.getName()
                        + " as a file, and it is inside another one: use the harness in the host's JVM",
                cause);
    }
}
