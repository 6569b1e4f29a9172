package dev.lantern.evidence;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.kubernetes.client.openapi.ApiClient;
import io.kubernetes.client.openapi.ApiException;
import io.kubernetes.client.openapi.apis.CoreV1Api;
import io.kubernetes.client.openapi.apis.NodeV1Api;
import io.kubernetes.client.openapi.apis.VersionApi;
import io.kubernetes.client.openapi.models.V1Node;
import io.kubernetes.client.openapi.models.V1NodeRuntimeHandler;
import io.kubernetes.client.openapi.models.V1NodeSystemInfo;
import io.kubernetes.client.openapi.models.V1RuntimeClass;
import io.kubernetes.client.util.Config;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Objects;
import java.util.SortedSet;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;

/**
 * Collects the outcomes of every {@code …OnClusterTest} that ran before it in this checkout, and what cluster they ran on,
 * into {@code docs/evidence}. {@code make cluster} runs it; by itself it does nothing.
 */
class ClusterEvidence {
    static final String SUFFIX = "OnClusterTest";

    @Test
    @EnabledIfSystemProperty(named = "lantern.evidence.collect", matches = "true")
    void collect() throws Exception {
        Path root = ProvenWhere.root();
        List<TestOutcome> tests = SurefireReports.read(root, SUFFIX);
        ApiClient client = Config.fromConfig(Objects.requireNonNull(System.getenv("LANTERN_TEST_KUBECONFIG")));
        new Evidence(LocalDate.now(ZoneOffset.UTC).toString(), commit(root), cluster(client), tests)
                .write(root.resolve("docs/evidence"));
        tests.forEach(test -> System.out.println(test.outcome() + " " + test.type() + "." + test.test()
                + (test.why().isEmpty() ? "" : ": " + test.why())));
    }

    private static ObjectNode cluster(ApiClient client) throws ApiException {
        ObjectNode cluster = new ObjectMapper().createObjectNode();
        cluster.put("version", new VersionApi(client).getCode().execute().getGitVersion());
        ArrayNode nodes = cluster.putArray("nodes");
        for (V1Node node : new CoreV1Api(client).listNode().execute().getItems()) {
            V1NodeSystemInfo info = node.getStatus().getNodeInfo();
            ObjectNode one = nodes.addObject()
                    .put("kubelet", info.getKubeletVersion())
                    .put("containerRuntime", info.getContainerRuntimeVersion())
                    .put("architecture", info.getArchitecture());
            ArrayNode handlers = one.putArray("handlers");
            handlers(node).forEach(handlers::add);
        }
        ObjectNode classes = cluster.putObject("runtimeClasses");
        for (V1RuntimeClass found :
                new NodeV1Api(client).listRuntimeClass().execute().getItems()) {
            classes.put(found.getMetadata().getName(), found.getHandler());
        }
        return cluster;
    }

    private static SortedSet<String> handlers(V1Node node) {
        TreeSet<String> handlers = new TreeSet<>();
        List<V1NodeRuntimeHandler> listed = node.getStatus().getRuntimeHandlers();
        if (listed != null) {
            listed.forEach(handler -> handlers.add(Objects.requireNonNullElse(handler.getName(), "")));
        }
        return handlers;
    }

    private static String commit(Path root) throws IOException, InterruptedException {
        Process git = new ProcessBuilder("git", "-C", root.toString(), "rev-parse", "HEAD").start();
        String commit = new String(git.getInputStream().readAllBytes(), StandardCharsets.US_ASCII).strip();
        if (git.waitFor() != 0) {
            throw new IOException("git does not tell which commit this is");
        }
        return commit;
    }
}
