package dev.lantern.testkit.kubernetes;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.lantern.value.LanternException;

/**
 * A pod of the fake cluster, moved by hand: each method is something that happens to it. Thread-safe.
 *
 * <p>It stands for whatever pod has that name now. The methods throw {@link LanternException} where there is none, or
 * none with such a container.
 */
public final class FakePod {
    private final World world;
    private final Parts parts;
    private final Key key;

    FakePod(World world, Parts parts, Key key) {
        this.world = world;
        this.parts = parts;
        this.key = key;
    }

    /** What pods are moved by. */
    record Parts(PodLife life, Kubelet kubelet, Deletes deletes, PodLogs logs, Events events, Tokens tokens) {}

    /** What it is called. */
    public String name() {
        return key.name();
    }

    /** Where it is. */
    public String namespace() {
        return key.namespace();
    }

    /** The pod as the API server has it; a copy. */
    public ObjectNode json() {
        return world.locked(() -> stored().tree());
    }

    /** Its phase. */
    public String phase() {
        return Trees.text(json(), "status", "phase");
    }

    /** The node it is bound to; empty if it is not. */
    public String node() {
        return Trees.text(json(), "spec", "nodeName");
    }

    /** The token for that audience that a projected volume of the pod would hold; valid for an hour. */
    public String token(String audience) {
        return world.locked(() -> parts.tokens().ofPod(stored(), audience));
    }

    /** Starts what can start: init containers, sidecars until a startup probe holds, then the rest. */
    public void start() {
        happens(() -> parts.life().start(key));
    }

    /** The startup probe of a container succeeds, and what waited for it starts. */
    public void passStartupProbe(String container) {
        happens(() -> parts.life().pass(key, container));
    }

    /** A container waits, and says why: {@code CreateContainerConfigError}, {@code ErrImageNeverPull}, … */
    public void waits(String container, String reason, String message) {
        happens(() -> parts.life().waiting(key, container, reason, message));
    }

    /** A sidecar takes its time: it goes on when the main containers have ended, until {@link #exit} says how it ends. */
    public void drains(String sidecar) {
        happens(() -> parts.life().drain(key, sidecar));
    }

    /**
     * A container ends. A sidecar, and what the restart policy says, starts again; with the last main container, sidecars
     * end with code 0.
     */
    public void exit(String container, int exitCode) {
        happens(() -> parts.life().end(key, container, exitCode, exitCode == 0 ? "Completed" : "Error", ""));
    }

    /** A container is killed for its memory; its exit code is 137, under gVisor 128. */
    public void outOfMemory(String container, int exitCode) {
        happens(() -> parts.life().end(key, container, exitCode, "OOMKilled", ""));
    }

    /** The kubelet ends the pod for its own excess, such as a full {@code emptyDir}; nobody else is to blame. */
    public void evictForExcess(String message) {
        happens(() -> parts.life().fail(key, "Evicted", message));
    }

    /** The kubelet ends the pod because its node runs short. */
    public void evictUnderPressure(String message) {
        happens(() -> {
            parts.life().disrupt(key, "TerminationByKubelet", message);
            parts.life().fail(key, "Evicted", message);
        });
    }

    /** The scheduler takes its place for somebody more important. */
    public void preempt() {
        happens(() -> {
            parts.life()
                    .disrupt(
                            key,
                            "PreemptionByScheduler",
                            "default-scheduler: preempting to accommodate a higher priority pod");
            parts.deletes().delete(stored(), Deletes.Options.BACKGROUND);
        });
    }

    /** The pod ends for a reason and no more is known. */
    public void fail(String reason, String message) {
        happens(() -> parts.life().fail(key, reason, message));
    }

    /** Its containers do not listen to SIGTERM: a deletion takes its whole grace. */
    public void ignoreTermination() {
        happens(() -> parts.kubelet().deafen(stored()));
    }

    /** A container writes a line, now. */
    public void log(String container, String line) {
        happens(() -> parts.logs().add(stored().uid(), container, world.now(), line));
    }

    /** The kubelet moves a log out of the way: whoever follows it reads its end. */
    public void rotateLog(String container) {
        happens(() -> parts.logs().rotate(stored().uid(), container));
    }

    /** What the runtime says is the id of a container's image. */
    public void imageId(String container, String imageId) {
        happens(() -> parts.life().imageId(key, container, imageId));
    }

    /** Ephemeral containers that somebody has added run. */
    public void startEphemeralContainers() {
        happens(() -> parts.life().debug(key));
    }

    /** Somebody says something about it. */
    public void event(String type, String reason, String message) {
        happens(() -> parts.events().say(stored(), type, "kubelet", reason, message));
    }

    private void happens(Runnable what) {
        world.locked(() -> {
            stored();
            try {
                what.run();
            } catch (IllegalArgumentException | IllegalStateException e) {
                throw new LanternException(String.valueOf(e.getMessage()), e);
            }
        });
    }

    private Stored stored() {
        return world.store()
                .find(key)
                .orElseThrow(() -> new LanternException("there is no pod " + key.namespace() + "/" + key.name()));
    }

    @Override
    public String toString() {
        return key.toString();
    }
}
