package dev.lantern.agent.harness.sandbox;

import dev.lantern.agent.wire.SandboxReport;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashSet;
import java.util.List;

/**
 * Reads what the kernel says of itself. What cannot be read is empty in the report: to the host that is no proof of
 * anything.
 */
public final class SandboxReader {
    /** A mount table can be long; what is left out was mounted last. */
    private static final int MOST_BYTES = 256 * 1024;

    /** The one since 2025, the other before. No other kernel serves them, and nothing can be mounted over them. */
    private static final List<String> GVISORS_OWN = List.of("gvisor", "sentry-meminfo");

    /** Where the filesystem's type follows in {@code mountinfo}, behind optional fields. */
    private static final String SEPARATOR = " - ";

    private final Path proc;

    private SandboxReader(Path proc) {
        this.proc = proc;
    }

    /** Of this process's own kernel. */
    public static SandboxReport read() {
        return read(Path.of("/proc"));
    }

    static SandboxReport read(Path proc) {
        return new SandboxReader(proc).report();
    }

    private SandboxReport report() {
        return new SandboxReport(
                line("version"),
                line("sys/kernel/random/boot_id"),
                GVISORS_OWN.stream().anyMatch(file -> Files.exists(proc.resolve(file))),
                line("cmdline"),
                mounts());
    }

    private String line(String file) {
        String text = text(file).strip();
        return cut(text.lines().findFirst().orElse(""));
    }

    private List<String> mounts() {
        LinkedHashSet<String> mounts = new LinkedHashSet<>();
        for (String line : text("self/mountinfo").lines().toList()) {
            int separator = line.indexOf(SEPARATOR);
            String[] behind = separator < 0
                    ? new String[0]
                    : line.substring(separator + SEPARATOR.length()).split(" ", 3);
            if (behind.length >= 2 && mounts.size() < SandboxReport.MOST_MOUNTS) {
                mounts.add(cut(behind[0] + " " + behind[1]));
            }
        }
        return List.copyOf(mounts);
    }

    private String text(String file) {
        try (InputStream in = Files.newInputStream(proc.resolve(file))) {
            return new String(in.readNBytes(MOST_BYTES), StandardCharsets.UTF_8);
        } catch (IOException e) {
            return "";
        }
    }

    private static String cut(String text) {
        return text.length() > SandboxReport.LONGEST ? text.substring(0, SandboxReport.LONGEST) : text;
    }
}
