package dev.lantern.k8s;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.gson.JsonObject;
import dev.lantern.substrate.InstanceEnd;
import dev.lantern.testkit.kubernetes.FakeKubernetes;
import dev.lantern.testkit.kubernetes.FakePod;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

/** Every way to end that a cluster has, as its API server tells it, and what is made of it. One table. */
class PodEndingTest {
    private static final Path TABLE = Path.of("src/test/resources/dev/lantern/k8s/endings.txt");
    private static final String EARLY = "2026-01-01T00:00:10Z";
    private static final String BEFORE = "2026-01-01T00:00:05Z";
    private static final String LATE = "2026-01-01T00:00:20Z";
    private static final String HARNESS_RUNS = harness(0, "{}", "{\"running\": {}}");

    private final Map<String, PodSighting> sightings = new LinkedHashMap<>();

    @Test
    void every_ending_is_told_apart() throws Exception {
        exits();
        disruptions();
        failures();
        deletions();
        startTroubles();
        jobsWithoutAPod();

        StringBuilder table = new StringBuilder();
        for (Map.Entry<String, PodSighting> sighting : sightings.entrySet()) {
            table.append(sighting.getKey())
                    .append("\n    ")
                    .append(PodEnding.of(sighting.getValue())
                            .map(PodEndingTest::shown)
                            .orElse("goes on"))
                    .append('\n');
        }
        assertThat(sightings).hasSizeGreaterThan(50);
        Golden.compare(TABLE, table.toString());
    }

    @Test
    void exit_without_a_code_is_no_success() {
        pod("code missing", status("Succeeded", "\"containerStatuses\": [" + agent("{\"terminated\": {}}") + "]"));

        assertThatThrownBy(() -> PodEnding.of(sightings.get("code missing")))
                .isInstanceOf(UnreadableException.class)
                .hasMessageEndingWith("exitCode is missing");
    }

    private static String shown(PodEnd end) {
        String kind = end.end().getClass().getSimpleName();
        if (end.end() instanceof InstanceEnd.Exited exited) {
            kind += " " + exited.code();
        } else if (end.end() instanceof InstanceEnd.StartFailed failed && failed.forGood()) {
            kind += " for good";
        }
        return end.cause() + ", " + kind + (end.mayPass() ? ", may pass" : "") + "\n    " + end.said();
    }

    private void exits() {
        pod("agent runs", running());
        pod("agent ends well, and of the harness nothing is known", ended("Succeeded", 0, "Completed", EARLY));
        harnesses();
        pod("agent ends badly", ended("Failed", 3, "Error", EARLY));
        pod("agent kills itself", ended("Failed", 137, "Error", EARLY));
        pod("out of memory under runc", ended("Failed", 137, "OOMKilled", EARLY));
        pod("out of memory under gVisor", ended("Failed", 128, "OOMKilled", EARLY));
        pod(
                "out of memory under gVisor, the harness with it",
                status(
                        "Running",
                        "\"containerStatuses\": ["
                                + agent("{\"terminated\": {\"exitCode\": 128, \"reason\": \"OOMKilled\"}}") + "], "
                                + harness(
                                        1,
                                        "{\"terminated\": {\"exitCode\": 128, \"reason\": \"OOMKilled\"}}",
                                        "{\"running\": {}}")));
        pod("no such program", ended("Failed", 128, "StartError", EARLY));
        pod("node lost track", ended("Failed", 137, "ContainerStatusUnknown", EARLY));
        pod(
                "termination message of the agent is not shown",
                status(
                        "Failed",
                        "\"containerStatuses\": ["
                                + agent("{\"terminated\": {\"exitCode\": 1, \"message\": \"password: secret\"}}")
                                + "]"));
        pod(
                "harness crashed beside the agent",
                status(
                        "Running",
                        "\"containerStatuses\": ["
                                + agent("{\"running\": {}}") + "], "
                                + harness(
                                        1,
                                        "{\"terminated\": {\"exitCode\": 1, \"reason\": \"Error\"}}",
                                        "{\"running\": {}}")));
        pod(
                "harness was killed for its memory beside the agent",
                status(
                        "Running",
                        "\"containerStatuses\": ["
                                + agent("{\"running\": {}}") + "], "
                                + harness(
                                        2,
                                        "{\"terminated\": {\"exitCode\": 137, \"reason\": \"OOMKilled\"}}",
                                        "{\"waiting\": {\"reason\": \"CrashLoopBackOff\"}}")));
        pod(
                "harness crashed and the agent ended well after all",
                status(
                        "Succeeded",
                        "\"containerStatuses\": ["
                                + agent("{\"terminated\": {\"exitCode\": 0}}") + "], "
                                + harness(
                                        1,
                                        "{\"terminated\": {\"exitCode\": 1}}",
                                        "{\"terminated\": {\"exitCode\": 0}}")));
    }

    /** What the agent's success is worth, its harness says. */
    private void harnesses() {
        pod("agent ends well, the harness drains", ended("Running", 0, "Completed", EARLY));
        pod(
                "agent ends well, the harness was not seen yet",
                status("Running", "\"containerStatuses\": [" + agent("{\"terminated\": {\"exitCode\": 0}}") + "]"));
        pod("agent ends badly, the harness drains", ended("Running", 3, "Error", EARLY));
        for (String phase : List.of("Running", "Succeeded")) {
            for (int code : List.of(0, 65, 69, 137)) {
                String reason = code == 137 ? ", \"reason\": \"OOMKilled\"" : "";
                pod("agent ends well, and the harness with " + code + ", " + phase, both(phase, 0, code, reason));
            }
        }
        for (int code : List.of(0, 65, 69)) {
            pod("agent ends badly, and the harness with " + code, both("Failed", 3, code, ""));
        }
        pod(
                "agent ran out of memory, and the harness with 69",
                status(
                        "Failed",
                        "\"containerStatuses\": ["
                                + agent("{\"terminated\": {\"exitCode\": 137, \"reason\": \"OOMKilled\"}}") + "], "
                                + harness(0, "{}", terminated(69, ""))));
        gone("agent ends well, the harness drains, and the pod is gone", ended("Running", 0, "Completed", EARLY));
        gone(
                "agent ends well, nothing is known of the harness, and the pod is gone",
                status("Running", "\"containerStatuses\": [" + agent("{\"terminated\": {\"exitCode\": 0}}") + "]"));
        gone("agent ends well, the harness with 0, and the pod is gone", both("Running", 0, 0, ""));
        gone("agent ends well, the harness with 69, and the pod is gone", both("Running", 0, 69, ""));
        lost("agent ends well, the harness drains, and the node is lost", ended("Running", 0, "Completed", EARLY));
        for (String when : List.of(EARLY, LATE)) {
            String before = when.equals(EARLY) ? "at the moment of" : "after";
            pod(
                    "agent ends well " + before + " an eviction, the harness drains",
                    disrupted("EvictionByEvictionAPI", "Running", endedWell(when)));
        }
        pod(
                "agent ends well before an eviction, the harness drains",
                disrupted("EvictionByEvictionAPI", "Running", endedWell(BEFORE)));
        pod(
                "agent ends well before its node is lost, the harness drains",
                disrupted("DeletionByTaintManager", "Running", endedWell(BEFORE)));
        for (int code : List.of(0, 65, 69)) {
            pod(
                    "agent ends well before an eviction, and the harness with " + code,
                    disrupted(
                            "EvictionByEvictionAPI",
                            "Running",
                            endedWell(BEFORE) + "], "
                                    + harness(0, "{}", terminated(code, "")).replaceFirst("]$", "")));
            pod(
                    "agent ends well before a deletion, and the harness with " + code,
                    deleted(both("Running", 0, code, "")));
        }
        pod("agent ends well before a deletion, the harness drains", deleted(ended("Running", 0, "Completed", EARLY)));
        pod(
                "agent ends well beside a harness that was started again",
                status(
                        "Running",
                        "\"containerStatuses\": [" + endedWell(EARLY) + "], "
                                + harness(1, terminated(1, ""), "{\"running\": {}}")));
    }

    private void disruptions() {
        for (String reason : List.of(
                "PreemptionByScheduler",
                "DeletionByTaintManager",
                "DeletionByPodGC",
                "EvictionByEvictionAPI",
                "TerminationByKubelet",
                "SomethingNew")) {
            pod("disrupted and ended: " + reason, disrupted(reason, "Failed", killed(LATE)));
            pod("disrupted, still running: " + reason, disrupted(reason, "Running", agent("{\"running\": {}}")));
            gone("disrupted and gone: " + reason, disrupted(reason, "Running", agent("{\"running\": {}}")));
        }
        pod(
                "evicted, the agent has ended and the harness drains",
                disrupted("EvictionByEvictionAPI", "Running", killed(LATE)));
        pod(
                "ended by itself before it was evicted",
                disrupted(
                        "EvictionByEvictionAPI",
                        "Failed",
                        agent("{\"terminated\": {\"exitCode\": 3, \"finishedAt\": \"" + "2026-01-01T00:00:05Z\"}}")));
        pod(
                "disruption that was called off",
                status(
                        "Running",
                        "\"conditions\": [{\"type\": \"DisruptionTarget\","
                                + " \"status\": \"False\", \"reason\": \"PreemptionByScheduler\"}]"));
        lost("its node is lost", running());
        lost(
                "its node is lost after it was evicted",
                disrupted("EvictionByEvictionAPI", "Running", agent("{\"running\": {}}")));
        lost("its node is lost, but it had ended", ended("Succeeded", 0, "Completed", EARLY));
    }

    private void failures() {
        pod(
                "its own excess",
                failed("Evicted", "Usage of EmptyDir volume \\\"scratch\\\" exceeds the limit \\\"1Mi\\\". "));
        pod(
                "its own excess, the agent was seen to end",
                status("Failed", "\"reason\": \"Evicted\"," + " \"containerStatuses\": [" + killed(LATE) + "]"));
        pod(
                "its own deadline",
                failed("DeadlineExceeded", "Pod was active on the node longer than the specified deadline"));
        pod("node had no room", failed("OutOfcpu", "Node didn't have enough resource: cpu"));
        pod("node is another one by now", failed("NodeAffinity", "Pod was rejected: Predicate NodeAffinity failed"));
        pod("node lost, as older clusters say it", failed("NodeLost", ""));
        pod(
                "node shut down, as older clusters say it",
                failed("Terminated", "Pod was terminated in response to" + " imminent node shutdown."));
        pod(
                "failed without a reason",
                status("Failed", harness(0, "{}", "{\"terminated\": {\"exitCode\": 2," + " \"reason\": \"Error\"}}")));
    }

    private void deletions() {
        gone("deleted while it ran", running());
        gone("gone after it had ended", ended("Succeeded", 0, "Completed", EARLY));
        JsonObject terminating = deleted(ended("Running", 143, "Error", LATE));
        pod("being deleted, the agent heard SIGTERM", terminating);
        pod("being deleted, the agent heard SIGTERM and ended well", deleted(ended("Running", 0, "Completed", LATE)));
        pod("ended by itself before it was deleted", deleted(ended("Running", 3, "Error", EARLY)));
        gone("killed and gone, and nobody saw why", ended("Failed", 137, "Error", LATE));
        for (String type : List.of("FailureTarget", "Failed")) {
            JsonObject job = job("{\"conditions\": [{\"type\": \"" + type + "\", \"status\": \"True\", \"reason\":"
                    + " \"DeadlineExceeded\"}]}");
            sightings.put(
                    "deadline of the Job: " + type,
                    new PodSighting(Optional.of(job), Optional.of(terminating), true, false, List.of()));
            sightings.put(
                    "deadline of the Job, the pod is gone: " + type,
                    new PodSighting(Optional.of(job), Optional.of(running()), false, false, List.of()));
            sightings.put(
                    "deadline of the Job before there was a pod: " + type,
                    new PodSighting(Optional.of(job), Optional.empty(), false, false, List.of()));
        }
        JsonObject complete = job("{\"conditions\": [{\"type\": \"Complete\", \"status\": \"True\"}]}");
        sightings.put(
                "Job says Complete of an agent that failed",
                new PodSighting(
                        Optional.of(complete),
                        Optional.of(ended("Failed", 3, "Error", EARLY)),
                        true,
                        false,
                        List.of()));
    }

    private void startTroubles() {
        pod(
                "held by our gate",
                status(
                        "Pending",
                        "\"conditions\": [{\"type\": \"PodScheduled\", \"status\": \"False\","
                                + " \"reason\": \"SchedulingGated\"}]"));
        pod(
                "no node",
                status(
                        "Pending",
                        "\"conditions\": [{\"type\": \"PodScheduled\", \"status\": \"False\","
                                + " \"reason\": \"Unschedulable\", \"message\": \"0/2 nodes are available: 2 Insufficient memory.\"}]"));
        for (String reason : List.of(
                "PodInitializing",
                "ContainerCreating",
                "CreateContainerConfigError",
                "InvalidImageName",
                "ErrImageNeverPull",
                "ImageInspectError",
                "ErrImagePull",
                "ImagePullBackOff",
                "CreateContainerError",
                "RunContainerError")) {
            pod(
                    "agent waits: " + reason,
                    status(
                            "Pending",
                            HARNESS_RUNS + ", \"containerStatuses\": ["
                                    + agent("{\"waiting\": {\"reason\": \"" + reason
                                            + "\", \"message\": \"why it\\nwaits\"}}")
                                    + "]"));
        }
        pod(
                "harness waits",
                status(
                        "Pending",
                        harness(
                                0,
                                "{}",
                                "{\"waiting\": {\"reason\": \"ErrImageNeverPull\", \"message\": \"not present with pull policy\"}}")));
        JsonObject pending = status("Pending", "\"conditions\": []");
        sightings.put(
                "no sandbox",
                said(pending, event("p", "FailedCreatePodSandBox", "no runtime for \\\"runsc\\\" is configured")));
        sightings.put(
                "no sandbox, and then another reason",
                said(
                        pending,
                        event("p", "FailedCreatePodSandBox", "first"),
                        event("p", "FailedMount", "MountVolume.SetUp failed")));
        sightings.put("no sandbox for another pod", said(pending, event("q", "FailedCreatePodSandBox", "no runtime")));
        sightings.put(
                "no sandbox at first, and then it ran",
                said(running(), event("p", "FailedCreatePodSandBox", "no runtime")));
        sightings.put(
                "no sandbox at first, and then the harness ran",
                said(status("Pending", HARNESS_RUNS), event("p", "FailedCreatePodSandBox", "no runtime")));
        sightings.put("an event of no importance", said(pending, event("p", "Scheduled", "assigned")));
    }

    private void jobsWithoutAPod() {
        sightings.put(
                "pod is not created yet",
                new PodSighting(Optional.of(job("{}")), Optional.empty(), false, false, List.of()));
        sightings.put(
                "pod cannot be created",
                new PodSighting(
                        Optional.of(job("{}")),
                        Optional.empty(),
                        false,
                        false,
                        List.of(event(
                                "j", "FailedCreate", "Error creating: pods \\\"j-\\\" is forbidden: exceeded quota"))));
        sightings.put("nothing is known", new PodSighting(Optional.empty(), Optional.empty(), false, false, List.of()));
    }

    @Test
    void the_fake_cluster_tells_it_in_the_same_way() throws Exception {
        Map<PodEnd.Cause, Consumer<FakePod>> ways = new LinkedHashMap<>();
        ways.put(PodEnd.Cause.EXIT, pod -> pod.exit("agent", 3));
        ways.put(PodEnd.Cause.OUT_OF_MEMORY, pod -> pod.outOfMemory("agent", 128));
        ways.put(PodEnd.Cause.EXCESS, pod -> pod.evictForExcess("Usage of EmptyDir volume exceeds the limit"));
        ways.put(PodEnd.Cause.EVICTED, pod -> pod.evictUnderPressure("The node was low on resource: memory."));
        ways.put(PodEnd.Cause.DEADLINE, pod -> pod.fail("DeadlineExceeded", "active for too long"));
        ways.put(PodEnd.Cause.HARNESS_RESTARTED, pod -> pod.exit("harness", 1));
        ways.put(PodEnd.Cause.PREEMPTED, pod -> {
            pod.ignoreTermination();
            pod.preempt();
            pod.exit("agent", 137);
        });
        List<PodEnd.Cause> found = new ArrayList<>();
        for (Consumer<FakePod> way : ways.values()) {
            try (FakeKubernetes kubernetes = FakeKubernetes.start()) {
                kubernetes.addNode("n1");
                kubernetes.create("""
                        {"apiVersion": "v1", "kind": "Pod", "metadata": {"name": "p"}, "spec": {"restartPolicy": "Never",
                         "initContainers": [{"name": "harness", "image": "h", "restartPolicy": "Always"}],
                         "containers": [{"name": "agent", "image": "a"}]}}
                        """);
                kubernetes.settle();
                FakePod pod = kubernetes.pod("default", "p");
                JsonObject before = Persisted.json(pod.json().toString());
                assertThat(PodEnding.of(said(before))).isEmpty();

                way.accept(pod);

                PodEnding.of(said(Persisted.json(pod.json().toString())))
                        .map(PodEnd::cause)
                        .ifPresent(found::add);
            }
        }
        assertThat(found).containsExactlyElementsOf(ways.keySet());
    }

    @Test
    void pod_that_is_not_what_it_has_to_be_is_not_guessed_at() throws IOException {
        for (String status : List.of(
                "[]",
                "{\"containerStatuses\": {}}",
                "{\"containerStatuses\": [{\"name\": \"agent\", \"state\": {\"terminated\": {\"exitCode\": \"x\"}}}]}",
                "{\"containerStatuses\": [{\"name\": \"agent\", \"state\": {\"terminated\": {\"exitCode\": []}}}]}",
                "{\"conditions\": [{\"type\": \"DisruptionTarget\", \"status\": \"True\", \"lastTransitionTime\": \"soon\"}],"
                        + " \"containerStatuses\": [{\"name\": \"agent\", \"state\": {\"terminated\": {\"exitCode\": 1,"
                        + " \"finishedAt\": \"2026-01-01T00:00:10Z\"}}}]}",
                "{\"initContainerStatuses\": [{\"name\": \"harness\", \"restartCount\": {}}]}")) {
            JsonObject pod = Persisted.json("{\"metadata\": {\"uid\": \"p\"}, \"status\": " + status + "}");
            assertThatThrownBy(() -> PodEnding.of(said(pod))).isInstanceOf(UnreadableException.class);
        }
    }

    // -- pods as the API server shows them

    private void pod(String name, JsonObject pod) {
        sightings.put(name, said(pod));
    }

    private void gone(String name, JsonObject pod) {
        sightings.put(name, new PodSighting(Optional.empty(), Optional.of(pod), false, false, List.of()));
    }

    private void lost(String name, JsonObject pod) {
        sightings.put(name, new PodSighting(Optional.empty(), Optional.of(pod), true, true, List.of()));
    }

    private static PodSighting said(JsonObject pod, JsonObject... events) {
        return new PodSighting(Optional.empty(), Optional.of(pod), true, false, List.of(events));
    }

    /** Told to end at {@link #LATE}, with thirty seconds of grace. */
    private static JsonObject deleted(JsonObject pod) {
        JsonObject metadata = pod.getAsJsonObject("metadata");
        metadata.addProperty("deletionTimestamp", "2026-01-01T00:00:50Z");
        metadata.addProperty("deletionGracePeriodSeconds", 30);
        return pod;
    }

    private static JsonObject running() {
        return status("Running", HARNESS_RUNS + ", \"containerStatuses\": [" + agent("{\"running\": {}}") + "]");
    }

    private static JsonObject ended(String phase, int code, String reason, String at) {
        return status(
                phase,
                HARNESS_RUNS + ", \"containerStatuses\": ["
                        + agent("{\"terminated\": {\"exitCode\": " + code + ", \"reason\": \"" + reason
                                + "\", \"finishedAt\": \"" + at + "\"}}")
                        + "]");
    }

    private static JsonObject both(String phase, int agent, int harness, String reason) {
        return status(
                phase,
                harness(0, "{}", terminated(harness, reason)) + ", \"containerStatuses\": ["
                        + agent("{\"terminated\": {\"exitCode\": " + agent + ", \"finishedAt\": \"" + EARLY + "\"}}")
                        + "]");
    }

    private static String terminated(int code, String more) {
        return "{\"terminated\": {\"exitCode\": " + code + more + "}}";
    }

    private static String endedWell(String at) {
        return agent("{\"terminated\": {\"exitCode\": 0, \"finishedAt\": \"" + at + "\"}}");
    }

    private static JsonObject failed(String reason, String message) {
        return status("Failed", "\"reason\": \"" + reason + "\", \"message\": \"" + message + "\"");
    }

    private static JsonObject disrupted(String reason, String phase, String agent) {
        return status(
                phase,
                "\"conditions\": [{\"type\": \"Ready\", \"status\": \"False\"}, {\"type\":"
                        + " \"DisruptionTarget\", \"status\": \"True\", \"reason\": \"" + reason
                        + "\", \"message\": \"as "
                        + "the cluster says\", \"lastTransitionTime\": \"" + EARLY + "\"}], \"containerStatuses\": ["
                        + agent
                        + "]");
    }

    private static JsonObject status(String phase, String more) {
        return Persisted.json(
                "{\"metadata\": {\"uid\": \"p\"}, \"spec\": {\"nodeName\": \"n1\"}, \"status\": {\"phase\": \"" + phase
                        + "\", " + more + "}}");
    }

    private static JsonObject job(String status) {
        return Persisted.json("{\"metadata\": {\"uid\": \"j\"}, \"status\": " + status + "}");
    }

    private static String killed(String at) {
        return agent("{\"terminated\": {\"exitCode\": 137, \"reason\": \"Error\", \"finishedAt\": \"" + at + "\"}}");
    }

    private static String agent(String state) {
        return "{\"name\": \"agent\", \"restartCount\": 0, \"state\": " + state + "}";
    }

    private static String harness(int restarts, String before, String state) {
        return "\"initContainerStatuses\": [{\"name\": \"harness\", \"restartCount\": " + restarts + ", \"lastState\": "
                + before + ", \"state\": " + state + "}]";
    }

    private static JsonObject event(String uid, String reason, String message) {
        return Persisted.json("{\"involvedObject\": {\"uid\": \"" + uid + "\"}, \"reason\": \"" + reason
                + "\", \"message\": \"" + message + "\"}");
    }
}
