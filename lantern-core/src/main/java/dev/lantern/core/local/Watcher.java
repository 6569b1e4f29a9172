package dev.lantern.core.local;

import dev.lantern.value.LanternException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Starts processes under {@code watch.sh}, which gives each a session of its own and ends the session when this
 * JVM is gone, whatever ended it: the kernel closes the pipe between them.
 *
 * <p>Other ways were left: a parent-death signal belongs to the thread that forked, not to the JVM; a shutdown hook
 * does not run under SIGKILL; a helper in Java costs 40 MB an agent.
 */
final class Watcher {
    static final List<List<String>> SESSION_STARTERS = List.of(
            List.of("/usr/bin/setsid"),
            List.of("/bin/setsid"),
            // macOS has no setsid(1), but perl.
            List.of("/usr/bin/perl", "-e", "use POSIX; POSIX::setsid(); exec {$ARGV[0]} @ARGV; exit 127"));

    private static final String SHELL = "/bin/sh";

    private final Path scripts;
    private final List<String> shell;
    private final List<String> sessionStarter;

    private Watcher(Path scripts, List<String> shell, List<String> sessionStarter) {
        this.scripts = scripts;
        this.shell = shell;
        this.sessionStarter = sessionStarter;
    }

    /** What this machine lacks to run a watcher; empty if nothing. */
    static Optional<String> missing() {
        if (!Files.isExecutable(Path.of(SHELL))) {
            return Optional.of("there is no /bin/sh");
        }
        return starter().isPresent()
                ? Optional.empty()
                : Optional.of("there is neither setsid nor perl in /usr/bin to start a session with");
    }

    /** @param directory where the scripts are put */
    static Watcher in(Path directory) throws IOException {
        List<String> starter = starter()
                .orElseThrow(() -> new LanternException(
                        "local processes cannot be started: " + missing().orElse("")));
        return in(directory, List.of(SHELL), starter);
    }

    static Watcher in(Path directory, List<String> shell, List<String> sessionStarter) throws IOException {
        for (String script : List.of("watch.sh", "launch.sh")) {
            PrivateFiles.file(directory.resolve(script), resource(script));
        }
        return new Watcher(directory, shell, sessionStarter);
    }

    /** @throws IOException if the operating system refuses to start it; nothing runs then */
    WatchedProcess start(InstanceDirectory directory, List<String> command, Map<String, String> environment)
            throws IOException {
        List<String> line = new ArrayList<>(shell);
        line.add(scripts.resolve("watch.sh").toString());
        line.add(directory.path().toString());
        line.addAll(sessionStarter);
        line.addAll(shell);
        line.add(scripts.resolve("launch.sh").toString());
        line.add(directory.path().toString());
        line.addAll(command);
        ProcessBuilder builder = new ProcessBuilder(line);
        builder.directory(directory.work().toFile());
        builder.environment().clear();
        builder.environment().putAll(environment);
        return new WatchedProcess(builder.start());
    }

    private static Optional<List<String>> starter() {
        return SESSION_STARTERS.stream()
                .filter(starter -> Files.isExecutable(Path.of(starter.get(0))))
                .findFirst();
    }

    private static byte[] resource(String name) throws IOException {
        try (InputStream in = Watcher.class.getResourceAsStream(name)) {
            if (in == null) {
                throw new LanternException("the script " + name + " is missing from the jar of lantern-core");
            }
            return in.readAllBytes();
        }
    }
}
