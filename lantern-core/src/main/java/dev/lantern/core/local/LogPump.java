package dev.lantern.core.local;

import dev.lantern.agent.clockwork.Workers;
import java.io.IOException;
import java.io.InputStream;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;

/**
 * Reads what an agent writes, a line at a time, on a thread of its own. Nothing is buffered beyond one line: while
 * the reader is busy the pipe fills, and the agent waits.
 */
final class LogPump {
    private static final int PORTION = 16 * 1024;

    private LogPump() {}

    /** @return completed at the end of the stream */
    static CompletableFuture<Void> start(Workers workers, String name, InputStream from, Consumer<String> lines) {
        CompletableFuture<Void> end = new CompletableFuture<>();
        workers.start(name, () -> {
            try (from) {
                pump(from, lines);
                end.complete(null);
            } catch (IOException | RuntimeException | Error e) {
                end.completeExceptionally(e);
            }
        });
        return end;
    }

    private static void pump(InputStream from, Consumer<String> lines) throws IOException {
        LineSplitter splitter = new LineSplitter(lines);
        byte[] portion = new byte[PORTION];
        int read = from.read(portion);
        while (read >= 0) {
            splitter.take(portion, read);
            read = from.read(portion);
        }
        splitter.end();
    }
}
