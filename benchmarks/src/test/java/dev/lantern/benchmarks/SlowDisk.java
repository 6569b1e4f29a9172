package dev.lantern.benchmarks;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/**
 * A disk whose syncs take a millisecond longer than this machine's: the same measurement in a process, and a server
 * started by it, whose {@code fsync} and {@code fdatasync} pause before they sync. Needs a C compiler.
 */
final class SlowDisk {
    private static final String SOURCE = "slow-sync.c";

    private SlowDisk() {}

    /** Runs these parts of the benchmark on such a disk, printing where this process prints; or says why it cannot. */
    static void run(List<String> parts) throws IOException, InterruptedException {
        Path directory = Files.createTempDirectory("lantern-bench-slow");
        Optional<Path> library = compile(directory);
        if (library.isEmpty()) {
            System.out.println("slow disk: not measured, because there is no C compiler here to make one with");
        } else {
            System.out.println("slow disk: the same with fsync and fdatasync pausing for 1 ms before they sync"
                    + " (a preloaded library, in this process and its server)");
            runWith(library.get(), parts);
        }
        Directories.delete(directory);
    }

    private static Optional<Path> compile(Path directory) throws IOException, InterruptedException {
        Path source = directory.resolve(SOURCE);
        Path library = directory.resolve("slow-sync.so");
        try (InputStream in = SlowDisk.class.getResourceAsStream(SOURCE)) {
            if (in == null) {
                throw new IllegalStateException(SOURCE + " is missing beside " + SlowDisk.class);
            }
            Files.copy(in, source);
        }
        for (String compiler : List.of("cc", "gcc", "clang")) {
            try {
                Process process = new ProcessBuilder(
                                compiler,
                                "-O1",
                                "-shared",
                                "-fPIC",
                                "-o",
                                library.toString(),
                                source.toString(),
                                "-ldl")
                        .inheritIO()
                        .start();
                if (process.waitFor(1, TimeUnit.MINUTES) && process.exitValue() == 0) {
                    return Optional.of(library);
                }
            } catch (IOException absent) {
                // The next name may be there.
            }
        }
        return Optional.empty();
    }

    private static void runWith(Path library, List<String> parts) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(BenchJournal.command(BenchJournal.class));
        command.addAll(parts);
        ProcessBuilder slow = new ProcessBuilder(command).inheritIO();
        slow.environment().put("LD_PRELOAD", library.toString());
        int status = slow.start().waitFor();
        if (status != 0) {
            System.out.println("slow disk: the measurement ended with status " + status);
        }
    }
}
