package dev.lantern.core.local;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;

/** What a test sees of this machine's processes, without the code under test. */
final class Processes {
    private Processes() {}

    /** Living processes with this in their environment. */
    static List<Long> mentioning(String text) {
        return ProcessHandle.allProcesses()
                .map(ProcessHandle::pid)
                .filter(pid -> isAlive(pid) && read("/proc/" + pid + "/environ").contains(text))
                .toList();
    }

    /** Living processes whose command line holds this. */
    static List<Long> named(String text) {
        return ProcessHandle.allProcesses()
                .map(ProcessHandle::pid)
                .filter(pid -> isAlive(pid) && read("/proc/" + pid + "/cmdline").contains(text))
                .toList();
    }

    static boolean isAlive(long pid) {
        String stat = read("/proc/" + pid + "/stat");
        return !stat.isEmpty() && !stat.contains(") Z ");
    }

    static boolean isStopped(long pid) {
        return read("/proc/" + pid + "/stat").contains(") T ");
    }

    static void signal(String signal, String target) throws IOException, InterruptedException {
        new ProcessBuilder("/bin/sh", "-c", "kill -s " + signal + " -- " + target)
                .inheritIO()
                .start()
                .waitFor();
    }

    /** Fails unless the condition holds within that time. */
    static void within(Duration time, String what, BooleanSupplier condition) {
        CountDownLatch never = new CountDownLatch(1);
        long deadline = System.nanoTime() + time.toNanos();
        try {
            while (!condition.getAsBoolean()) {
                if (System.nanoTime() > deadline) {
                    throw new AssertionError("not within " + time + ": " + what);
                }
                never.await(5, TimeUnit.MILLISECONDS);
            }
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    private static String read(String file) {
        try {
            return new String(Files.readAllBytes(Path.of(file)), StandardCharsets.ISO_8859_1);
        } catch (IOException gone) {
            return "";
        }
    }
}
