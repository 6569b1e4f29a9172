package dev.lantern.k8s;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lantern.substrate.InstanceEnd;
import dev.lantern.testkit.kubernetes.FakePod;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * A host that comes to a cluster with ten thousand instances of its installation, in the heap that all tests have, the fake
 * cluster's own part of it included.
 */
@Tag("long")
class ManyPodsTest {
    private static final int PODS = 10_000;

    @Test
    void ten_thousand_instances_are_watched_from_memory() throws Exception {
        try (WatchedCluster cluster = new WatchedCluster()) {
            cluster.observatory().close();
            for (int epoch = 1; epoch <= PODS; epoch++) {
                cluster.create(WatchedCluster.request("trusted-runc", epoch));
                if (epoch % 1_000 == 0) {
                    cluster.kubernetes.settle();
                }
            }
            cluster.restart();
            assertThat(cluster.observatory().awaitPod(WatchedCluster.instance(PODS), Duration.ofMinutes(2)))
                    .isPresent();
            cluster.kubernetes.forgetRequests();

            List<FakePod> pods = cluster.kubernetes.pods(WatchedCluster.NAMESPACE);
            assertThat(pods).hasSize(PODS);
            FakePod last = pods.get(PODS - 1);
            last.evictUnderPressure("the node was low on resource: memory");

            WatchedCluster.Told told = cluster.told.take();
            assertThat(told.what()).isInstanceOf(InstanceEnd.class);
            assertThat(cluster.kubernetes.requests())
                    .as("what 10,000 instances cost, of which one ends")
                    .hasSizeLessThan(10);
        }
        System.out.println(
                "watched: " + PODS + " instances, heap " + Runtime.getRuntime().maxMemory() / 1024 / 1024 + " MiB");
    }
}
