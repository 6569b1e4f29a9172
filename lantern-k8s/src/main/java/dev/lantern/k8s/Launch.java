package dev.lantern.k8s;

import dev.lantern.gate.Placement;
import dev.lantern.substrate.InstanceEnd;
import dev.lantern.substrate.InstanceStart;
import dev.lantern.substrate.SubstrateListener;
import dev.lantern.value.LanternException;
import java.time.Duration;
import java.util.Optional;

/**
 * Starts an instance: the workspace if it has one, the Job, the pod. At each step that may stand already from an earlier
 * try or from another host, what stands is compared and taken up; so a start that broke off anywhere is started again.
 * Three calls that write, and one more for a workspace's first instance.
 *
 * <p>What ends a start for a known reason is told to the listener. An exception means that nothing is known. Thread-safe.
 */
final class Launch {
    /** Even if the time of a start is over, what must not stand is taken away. */
    private static final Duration REMOVAL = Duration.ofSeconds(5);

    private final Calls calls;
    private final PodRequests requests;
    private final Workspaces workspaces;
    private final JobMaking jobs;
    private final PodRelease pods;
    private final SubstrateListener listener;

    Launch(
            Calls calls,
            PodRequests requests,
            Workspaces workspaces,
            JobMaking jobs,
            PodRelease pods,
            SubstrateListener listener) {
        this.calls = calls;
        this.requests = requests;
        this.workspaces = workspaces;
        this.jobs = jobs;
        this.pods = pods;
        this.listener = listener;
    }

    /** As {@link dev.lantern.substrate.Substrate#start}. */
    void start(InstanceStart start, Duration time) {
        Within within = Within.of(time);
        PodRequest request;
        try {
            request = requests.of(start);
            JobTemplate.of(request);
        } catch (LanternException e) {
            // It follows from the spec, the gate's decision and the configuration, and another try would say the same.
            listener.ended(start.instance(), new InstanceEnd.StartFailed(String.valueOf(e.getMessage()), true));
            return;
        }
        try {
            start(start, request, within);
        } catch (NotStartedException e) {
            e.remove().ifPresent(uid -> remove(request, uid, within));
            listener.ended(start.instance(), e.end());
        }
    }

    private void start(InstanceStart start, PodRequest request, Within within) throws NotStartedException {
        Placement.InCluster place = PodRequests.place(start);
        workspaces.provide(request, start, within);
        Optional<StandingJob> job = jobs.make(request, requests.latest(start), within);
        if (job.isPresent()) {
            pods.letGo(job.get(), place, within);
        }
    }

    /** Whatever comes of it: the engine stops every instance whose end it is told of, and that asks again. */
    private void remove(PodRequest request, String uid, Within within) {
        Duration time = within.left().compareTo(REMOVAL) < 0 ? REMOVAL : within.left();
        calls.change(Paths.deleteJob(request.namespace(), request.key().jobName(), uid), time);
    }
}
