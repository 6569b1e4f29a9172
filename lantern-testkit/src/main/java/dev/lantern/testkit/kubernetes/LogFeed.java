package dev.lantern.testkit.kubernetes;

import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/** A log on its way to a reader: what there is, and when followed also what comes, until the container has ended. */
final class LogFeed implements Feed {
    private final PodLogs.Output output;
    private final Options options;
    private final BooleanSupplier running;
    private final int rotations;
    private int next;
    private long bytesLeft;
    private boolean over;

    LogFeed(PodLogs.Output output, Options options, BooleanSupplier running) {
        this.output = output;
        this.options = options;
        this.running = running;
        this.rotations = output.rotations();
        this.bytesLeft = options.limitBytes();
        this.next = options.tailLines() < 0
                ? output.begin()
                : (int) Math.max(output.begin(), output.end() - options.tailLines());
    }

    /**
     * @param since lines before are left out; null for none
     * @param tailLines only so many of those that are there; negative for all
     */
    record Options(
            boolean follow, boolean timestamps, @Nullable Instant since, long tailLines, long limitBytes) {
        static Options of(Query query, Instant now) {
            // The API server asks the kubelet in whole seconds: a reader that resumes sees some lines twice.
            Instant since = PodLogs.time(query.text("sinceTime"));
            since = since == null ? null : since.truncatedTo(ChronoUnit.SECONDS);
            if (query.has("sinceSeconds")) {
                since = now.minusSeconds(query.number("sinceSeconds").orElse(0));
            }
            return new Options(
                    query.flag("follow"),
                    query.flag("timestamps"),
                    since,
                    query.number("tailLines").orElse(-1),
                    query.number("limitBytes").orElse(Long.MAX_VALUE));
        }
    }

    @Override
    public void pull(Sink sink) {
        if (over) {
            return;
        }
        // Asked before the lines are read: what a container writes last is there when it has ended.
        boolean more = options.follow() && running.getAsBoolean() && rotations == output.rotations();
        next = Math.max(next, output.begin());
        while (next < output.end() && sink.ready() && bytesLeft > 0) {
            line(sink, output.line(next++));
        }
        if (bytesLeft <= 0 || (!more && next == output.end())) {
            over = true;
            sink.end();
        }
    }

    private void line(Sink sink, PodLogs.Line line) {
        if (options.since() != null && line.time().isBefore(options.since())) {
            return;
        }
        byte[] bytes = line.bytes(options.timestamps());
        int length = (int) Math.min(bytes.length, bytesLeft);
        sink.write(length == bytes.length ? bytes : java.util.Arrays.copyOf(bytes, length));
        bytesLeft -= length;
    }
}
