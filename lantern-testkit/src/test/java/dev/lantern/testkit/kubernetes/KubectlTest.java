package dev.lantern.testkit.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A client that was not written here, over TLS. */
class KubectlTest {
    private final FakeKubernetes kubernetes =
            FakeKubernetes.builder().tls().moving().start();

    @TempDir
    private Path home;

    private Kubectl kubectl;

    @BeforeEach
    void install() throws IOException {
        kubectl = Kubectl.of(kubernetes, home);
        kubernetes.addNode("n1");
    }

    @AfterEach
    void close() {
        kubernetes.close();
    }

    @Test
    void kubectl_finds_its_way_around() throws IOException {
        assertThat(kubectl.run("version")).contains("Server Version: v1.36.0");
        assertThat(kubectl.run("api-resources"))
                .contains("networkpolicies", "runtimeclasses", "validatingadmissionpolicies");
        assertThat(kubectl.run("get", "nodes", "-o", "wide")).contains("n1");
        assertThat(kubectl.run("get", "ns", "-o", "name")).contains("namespace/kube-system");
        kubernetes.forbid(RequestMatcher.any().verb("list").resource("nodes"));
        assertThat(kubectl.attempt("", "get", "nodes").out())
                .startsWith("Error from server (Forbidden): nodes is forbidden: User \"kubernetes-admin\" cannot list");
    }

    @Test
    void kubectl_creates_labels_patches_and_deletes() throws IOException {
        assertThat(kubectl.runWith(Manifests.pod("one", ""), "create", "-f", "-"))
                .contains("pod/one created");
        assertThat(kubectl.attempt(Manifests.pod("one", ""), "create", "-f", "-")
                        .out())
                .contains("(AlreadyExists)", "pods \"one\" already exists");
        assertThat(kubectl.run("label", "pod", "one", "a=b")).contains("pod/one labeled");
        assertThat(kubectl.run("annotate", "pod", "one", "c=d")).contains("pod/one annotated");
        assertThat(kubectl.run("get", "pods", "-l", "a=b", "-o", "jsonpath={.items[*].metadata.annotations.c}"))
                .isEqualTo("d");
        assertThat(kubectl.run("patch", "pod", "one", "--type=merge", "-p", "{\"metadata\":{\"labels\":{\"a\":null}}}"))
                .contains("patched");
        assertThat(kubectl.attempt(
                                "",
                                "patch",
                                "pod",
                                "one",
                                "--type=json",
                                "-p",
                                "[{\"op\":\"add\",\"path\":\"/spec/nodeSelector\",\"value\":{\"a\":\"b\"}}]")
                        .out())
                .contains("is invalid", "pod updates may not change fields other than");
        assertThat(kubectl.run("describe", "pod", "one")).contains("Node:", "n1", "Successfully assigned default/one");
        assertThat(kubectl.run("delete", "pod", "one")).contains("pod \"one\" deleted");
        assertThat(kubectl.attempt("", "get", "pod", "one").out()).contains("(NotFound)");
    }

    @Test
    void kubectl_applies_a_job_follows_its_log_and_waits_for_its_end() throws IOException {
        kubectl.runWith(Manifests.job("run", "", ""), "create", "-f", "-");
        FakePod pod = kubernetes.pods("default").get(0);
        Process following = kubectl.start("logs", "--follow", "job/run");
        BufferedReader lines =
                new BufferedReader(new InputStreamReader(following.getInputStream(), StandardCharsets.UTF_8));
        pod.log("agent", "hello");
        assertThat(lines.readLine()).isEqualTo("hello");
        Process waiting = kubectl.start("wait", "--for=condition=complete", "job/run", "--timeout=120s");

        pod.exit("agent", 0);

        assertThat(lines.readLine()).isNull();
        assertThat(Kubectl.outcome(waiting)).isEqualTo(new Kubectl.Outcome(0, "job.batch/run condition met\n"));
        assertThat(kubectl.run("get", "jobs")).contains("run");
        assertThat(kubectl.run("get", "events", "--field-selector", "reason=SuccessfulCreate", "-o", "name"))
                .contains("event/run.");
        kubectl.run("delete", "job", "run");
        assertThat(kubernetes.pods("default")).isEmpty();
    }

    @Test
    void kubectl_cordons_a_node_and_a_pod_waits_for_it() throws IOException {
        assertThat(kubectl.run("cordon", "n1")).contains("node/n1 cordoned");
        kubectl.runWith(Manifests.pod("one", ""), "create", "-f", "-");
        assertThat(kubernetes.pod("default", "one").node()).isEmpty();

        kubectl.run("uncordon", "n1");

        assertThat(kubernetes.pod("default", "one").phase()).isEqualTo("Running");
    }

    @Test
    void kubectl_uses_the_rights_of_a_service_account() throws IOException {
        String subject = "system:serviceaccount:default:default";
        String token = kubernetes.token("default", "default");

        assertThat(kubectl.attempt("", "get", "pods", "--token", token).out())
                .contains("(Forbidden)", "User \"" + subject + "\" cannot list resource \"pods\"");
        kubectl.runWith(AuthorityTest.role("Role", "reader", "['pods']"), "create", "-f", "-");
        kubectl.runWith(AuthorityTest.binding("RoleBinding", "reader", "Role"), "create", "-f", "-");
        assertThat(kubectl.run("get", "pods", "--token", token)).contains("No resources found");
    }
}
