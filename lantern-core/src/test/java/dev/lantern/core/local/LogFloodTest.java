package dev.lantern.core.local;

import static dev.lantern.core.local.Agents.ref;
import static dev.lantern.core.local.Agents.shell;
import static org.assertj.core.api.Assertions.assertThat;

import dev.lantern.substrate.InstanceEnd;
import dev.lantern.substrate.InstanceRef;
import dev.lantern.substrate.SubstrateListener;
import dev.lantern.substrate.Verified;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Agents that write more than anybody wants, in a JVM with the heap of every test. */
class LogFloodTest {
    private static final Duration SOON = Duration.ofSeconds(20);
    private static final long GIGABYTE = 1L << 30;

    @TempDir
    Path directory;

    private LocalProcessSubstrate substrate;

    @AfterEach
    void close() {
        substrate.close();
    }

    @Test
    void line_of_a_gigabyte_is_told_as_its_beginning() throws Exception {
        Counting counting = new Counting();
        open(counting);

        substrate.start(
                shell(ref("run-1", 1), "head -c " + GIGABYTE + " /dev/zero | tr '\\0' x; echo; echo next"), SOON);

        assertThat(counting.end.get(120, TimeUnit.SECONDS)).isEqualTo(new InstanceEnd.Exited(0));
        assertThat(counting.lines.get()).isEqualTo(2);
        assertThat(counting.last).isEqualTo("next");
        assertThat(counting.longest)
                .startsWith("xxx")
                .endsWith(" [… " + (GIGABYTE - LineSplitter.MAX_LINE) + " more bytes of this line left out]");
    }

    @Test
    void flood_of_lines_arrives_in_full() throws Exception {
        Counting counting = new Counting();
        open(counting);

        substrate.start(shell(ref("run-1", 1), "yes 0123456789 | head -n 5000000; yes | head -n 1000 >&2"), SOON);

        assertThat(counting.end.get(120, TimeUnit.SECONDS)).isEqualTo(new InstanceEnd.Exited(0));
        assertThat(counting.lines.get()).isEqualTo(5_001_000);
    }

    @Test
    void agent_waits_while_its_reader_is_busy() throws Exception {
        CountDownLatch go = new CountDownLatch(1);
        Counting counting = new Counting() {
            @Override
            public void logged(InstanceRef instance, Instant at, String stream, String line) {
                try {
                    go.await();
                } catch (InterruptedException e) {
                    throw new AssertionError(e);
                }
                super.logged(instance, at, stream, line);
            }
        };
        open(counting);
        Path written = directory.resolve("written");
        // Each portion is counted when the pipe has taken it.
        substrate.start(
                shell(
                        ref("run-1", 1),
                        "i=0; while [ $i -lt 100 ]; do head -c 16383 /dev/zero | tr '\\0' x; echo; i=$((i+1));"
                                + " echo $i > " + written + "; done"),
                SOON);
        Processes.within(SOON, "the pipe is full", () -> portions(written) >= 4);

        // One portion with the reader, one being read, four in a pipe of 64 KiB: far from a hundred.
        go.countDown();
        int most = portions(written);

        assertThat(most).isLessThan(20);
        assertThat(counting.end.get(60, TimeUnit.SECONDS)).isEqualTo(new InstanceEnd.Exited(0));
        assertThat(counting.lines.get()).isEqualTo(100);
    }

    @Test
    void agent_that_closes_its_output_goes_on() throws Exception {
        Counting counting = new Counting();
        open(counting);

        substrate.start(
                shell(
                        ref("run-1", 1),
                        "echo bye; exec >&- 2>&-; i=0; while [ $i -lt 1000 ]; do i=$((i+1)); done; exit 4"),
                SOON);

        assertThat(counting.end.get(60, TimeUnit.SECONDS)).isEqualTo(new InstanceEnd.Exited(4));
        assertThat(counting.last).isEqualTo("bye");
    }

    private void open(SubstrateListener listener) {
        substrate = LocalProcessSubstrate.in(directory.resolve("state"));
        substrate.gateway(new ScriptedDoor("{}"), "in-process");
        substrate.open(new ListeningHost(listener));
    }

    private static int portions(Path written) {
        try {
            String text = Files.exists(written) ? Files.readString(written).strip() : "";
            return text.isEmpty() ? 0 : Integer.parseInt(text);
        } catch (java.io.IOException e) {
            throw new AssertionError(e);
        }
    }

    /** Keeps the longest and the last line only. */
    private static class Counting implements SubstrateListener {
        @Override
        public void verified(InstanceRef instance, Verified verified) {
            throw new AssertionError("a plain process has nothing to verify: " + verified);
        }

        final CompletableFuture<InstanceEnd> end = new CompletableFuture<>();
        final AtomicLong lines = new AtomicLong();
        volatile String last = "";
        volatile String longest = "";

        @Override
        public void ended(InstanceRef instance, InstanceEnd how) {
            end.complete(how);
        }

        @Override
        public void logged(InstanceRef instance, Instant at, String stream, String line) {
            lines.incrementAndGet();
            last = line;
            if (line.length() > longest.length()) {
                longest = line;
            }
        }
    }
}
