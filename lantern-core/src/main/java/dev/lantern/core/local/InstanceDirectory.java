package dev.lantern.core.local;

import dev.lantern.substrate.InstanceRef;
import dev.lantern.value.Digest;
import dev.lantern.value.LanternException;
import dev.lantern.value.RunRef;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * What lies on disk of one instance. Its existence is the record that the instance may stand, so it is made
 * before anything is started and removed when nothing runs any more.
 *
 * <pre>
 * instance       tenant, run, epoch and boot of the machine, a line each
 * process        the agent's process, noted by itself before it becomes the agent
 * input.json     the run's input
 * enrolment      the enrolment secret, where the harness is a process of its own
 * secrets/       the run's secrets, each a file under its name, while their leases last
 * out/           where the agent may leave result.json
 * work/          the agent's working directory and home; work/tmp its TMPDIR
 * </pre>
 */
record InstanceDirectory(Path path) {
    private static final int NAME_LENGTH = 32;

    /**
     * In {@code parent}, under a name that fits every file system whatever the run is called.
     *
     * @param start counts the starts of a host: a late clean-up of one never touches what the next one made
     */
    static InstanceDirectory of(Path parent, InstanceRef instance, long start) {
        return new InstanceDirectory(parent.resolve(prefix(instance) + start));
    }

    /** How the names of this instance's directories begin. */
    static String prefix(InstanceRef instance) {
        String digest = Digest.sha256(instance.toString().getBytes(StandardCharsets.UTF_8))
                .hex();
        return "i-" + digest.substring(0, NAME_LENGTH) + "-";
    }

    void create(InstanceRef instance, String boot) throws IOException {
        PrivateFiles.directory(path);
        String record = String.join(
                "\n", instance.run().tenant(), instance.run().run(), Integer.toString(instance.epoch()), boot, "");
        PrivateFiles.file(path.resolve("instance"), record.getBytes(StandardCharsets.UTF_8));
        PrivateFiles.directory(path.resolve("out"));
        PrivateFiles.directory(secrets());
        PrivateFiles.directory(work());
        PrivateFiles.directory(temporary());
    }

    Path work() {
        return path.resolve("work");
    }

    Path temporary() {
        return work().resolve("tmp");
    }

    Path input() {
        return path.resolve("input.json");
    }

    Path result() {
        return path.resolve("out").resolve("result.json");
    }

    Path secrets() {
        return path.resolve("secrets");
    }

    Path enrolment() {
        return path.resolve("enrolment");
    }

    /** Whether the shell that was to become the agent could not. */
    boolean notExecuted() {
        return Files.exists(path.resolve("not-executed"));
    }

    /** Whose directory this is; empty if its maker died before it had said so, and so before it started anything. */
    Optional<InstanceRef> instance() {
        List<String> lines = lines();
        if (lines.size() < 5) {
            return Optional.empty();
        }
        try {
            RunRef run = new RunRef(lines.get(0), lines.get(1));
            return Optional.of(new InstanceRef(run, Integer.parseInt(lines.get(2))));
        } catch (NumberFormatException | LanternException e) {
            throw new LanternException(
                    "the record " + path.resolve("instance") + " is damaged: end what it started by hand and remove "
                            + path,
                    e);
        }
    }

    /** The living processes of this instance. */
    List<ProcessHandle> members(ProcessTable processes) {
        List<String> lines = lines();
        boolean thisBoot = lines.size() >= 5 && lines.get(3).equals(processes.boot());
        return thisBoot ? processes.membersOf(processes.leader(text(path.resolve("process"))), mark()) : List.of();
    }

    /** What every process of the agent has in its environment and no other process has. */
    String mark() {
        return ChildEnvironment.RESULT_FILE + "=" + result();
    }

    void remove() throws IOException {
        PrivateFiles.remove(path);
    }

    private List<String> lines() {
        return List.of(text(path.resolve("instance")).split("\n", -1));
    }

    /** Empty for a file that is not there, or not any more. */
    private static String text(Path file) {
        try {
            return Files.readString(file, StandardCharsets.UTF_8);
        } catch (IOException absent) {
            return "";
        }
    }
}
