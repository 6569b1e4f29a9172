package dev.lantern.core.local;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The process table as POSIX's {@code ps} shows it, where there is no {@code /proc}.
 *
 * <p>A process belongs to an instance if it is in the group that the instance's first process leads. Births are
 * told to the second; environments are not looked at.
 */
final class PortableProcesses implements ProcessTable {

    @Override
    public String boot() {
        return "";
    }

    @Override
    public Optional<Leader> leader(String note) {
        String[] parts = note.strip().split(" +", 2);
        return note.endsWith("\n") && parts.length == 2 && isNumber(parts[0])
                ? Optional.of(new Leader(Long.parseLong(parts[0]), oneSpaced(parts[1])))
                : Optional.empty();
    }

    @Override
    public List<ProcessHandle> membersOf(Optional<Leader> leader, String mark) {
        return leader.filter(PortableProcesses::isWhatItWas)
                .map(first -> groupOf(first.pid()))
                .orElse(List.of());
    }

    private static boolean isWhatItWas(Leader leader) {
        return oneSpaced(ps("-o", "lstart=", "-p", Long.toString(leader.pid()))).equals(leader.birth());
    }

    private static List<ProcessHandle> groupOf(long leader) {
        List<ProcessHandle> members = new ArrayList<>();
        for (String line : ps("-A", "-o", "pid=", "-o", "pgid=", "-o", "stat=").split("\n", -1)) {
            String[] fields = line.strip().split(" +", -1);
            boolean inGroup = fields.length >= 3
                    && isNumber(fields[0])
                    && fields[1].equals(Long.toString(leader))
                    && !fields[2].startsWith("Z");
            if (inGroup) {
                ProcessHandle.of(Long.parseLong(fields[0])).ifPresent(members::add);
            }
        }
        return members;
    }

    private static String ps(String... arguments) {
        List<String> command = new ArrayList<>(List.of("/bin/ps"));
        command.addAll(List.of(arguments));
        ProcessBuilder builder = new ProcessBuilder(command);
        builder.environment().put("LC_ALL", "C");
        builder.redirectError(ProcessBuilder.Redirect.DISCARD);
        try {
            Process ps = builder.start();
            ps.getOutputStream().close();
            return new String(ps.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot list the processes of this machine with /bin/ps", e);
        }
    }

    private static String oneSpaced(String text) {
        return text.strip().replaceAll(" +", " ");
    }

    private static boolean isNumber(String text) {
        return !text.isEmpty() && text.length() <= 18 && text.chars().allMatch(c -> c >= '0' && c <= '9');
    }
}
