package dev.lantern.core.local;

import dev.lantern.agent.clockwork.Deadline;
import dev.lantern.value.LanternException;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** The processes of one instance, however many they have become. */
final class Members {
    private static final int LOOK_AGAIN_MILLIS = 20;

    private final InstanceDirectory directory;
    private final ProcessTable processes;

    Members(InstanceDirectory directory, ProcessTable processes) {
        this.directory = directory;
        this.processes = processes;
    }

    boolean any() {
        return !directory.members(processes).isEmpty();
    }

    /** SIGTERM for each. */
    void terminate() {
        directory.members(processes).forEach(ProcessHandle::destroy);
    }

    /**
     * Waits until there are none.
     *
     * @return whether that came before the deadline
     */
    boolean gone(Deadline deadline) throws InterruptedException {
        List<ProcessHandle> left = directory.members(processes);
        while (!left.isEmpty() && !deadline.passed()) {
            awaitEnd(left.get(0), deadline);
            left = directory.members(processes);
        }
        return left.isEmpty();
    }

    /**
     * SIGKILL for all of them, again and again: one may have been in the middle of a fork.
     *
     * @throws LanternException if some stand when the deadline has passed
     */
    void kill(Deadline deadline) throws InterruptedException {
        List<ProcessHandle> left = directory.members(processes);
        while (!left.isEmpty()) {
            left.forEach(ProcessHandle::destroyForcibly);
            if (deadline.passed()) {
                throw new LanternException("processes "
                        + left.stream().map(ProcessHandle::pid).toList()
                        + " of the instance in " + directory.path()
                        + " stand after SIGKILL; they hang in the kernel or the time was too short: stop again");
            }
            awaitEnd(left.get(0), deadline);
            left = directory.members(processes);
        }
    }

    /** For a moment only: who is not our child is gone for us when it is a zombie, and that is told by looking. */
    private static void awaitEnd(ProcessHandle process, Deadline deadline) throws InterruptedException {
        try {
            process.onExit().get(Math.min(LOOK_AGAIN_MILLIS, deadline.millisLeft()), TimeUnit.MILLISECONDS);
        } catch (TimeoutException stillThere) {
            return;
        } catch (ExecutionException e) {
            throw new LanternException("cannot wait for process " + process.pid(), e);
        }
    }
}
