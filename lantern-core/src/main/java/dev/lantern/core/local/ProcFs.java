package dev.lantern.core.local;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * The process table as Linux shows it in files.
 *
 * <p>A process belongs to an instance if it is in the session that the instance's first process leads, or if it
 * carries the instance's mark in its environment, which finds daemons that left the session. The session alone
 * counts only while its leader is the process it was: the number of a dead leader can have gone to a stranger.
 */
final class ProcFs implements ProcessTable {
    private static final Path PROC = Path.of("/proc");
    private static final Path BOOT = Path.of("/proc/sys/kernel/random/boot_id");
    /** Positions in {@code stat} behind the process's name. */
    private static final int STATE = 0;

    private static final int SESSION = 3;
    private static final int START = 19;

    static boolean isMounted() {
        return Files.isReadable(Path.of("/proc/self/stat")) && Files.isReadable(BOOT);
    }

    @Override
    public String boot() {
        return read(BOOT).strip();
    }

    @Override
    public Optional<Leader> leader(String note) {
        int space = note.indexOf(' ');
        return note.endsWith("\n") && space > 0
                ? fields(note).map(stat -> new Leader(Long.parseLong(note.substring(0, space)), stat.get(START)))
                : Optional.empty();
    }

    @Override
    public List<ProcessHandle> membersOf(Optional<Leader> leader, String mark) {
        Optional<String> session = leader.filter(ProcFs::isWhatItWas).map(first -> Long.toString(first.pid()));
        List<ProcessHandle> members = new ArrayList<>();
        for (long pid : pids()) {
            // Taken first: a handle knows when its process began and never acts on a later one of that number.
            Optional<ProcessHandle> handle = ProcessHandle.of(pid);
            Optional<List<String>> stat = stat(pid).filter(ProcFs::isAlive);
            if (handle.isPresent() && stat.isPresent()) {
                boolean inSession = session.equals(Optional.of(stat.get().get(SESSION)));
                if (inSession || carries(pid, mark)) {
                    members.add(handle.get());
                }
            }
        }
        return members;
    }

    private static boolean isWhatItWas(Leader leader) {
        return stat(leader.pid())
                .map(stat -> stat.get(START).equals(leader.birth()))
                .orElse(false);
    }

    private static Optional<List<String>> stat(long pid) {
        return fields(read(PROC.resolve(Long.toString(pid)).resolve("stat")));
    }

    /** The fields behind the process's name, which may hold anything, parentheses and blanks too. */
    private static Optional<List<String>> fields(String stat) {
        int end = stat.lastIndexOf(") ");
        List<String> fields = end < 0
                ? List.of()
                : Arrays.asList(stat.substring(end + 2).strip().split(" ", -1));
        return fields.size() > START ? Optional.of(fields) : Optional.empty();
    }

    private static boolean isAlive(List<String> stat) {
        return !stat.get(STATE).equals("Z") && !stat.get(STATE).equals("X");
    }

    private static boolean carries(long pid, String mark) {
        String environment = read(PROC.resolve(Long.toString(pid)).resolve("environ"));
        return ("\0" + environment + "\0").contains("\0" + mark + "\0");
    }

    private static List<Long> pids() {
        List<Long> pids = new ArrayList<>();
        try (DirectoryStream<Path> numbers = Files.newDirectoryStream(PROC, "[0-9]*")) {
            for (Path number : numbers) {
                pids.add(Long.parseLong(number.getFileName().toString()));
            }
        } catch (DirectoryIteratorException e) {
            throw new UncheckedIOException("cannot list the processes in " + PROC, e.getCause());
        } catch (IOException e) {
            throw new UncheckedIOException("cannot list the processes in " + PROC, e);
        }
        return pids;
    }

    /** Empty for what cannot be read: the process has gone, or it is another user's and so not ours. */
    private static String read(Path file) {
        try {
            return new String(Files.readAllBytes(file), StandardCharsets.UTF_8);
        } catch (IOException gone) {
            return "";
        }
    }
}
