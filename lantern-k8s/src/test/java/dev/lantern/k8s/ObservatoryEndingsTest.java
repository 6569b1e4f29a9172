package dev.lantern.k8s;

import static dev.lantern.k8s.WatchedCluster.NAMESPACE;
import static dev.lantern.k8s.WatchedCluster.instance;
import static org.assertj.core.api.Assertions.assertThat;

import dev.lantern.gate.NodeId;
import dev.lantern.gate.Violation;
import dev.lantern.substrate.InstanceEnd;
import dev.lantern.substrate.Verified;
import dev.lantern.testkit.kubernetes.FakePod;
import dev.lantern.testkit.kubernetes.PodScript;
import java.time.Duration;
import java.util.List;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Every way in which an instance ends is told as what it is: the agent's doing, the infrastructure's, or a start that failed. */
class ObservatoryEndingsTest {
    private static final Duration LONG = Duration.ofMinutes(3);

    private WatchedCluster cluster;

    @BeforeEach
    void start() throws Exception {
        cluster = new WatchedCluster();
    }

    @AfterEach
    void stop() throws Exception {
        cluster.close();
    }

    /** What is done to a pod that runs. */
    interface Doing {
        void to(WatchedCluster cluster, FakePod pod);
    }

    /**
     * One way to end.
     *
     * @param name of the case
     * @param doing what is done
     * @param kind what is told
     * @param said what the end says of itself
     */
    record Ending(String name, Doing doing, Class<? extends InstanceEnd> kind, String said) {
        @Override
        public String toString() {
            return name;
        }
    }

    static Stream<Ending> endings() {
        return Stream.of(
                agents("exit", (cluster, pod) -> pod.exit(PodSpec.AGENT, 3), "the agent exited with code 3"),
                agents("success", (cluster, pod) -> pod.exit(PodSpec.AGENT, 0), "the agent exited with code 0"),
                agents("no result", (cluster, pod) -> harnessEnds(pod, 65), "left a result that cannot be delivered"),
                lost("result not delivered", (cluster, pod) -> harnessEnds(pod, 69), "the harness ended with code 69"),
                agents("out of memory", (cluster, pod) -> pod.outOfMemory(PodSpec.AGENT, 137), "OOMKilled"),
                agents(
                        "out of memory under gVisor",
                        (cluster, pod) -> pod.outOfMemory(PodSpec.AGENT, 128),
                        "OOMKilled"),
                agents(
                        "excess",
                        (cluster, pod) -> pod.evictForExcess("emptyDir over its size"),
                        "took more than it may"),
                lost("pressure", (cluster, pod) -> pod.evictUnderPressure("node is short of memory"), "the node ended"),
                lost("preemption", (cluster, pod) -> pod.preempt(), "made room for another one"),
                lost("deadline", (cluster, pod) -> pod.fail("DeadlineExceeded", "too long"), "DeadlineExceeded"),
                lost(
                        "harness restarted",
                        (cluster, pod) -> pod.exit(PodSpec.HARNESS, 1),
                        "the harness was started again"),
                lost("pod deleted", ObservatoryEndingsTest::deletePod, "the pod was deleted"),
                lost("Job deleted", (cluster, pod) -> deleteJob(cluster, "Background"), "the pod was deleted"),
                // Nobody counts it any more and nobody ends it in time: that is not what was admitted.
                new Ending(
                        "Job orphans its pod",
                        (cluster, pod) -> deleteJob(cluster, "Orphan"),
                        InstanceEnd.Violated.class,
                        "/metadata/ownerReferences: found nothing"),
                lost(
                        "node removed",
                        (cluster, pod) -> cluster.kubernetes.node("node-a").remove(),
                        "node node-a"),
                lost(
                        "node restarted",
                        (cluster, pod) -> cluster.kubernetes.node("node-a").reboot(),
                        "started again under it"));
    }

    private static Ending agents(String name, Doing doing, String said) {
        return new Ending(name, doing, InstanceEnd.Exited.class, said);
    }

    private static Ending lost(String name, Doing doing, String said) {
        return new Ending(name, doing, InstanceEnd.Lost.class, said);
    }

    @ParameterizedTest
    @MethodSource("endings")
    void ending_is_told_as_what_it_is(Ending ending) throws Exception {
        FakePod pod = cluster.running(1);

        ending.doing().to(cluster, pod);
        cluster.kubernetes.settle();

        InstanceEnd end = cluster.ended(1);
        assertThat(end).isInstanceOf(ending.kind());
        assertThat(end.describe()).contains(ending.said());
    }

    @Test
    void node_that_is_silent_is_lost_in_time() throws Exception {
        cluster.running(1);

        cluster.kubernetes.node("node-a").lose();

        InstanceEnd end = cluster.endedInTime(1);
        assertThat(end).isInstanceOf(InstanceEnd.Lost.class);
        assertThat(end.describe()).contains("node node-a");
    }

    @Test
    void every_ending_is_tried() {
        assertThat(endings()).hasSizeGreaterThanOrEqualTo(15);
    }

    @Test
    void success_is_told_once_the_harness_has_delivered() throws Exception {
        FakePod pod = cluster.running(1);
        pod.drains(PodSpec.HARNESS);
        pod.exit(PodSpec.AGENT, 0);
        cluster.kubernetes.settle();
        cluster.kubernetes.advance(LONG);
        assertThat(cluster.toldByNow()).noneMatch(told -> told.what() instanceof InstanceEnd);

        pod.exit(PodSpec.HARNESS, 0);

        assertThat(cluster.ended(1)).isEqualTo(new InstanceEnd.Exited(0));
    }

    @Test
    void failure_is_told_while_the_harness_delivers() throws Exception {
        FakePod pod = cluster.running(1);
        pod.drains(PodSpec.HARNESS);

        pod.exit(PodSpec.AGENT, 3);

        assertThat(cluster.ended(1)).isEqualTo(new InstanceEnd.Exited(3));
    }

    @Test
    void ending_is_told_to_a_host_that_comes_later() throws Exception {
        FakePod pod = cluster.running(1);
        pod.exit(PodSpec.AGENT, 7);
        cluster.ended(1);

        cluster.restart();

        assertThat(cluster.ended(1)).isEqualTo(new InstanceEnd.Exited(7));
    }

    // -- starts

    @ParameterizedTest
    @MethodSource("hopeless")
    void start_that_cannot_succeed_there_is_told_at_once(String reason) throws Exception {
        FakePod pod = held(reason);

        pod.waits(PodSpec.HARNESS, reason, "said by the kubelet");

        assertThat(cluster.ended(1)).isInstanceOfSatisfying(InstanceEnd.StartFailed.class, failed -> {
            assertThat(failed.cause()).contains("the harness cannot start", reason, "said by the kubelet");
            assertThat(failed.forGood()).isEqualTo(!reason.equals("ErrImageNeverPull"));
        });
    }

    static Stream<String> hopeless() {
        return Stream.of("CreateContainerConfigError", "InvalidImageName", "ErrImageNeverPull");
    }

    @ParameterizedTest
    @MethodSource("passing")
    void start_that_may_yet_succeed_is_waited_for_and_not_for_ever(String reason) throws Exception {
        FakePod pod = held(reason);
        pod.waits(PodSpec.HARNESS, reason, "said by the kubelet");
        assertThat(cluster.toldByNow()).noneMatch(told -> told.what() instanceof InstanceEnd);

        cluster.kubernetes.advance(LONG);

        assertThat(cluster.ended(1)).isInstanceOfSatisfying(InstanceEnd.StartFailed.class, failed -> {
            assertThat(failed.cause()).contains(reason);
            assertThat(failed.forGood()).isFalse();
        });
    }

    static Stream<String> passing() {
        return Stream.of("ErrImagePull", "ImagePullBackOff", "CreateContainerError", "RunContainerError");
    }

    /** Bound to its node, where nothing starts. */
    private FakePod held(String because) {
        assertThat(because).isNotEmpty();
        cluster.kubernetes.script(pod ->
                pod.path("metadata").path("labels").path(Marks.EPOCH).asText().equals("1")
                        ? PodScript.waits()
                        : PodScript.starts());
        return cluster.start(1);
    }

    // -- the bound node

    @ParameterizedTest
    @MethodSource("otherNodes")
    void node_that_is_not_the_one_that_was_admitted_is_never_verified(String code, UnaryOperator<NodeId> admitted)
            throws Exception {
        cluster.admitted = admitted;

        cluster.start(1);

        assertThat(cluster.ended(1))
                .isInstanceOfSatisfying(
                        InstanceEnd.Violated.class,
                        violated -> assertThat(violated.violations())
                                .extracting(Violation::code)
                                .contains(code));
        assertThat(cluster.told)
                .noneMatch(told -> told.what() instanceof Verified verified
                        && verified.checkpoint().equals(Verified.NODE));
    }

    static Stream<org.junit.jupiter.params.provider.Arguments> otherNodes() {
        return Stream.of(
                other("node-changed", id -> new NodeId(id.name(), "another-life", id.bootId())),
                other("node-restarted", id -> new NodeId(id.name(), id.uid(), "another-boot")));
    }

    private static org.junit.jupiter.params.provider.Arguments other(String code, UnaryOperator<NodeId> admitted) {
        return org.junit.jupiter.params.provider.Arguments.of(code, admitted);
    }

    // -- doings

    private static void harnessEnds(FakePod pod, int code) {
        pod.drains(PodSpec.HARNESS);
        pod.exit(PodSpec.AGENT, 0);
        pod.exit(PodSpec.HARNESS, code);
    }

    private static void deletePod(WatchedCluster cluster, FakePod pod) {
        cluster.api.delete("/api/v1/namespaces/" + NAMESPACE + "/pods/" + pod.name(), Persisted.json("{}"));
    }

    private static void deleteJob(WatchedCluster cluster, String how) {
        cluster.api.delete(WatchedCluster.jobOf(1), Persisted.json("{\"propagationPolicy\":\"" + how + "\"}"));
    }

    @Test
    void stopped_instance_is_no_news_whatever_becomes_of_it() throws Exception {
        FakePod pod = cluster.running(1);
        cluster.observatory().forget(instance(1));

        pod.exit(PodSpec.AGENT, 3);
        cluster.kubernetes.advance(LONG);

        assertThat(cluster.toldByNow()).noneMatch(told -> told.what() instanceof InstanceEnd);
        assertThat(List.copyOf(cluster.told)).noneMatch(told -> told.instance().equals(instance(1)));
    }
}
