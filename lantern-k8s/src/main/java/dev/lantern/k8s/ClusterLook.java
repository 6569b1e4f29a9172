package dev.lantern.k8s;

import com.google.gson.JsonObject;
import dev.lantern.gate.ApiServerFact;
import dev.lantern.gate.Fact;
import dev.lantern.gate.NodeFact;
import dev.lantern.gate.RuntimeClassFact;
import java.util.List;

/** What is the same for every tenant: the API server itself, its RuntimeClasses, its nodes. */
final class ClusterLook {
    private final SingleQuestion<JsonObject> version =
            new SingleQuestion<>(Get.of("/version", Rule.path("/version")), ObjectReader::any);
    private final ListQuestion<RuntimeClassFact> runtimeClasses = new ListQuestion<>(
            Get.of("/apis/node.k8s.io/v1/runtimeclasses", Rule.cluster("node.k8s.io", "runtimeclasses", "list")),
            new PageReader<>("node.k8s.io/v1", "RuntimeClass", RuntimeClassReader::read));
    private final ListQuestion<NodeFact> nodes = new ListQuestion<>(
            Get.of("/api/v1/nodes", Rule.cluster("", "nodes", "list")),
            new PageReader<>("v1", "Node", new NodeReader()::read));

    ClusterLook(Round round) {
        round.ask(version);
        round.ask(runtimeClasses);
        round.ask(nodes);
    }

    Fact<ApiServerFact> apiServer() {
        return Reading.of(
                version.fact(),
                told -> new ApiServerFact(
                        new View(told.body(), "the version").text("gitVersion"),
                        told.date()
                                .orElseThrow(() -> new UnreadableException("it has no Date, which tells its clock"))));
    }

    Fact<List<RuntimeClassFact>> runtimeClasses() {
        return runtimeClasses.fact();
    }

    Fact<List<NodeFact>> nodes() {
        return nodes.fact();
    }
}
