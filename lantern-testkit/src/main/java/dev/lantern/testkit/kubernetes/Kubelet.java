package dev.lantern.testkit.kubernetes;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** The kubelets of all nodes that live: each step moves each of their pods by one step of its script. */
final class Kubelet implements Controller {
    private static final String NAME = "kubelet";

    /** Between a sandbox that could not be made and the next try. */
    private static final Duration BACK_OFF = Duration.ofSeconds(10);

    private final World world;
    private final Nodes nodes;
    private final PodLife life;
    private final Deletes deletes;
    private final Events events;
    private final PodLogs logs;
    private final Function<Key, FakePod> handles;
    private final Map<String, Progress> progress = new LinkedHashMap<>();
    private Function<ObjectNode, PodScript> scripts = pod -> PodScript.starts();

    Kubelet(
            World world,
            Nodes nodes,
            PodLife life,
            Deletes deletes,
            Events events,
            PodLogs logs,
            Function<Key, FakePod> handles) {
        this.world = world;
        this.nodes = nodes;
        this.life = life;
        this.deletes = deletes;
        this.events = events;
        this.logs = logs;
        this.handles = handles;
    }

    private static final class Progress {
        private final List<Consumer<FakePod>> steps;
        private int next;
        private boolean deaf;

        /** The version at which there was nothing left to do, until the deadline. */
        private long quietAt;

        private @Nullable Instant deadline;
        private @Nullable Instant retryAt;

        Progress(PodScript script) {
            this.steps = script.steps();
        }
    }

    void scripts(Function<ObjectNode, PodScript> chosen) {
        this.scripts = chosen;
    }

    /** Its containers do not listen to SIGTERM. */
    void deafen(Stored pod) {
        progress(pod).deaf = true;
    }

    @Override
    public void step() {
        for (Stored pod : world.store().all(Types.PODS)) {
            String node = pod.field("spec.nodeName");
            if (!node.isEmpty() && nodes.isAlive(node) && !isQuiet(pod)) {
                step(pod, node);
            }
        }
        progress.keySet().removeIf(uid -> {
            boolean gone = world.store().byUid(uid).isEmpty();
            if (gone) {
                logs.forget(uid);
            }
            return gone;
        });
    }

    private boolean isQuiet(Stored pod) {
        Progress known = progress.get(pod.uid());
        return known != null
                && known.quietAt == pod.version()
                && !pod.isDeleting()
                && (known.deadline == null || world.now().isBefore(known.deadline));
    }

    private void step(Stored pod, String node) {
        ObjectNode tree = pod.tree();
        boolean ended = new PodStatus(tree, world.timestamp()).hasEnded();
        if (pod.isDeleting()) {
            terminate(pod, tree, ended);
        } else if (ended) {
            progress(pod).quietAt = pod.version();
        } else if (pastDeadline(pod, tree)) {
            life.fail(pod.key(), "DeadlineExceeded", "Pod was active on the node longer than the specified deadline");
        } else if (sandbox(pod, tree, node)) {
            script(pod);
        }
    }

    private void terminate(Stored pod, ObjectNode tree, boolean ended) {
        Instant until = Instant.parse(Trees.text(tree, "metadata", "deletionTimestamp"));
        boolean outOfTime = !world.now().isBefore(until);
        if (!ended && progress(pod).deaf && !outOfTime) {
            return;
        }
        life.terminate(pod.key(), !progress(pod).deaf);
        world.store()
                .find(pod.key())
                .filter(now -> now.uid().equals(pod.uid()))
                .ifPresent(now -> deletes.delete(now, Deletes.Options.NOW));
    }

    private boolean pastDeadline(Stored pod, ObjectNode tree) {
        String started = Trees.text(tree, "status", "startTime");
        long seconds = Trees.at(tree, "spec", "activeDeadlineSeconds").asLong();
        if (started.isEmpty() || seconds == 0) {
            return false;
        }
        Instant deadline = Instant.parse(started).plusSeconds(seconds);
        progress(pod).deadline = deadline;
        return !world.now().isBefore(deadline);
    }

    /** Which handler is meant is looked up here and not before: the class may have changed since the pod was admitted. */
    private boolean sandbox(Stored pod, ObjectNode tree, String node) {
        if (tree.path("status").has("startTime")) {
            return true;
        }
        Instant retryAt = progress(pod).retryAt;
        if (retryAt != null && world.now().isBefore(retryAt)) {
            return false;
        }
        Optional<String> problem = problem(Trees.text(tree, "spec", "runtimeClassName"), node);
        if (problem.isPresent()) {
            progress(pod).retryAt = world.now().plus(BACK_OFF);
            life.stuck(pod.key());
            events.warning(pod, NAME, "FailedCreatePodSandBox", "Failed to create pod sandbox: " + problem.get());
            return false;
        }
        life.admit(pod.key());
        return true;
    }

    private Optional<String> problem(String runtimeClass, String node) {
        if (runtimeClass.isEmpty()) {
            return Optional.empty();
        }
        Optional<String> handler = world.store()
                .find(Key.of(Types.RUNTIME_CLASSES, runtimeClass))
                .map(stored -> stored.tree().path("handler").asText());
        if (handler.isEmpty()) {
            return Optional.of("failed to get handler for RuntimeClass: RuntimeClass.node.k8s.io \"" + runtimeClass
                    + "\" not found");
        }
        return nodes.has(node, handler.get())
                ? Optional.empty()
                : Optional.of("rpc error: code = Unknown desc = failed to get sandbox runtime: no runtime for \""
                        + handler.get() + "\" is configured");
    }

    private void script(Stored pod) {
        Progress known = progress(pod);
        if (known.next < known.steps.size()) {
            known.steps.get(known.next++).accept(handles.apply(pod.key()));
            return;
        }
        life.refresh(pod.key());
        long now = world.store().find(pod.key()).map(Stored::version).orElse(0L);
        if (now == pod.version()) {
            known.quietAt = now;
        }
    }

    private Progress progress(Stored pod) {
        return progress.computeIfAbsent(pod.uid(), uid -> new Progress(scripts.apply(pod.tree())));
    }
}
