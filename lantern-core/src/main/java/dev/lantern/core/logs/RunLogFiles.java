package dev.lantern.core.logs;

import java.io.ByteArrayOutputStream;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * One run's lines, in files of a share of its size each; a file is named by the number of its first line.
 * Guarded by the store.
 */
final class RunLogFiles {
    private static final String SUFFIX = ".log";
    /** Files per run: what goes at once when a run outgrows its share. */
    private static final int FILES = 8;
    /**
     * Numbers left out whenever a process begins to write: more than it can have written and lost in a crash, so
     * that no cursor ever means two lines.
     */
    private static final long NUMBERS_LEFT_OUT = 1L << 20;

    private final Path directory;
    private final long bytesPerRun;
    private final List<Path> files;
    private long next;
    private long size;

    /** Looks at what is there, and cuts off a line that a crash left unfinished. */
    static RunLogFiles open(Path directory, long bytesPerRun) throws IOException {
        Files.createDirectories(directory);
        List<Path> files = list(directory);
        long last = 0;
        long size = 0;
        if (!files.isEmpty()) {
            Path newest = files.get(files.size() - 1);
            size = cutUnfinishedLine(newest);
            last = linesOf(newest, 0, Integer.MAX_VALUE).stream()
                    .reduce((a, b) -> b)
                    .map(StoredLine::number)
                    .orElse(firstNumber(newest) - 1);
        }
        return new RunLogFiles(directory, bytesPerRun, files, last == 0 ? 1 : last + NUMBERS_LEFT_OUT, size);
    }

    private RunLogFiles(Path directory, long bytesPerRun, List<Path> files, long next, long size) {
        this.directory = directory;
        this.bytesPerRun = bytesPerRun;
        this.files = new ArrayList<>(files);
        this.next = next;
        this.size = size;
    }

    long next() {
        return next++;
    }

    void append(List<StoredLine> lines) throws IOException {
        ByteArrayOutputStream pending = new ByteArrayOutputStream();
        for (StoredLine line : lines) {
            byte[] bytes = line.bytes();
            if (files.isEmpty() || size + bytes.length > bytesPerRun / FILES) {
                flush(pending);
                begin(line.number());
            }
            pending.write(bytes);
            size += bytes.length;
        }
        flush(pending);
    }

    /** Reads behind a number, across files; a directory or file that is gone holds nothing. */
    static List<StoredLine> read(Path directory, long after, int max) throws IOException {
        if (!Files.isDirectory(directory)) {
            return List.of();
        }
        List<Path> files = list(directory);
        List<StoredLine> found = new ArrayList<>();
        for (int i = 0; i < files.size() && found.size() < max; i++) {
            boolean allBefore = i + 1 < files.size() && firstNumber(files.get(i + 1)) <= after + 1;
            if (!allBefore) {
                found.addAll(linesOf(files.get(i), after, max - found.size()));
            }
        }
        return found;
    }

    /** Deletes the files of a run, and the directory if nothing else is in it; what is not there is no failure. */
    static void drop(Path directory) throws IOException {
        if (Files.isDirectory(directory)) {
            dropOlder(directory, Instant.MAX);
        }
    }

    /** Deletes the files that nobody wrote to since; the directory too once it is empty. */
    static void dropOlder(Path directory, Instant than) throws IOException {
        List<Path> files = list(directory);
        int dropped = 0;
        for (Path file : files) {
            if (Files.getLastModifiedTime(file).toInstant().isBefore(than)) {
                Files.deleteIfExists(file);
                dropped++;
            }
        }
        if (dropped == files.size()) {
            Files.deleteIfExists(directory);
        }
    }

    private void begin(long firstNumber) throws IOException {
        while (files.size() >= FILES) {
            Files.deleteIfExists(files.remove(0));
        }
        files.add(directory.resolve(String.format(Locale.ROOT, "%019d", firstNumber) + SUFFIX));
        size = 0;
    }

    /** Not through a channel: an interrupt would close it with half a line written. */
    private void flush(ByteArrayOutputStream pending) throws IOException {
        if (pending.size() > 0) {
            try (FileOutputStream out =
                    new FileOutputStream(files.get(files.size() - 1).toFile(), true)) {
                pending.writeTo(out);
            }
            pending.reset();
        }
    }

    private static List<StoredLine> linesOf(Path file, long after, int max) throws IOException {
        byte[] bytes;
        try {
            bytes = Files.readAllBytes(file);
        } catch (NoSuchFileException e) {
            return List.of();
        }
        List<StoredLine> found = new ArrayList<>();
        int begin = 0;
        for (int i = 0; i < bytes.length && found.size() < max; i++) {
            if (bytes[i] == '\n') {
                Optional<StoredLine> line =
                        StoredLine.parse(new String(bytes, begin, i - begin, StandardCharsets.UTF_8));
                line.filter(stored -> stored.number() > after).ifPresent(found::add);
                begin = i + 1;
            }
        }
        return found;
    }

    private static long cutUnfinishedLine(Path file) throws IOException {
        try (RandomAccessFile open = new RandomAccessFile(file.toFile(), "rw")) {
            long end = open.length();
            while (end > 0) {
                open.seek(end - 1);
                if (open.read() == '\n') {
                    break;
                }
                end--;
            }
            open.setLength(end);
            return end;
        }
    }

    private static List<Path> list(Path directory) throws IOException {
        try (Stream<Path> files = Files.list(directory)) {
            return files.filter(RunLogFiles::isOurs).sorted().toList();
        }
    }

    private static boolean isOurs(Path file) {
        return file.getFileName().toString().matches("[0-9]{19}\\.log");
    }

    private static long firstNumber(Path file) {
        String name = file.getFileName().toString();
        return Long.parseLong(name.substring(0, name.length() - SUFFIX.length()));
    }
}
