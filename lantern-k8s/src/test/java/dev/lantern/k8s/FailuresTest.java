package dev.lantern.k8s;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lantern.gate.ClusterFacts;
import dev.lantern.gate.Fact;
import dev.lantern.testkit.kubernetes.FakeKubernetes;
import dev.lantern.testkit.kubernetes.Fault;
import dev.lantern.testkit.kubernetes.Injection;
import dev.lantern.testkit.kubernetes.RequestMatcher;
import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Every question × everything that can go wrong with it: what is untold then, and in which words. One table. */
class FailuresTest {
    private static final Path TABLE = Path.of("src/test/resources/dev/lantern/k8s/facts/failures.txt");
    private static final int LEAST_CASES = 153;

    private static FakeKubernetes kubernetes;

    @BeforeAll
    static void start() {
        kubernetes = FakeKubernetes.start();
        Clusters.applyBaseline(kubernetes);
        kubernetes.addNode("n1");
        kubernetes.create("""
                {"apiVersion": "node.k8s.io/v1", "kind": "RuntimeClass", "metadata": {"name": "gvisor"}, "handler": "runsc"}
                """);
    }

    @AfterAll
    static void stop() {
        kubernetes.close();
    }

    @Test
    void whatever_goes_wrong_with_a_question_it_is_untold_and_no_other_is() throws IOException {
        StringBuilder table = new StringBuilder();
        int cases = 0;
        FactFinder finder = Clusters.finder(kubernetes);
        for (Map.Entry<String, RequestMatcher> question : questions().entrySet()) {
            table.append("== ").append(question.getKey()).append('\n');
            for (Map.Entry<String, Fault> fault : faults().entrySet()) {
                Injection injection = kubernetes.inject(question.getValue(), fault.getValue());
                ClusterFacts facts = finder.facts("acme", Clusters.PATIENCE);
                injection.release();
                table.append(fault.getKey()).append('\n');
                untold(facts)
                        .forEach((fact, why) -> table.append("    ")
                                .append(fact)
                                .append(": ")
                                .append(why)
                                .append('\n'));
                assertThat(injection.hits())
                        .as("%s %s", question.getKey(), fault.getKey())
                        .isPositive();
                cases++;
            }
            table.append('\n');
        }

        System.out.println("facts: " + cases + " failures");
        assertThat(cases).isGreaterThanOrEqualTo(LEAST_CASES);
        Golden.compare(TABLE, table.toString().replace(kubernetes.url(), "http://api-server"));
    }

    private static Map<String, RequestMatcher> questions() {
        Map<String, RequestMatcher> questions = new LinkedHashMap<>();
        questions.put("the API server", RequestMatcher.any().path("/version"));
        questions.put("RuntimeClasses", RequestMatcher.any().verb("list").resource("runtimeclasses.node.k8s.io"));
        questions.put("nodes", RequestMatcher.any().verb("list").resource("nodes"));
        questions.put("the namespace", RequestMatcher.any().verb("get").resource("namespaces"));
        questions.put("its service account", RequestMatcher.any().verb("get").resource("serviceaccounts"));
        questions.put("its quota", RequestMatcher.any().verb("get").resource("resourcequotas"));
        questions.put(
                "NetworkPolicies", RequestMatcher.any().verb("list").resource("networkpolicies.networking.k8s.io"));
        questions.put(
                "admission policies",
                RequestMatcher.any().verb("list").resource("validatingadmissionpolicies.admissionregistration.k8s.io"));
        questions.put(
                "their bindings",
                RequestMatcher.any()
                        .verb("list")
                        .resource("validatingadmissionpolicybindings.admissionregistration.k8s.io"));
        return questions;
    }

    private static Map<String, Fault> faults() {
        Map<String, Fault> faults = new LinkedHashMap<>();
        for (int code : List.of(401, 403, 404, 410, 503)) {
            faults.put("answers " + code, Fault.status(code));
        }
        faults.put("the connection is cut before the answer", Fault.answerLost());
        faults.put("the connection is cut in the answer", Fault.cutAfter(40));
        faults.put("no JSON", Fault.body("<html>login</html>"));
        faults.put("nothing", Fault.body(""));
        faults.put("half of an object", Fault.body("{\"kind\": \"NodeList\", \"items\": [{"));
        faults.put("an empty object", Fault.body("{}"));
        faults.put("a list", Fault.body("[]"));
        faults.put("a number", Fault.body("7"));
        faults.put("a Status", Fault.body("{\"kind\": \"Status\", \"apiVersion\": \"v1\", \"status\": \"Success\"}"));
        faults.put("an object of a kind unknown", Fault.body("{\"kind\": 7, \"apiVersion\": null, \"items\": []}"));
        faults.put("something nested too deeply", Fault.body("[".repeat(100_000)));
        faults.put("comments", Fault.body("{/* lenient */}"));
        return faults;
    }

    private static Map<String, String> untold(ClusterFacts facts) {
        Map<String, Function<ClusterFacts, Fact<?>>> all = new LinkedHashMap<>();
        all.put("the API server", ClusterFacts::apiServer);
        all.put("RuntimeClasses", ClusterFacts::runtimeClasses);
        all.put("nodes", ClusterFacts::nodes);
        all.put("namespace", ClusterFacts::namespace);
        all.put("fence", ClusterFacts::fence);
        all.put("admission", ClusterFacts::admission);
        Map<String, String> untold = new LinkedHashMap<>();
        all.forEach((name, fact) -> {
            if (fact.apply(facts) instanceof Fact.Untold<?> found) {
                untold.put(name, found.why());
            }
        });
        return untold;
    }
}
