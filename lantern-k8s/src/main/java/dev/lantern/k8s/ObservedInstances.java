package dev.lantern.k8s;

import dev.lantern.substrate.InstanceRef;
import java.time.Duration;
import java.util.Optional;

/** What starting, stopping, logs and credentials need to know of instances, as the observatory sees them. */
record ObservedInstances(Observatory observatory) implements Lookout {

    @Override
    public Optional<String> awaitPod(InstanceRef instance, Duration within) {
        return observatory.awaitPod(instance, within).map(PodGlimpse::name);
    }

    @Override
    public void expect(InstanceRef instance, Expectation expectation) {
        observatory.expect(instance, expectation);
    }

    @Override
    public void forget(InstanceRef instance) {
        observatory.forget(instance);
    }

    @Override
    public boolean awaitGone(InstanceRef instance, Duration within) {
        return observatory.awaitGone(instance, within);
    }

    /** The pod whose log there is to read. */
    Optional<LoggedPod> logged(InstanceRef instance) {
        return observatory
                .glimpse(instance)
                .map(pod -> new LoggedPod(
                        pod.name(), pod.agent() != PodGlimpse.Agent.WAITING, pod.agent() == PodGlimpse.Agent.ENDED));
    }

    @Override
    public boolean sees(InstanceRef instance) {
        return observatory.sees(instance);
    }

    /** Whether the instance's pod is seen, has that UID and is not being deleted; while nothing is seen it does not stand. */
    boolean stands(InstanceRef instance, String uid) {
        return observatory
                        .glimpse(instance)
                        .filter(pod -> pod.uid().equals(uid) && !pod.deleting())
                        .isPresent()
                && observatory.sees(instance);
    }
}
