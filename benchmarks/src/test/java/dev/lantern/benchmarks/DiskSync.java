package dev.lantern.benchmarks;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/** How long the disk needs to make a small append durable, as PostgreSQL asks for it: fdatasync. */
final class DiskSync {
    private static final int SYNCS = 200;

    private DiskSync() {}

    /** Whether the goals for slow disks are meant. */
    static boolean isSlow(double seconds) {
        return seconds >= 0.001;
    }

    /** The median in seconds. */
    static double seconds(Path directory) throws IOException {
        Path file = directory.resolve("sync-probe");
        double[] syncs = new double[SYNCS];
        try (FileChannel channel = FileChannel.open(
                file, StandardOpenOption.CREATE, StandardOpenOption.WRITE, StandardOpenOption.APPEND)) {
            for (int i = 0; i < syncs.length; i++) {
                channel.write(ByteBuffer.allocate(512));
                long begun = System.nanoTime();
                channel.force(false);
                syncs[i] = Rounds.seconds(begun);
            }
        }
        Files.delete(file);
        return Rounds.median(syncs);
    }
}
