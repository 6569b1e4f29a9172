package dev.lantern.agent.wire;

import dev.lantern.value.LanternException;
import dev.lantern.value.internal.Json;
import java.util.ArrayList;
import java.util.List;

/**
 * What a harness saw of the sandbox that it is in, before anything of the agent ran. Texts of the kernel's, as they are and
 * cut: what they prove is judged by the host.
 *
 * @param kernel {@code /proc/version}
 * @param bootId {@code /proc/sys/kernel/random/boot_id}
 * @param gvisor whether there is a {@code /proc/gvisor} or a {@code /proc/sentry-meminfo}, which only gVisor serves
 * @param commandLine {@code /proc/cmdline}
 * @param mounts type and source of each mount, a space between, each once and in the order of the mounts
 */
public record SandboxReport(String kernel, String bootId, boolean gvisor, String commandLine, List<String> mounts) {
    /** Longer texts are cut, and longer ones are refused. */
    public static final int LONGEST = 2_048;

    /** More mounts are left out, and more are refused. */
    public static final int MOST_MOUNTS = 64;

    public SandboxReport {
        mounts = List.copyOf(mounts);
        if (mounts.size() > MOST_MOUNTS
                || mounts.stream().anyMatch(SandboxReport::isTooLong)
                || isTooLong(kernel)
                || isTooLong(bootId)
                || isTooLong(commandLine)) {
            throw new LanternException("a sandbox report has texts of at most " + LONGEST + " characters and at most "
                    + MOST_MOUNTS + " mounts");
        }
    }

    private static boolean isTooLong(String text) {
        return text.length() > LONGEST;
    }

    /** Its form on the wire and in the journal. */
    public Json.Obj json() {
        return Json.object()
                .put("kernel", kernel)
                .put("bootId", bootId)
                .put("gvisor", gvisor)
                .put("commandLine", commandLine)
                .put("mounts", Json.texts(mounts))
                .build();
    }

    /** @throws LanternException if it is not of that form */
    public static SandboxReport of(Json.Obj json) {
        json.requireOnly("kernel", "bootId", "gvisor", "commandLine", "mounts");
        List<String> mounts = new ArrayList<>();
        for (Json mount : json.array("mounts")) {
            if (!(mount instanceof Json.Text text)) {
                throw new LanternException("a sandbox report lists a mount that is no text");
            }
            mounts.add(text.value());
        }
        return new SandboxReport(
                json.text("kernel"), json.text("bootId"), json.bool("gvisor"), json.text("commandLine"), mounts);
    }
}
