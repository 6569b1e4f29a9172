package dev.lantern.core.local;

import dev.lantern.substrate.InstanceEnd;
import java.util.Optional;

/**
 * What an exit code means. As everywhere on Unix 128 + n stands for signal n, and an agent that exits with such a
 * code of its own accord is taken for killed: the two look the same.
 */
final class Ending {
    private Ending() {}

    /**
     * @param command what was run
     * @param notExecuted whether it could not be executed
     * @param stopped why it was told to end, if it was
     */
    static InstanceEnd of(int code, String command, boolean notExecuted, Optional<String> stopped) {
        if (notExecuted) {
            return new InstanceEnd.StartFailed(
                    "the command " + command + " could not be executed: its interpreter may be missing, or its format"
                            + " is not this machine's; the log has the shell's words",
                    true);
        }
        String signal = sentFromOutside(code - 128);
        if (signal.isEmpty()) {
            return new InstanceEnd.Exited(code);
        }
        return new InstanceEnd.Lost(stopped.map(why -> "stopped: " + why)
                .orElse("killed by signal " + (code - 128) + " (" + signal + ") that Lantern did not send"
                        + (code == 137 ? ": by somebody, or by the kernel for lack of memory" : "")));
    }

    /** Not those that a program brings upon itself, such as a segmentation fault: they are its own failure. */
    private static String sentFromOutside(int signal) {
        return switch (signal) {
            case 1 -> "SIGHUP";
            case 2 -> "SIGINT";
            case 3 -> "SIGQUIT";
            case 9 -> "SIGKILL";
            case 15 -> "SIGTERM";
            default -> "";
        };
    }
}
