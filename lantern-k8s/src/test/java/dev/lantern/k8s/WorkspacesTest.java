package dev.lantern.k8s;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.lantern.spec.AgentSpec;
import dev.lantern.spec.Isolation;
import dev.lantern.substrate.InstanceEnd;
import dev.lantern.substrate.InstanceRef;
import dev.lantern.testkit.kubernetes.Fault;
import dev.lantern.testkit.kubernetes.RequestMatcher;
import dev.lantern.value.RunRef;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A devcontainer's workspace is made once, kept, and nobody else's. */
class WorkspacesTest {
    private static final RequestMatcher CLAIMS = RequestMatcher.any().resource("persistentvolumeclaims");

    private final LaunchSite site = new LaunchSite();
    private final LaunchSite.Host host = site.host();

    @AfterEach
    void close() {
        site.close();
    }

    @Test
    void run_keeps_its_workspace_from_instance_to_instance() {
        InstanceRef first = start("acme", "run-1", 1, "");
        ObjectNode claim = claims().get(0);
        assertThat(mounted(first))
                .isEqualTo(claim.at("/metadata/name").asText())
                .matches("ws-[a-z2-7]{26}");
        assertThat(claim.at("/spec/resources/requests/storage").asText()).isEqualTo("10Gi");
        assertThat(claim.at("/metadata/labels").toString())
                .contains(
                        "\"app.kubernetes.io/managed-by\":\"lantern\"",
                        "\"lantern.dev/installation\":\"" + LaunchSite.INSTALLATION + "\"",
                        "\"lantern.dev/tenant\":\"acme\"",
                        "\"lantern.dev/workspace\":\"run-1\"")
                .doesNotContain("lantern.dev/run");
        assertThat(site.kubernetes.count(RequestMatcher.any().verb("create", "patch", "delete")))
                .as("writes of a first start")
                .isEqualTo(4);
        assertThat(host.teardown().stop(first, LaunchSite.PATIENCE)).isTrue();
        assertThat(claims()).as("after the stop").hasSize(1);

        InstanceRef second = start("acme", "run-1", 2, "");

        assertThat(mounted(second)).isEqualTo(claim.at("/metadata/name").asText());
        assertThat(claims()).hasSize(1);
        assertThat(site.ledger.ends).isEmpty();
    }

    @Test
    void runs_share_a_workspace_only_by_its_name() {
        String own = mounted(start("acme", "run-1", 1, ""));
        String other = mounted(start("acme", "run-2", 1, ""));
        String named = mounted(start("acme", "run-3", 1, "run-1"));
        String again = mounted(start("acme", "run-4", 1, "run-1"));

        assertThat(List.of(own, other, named)).doesNotHaveDuplicates();
        assertThat(again).isEqualTo(named);
        assertThat(claims()).hasSize(3);
    }

    @Test
    void same_name_of_another_tenant_or_installation_is_another_workspace() {
        AgentSpec spec = spec("shared");
        String acme = claim(LaunchSite.INSTALLATION, "acme", spec);

        assertThat(claim(LaunchSite.INSTALLATION, "globex", spec)).isNotEqualTo(acme);
        assertThat(claim("another-installation", "acme", spec)).isNotEqualTo(acme);
        assertThat(claim(LaunchSite.INSTALLATION, "acme", spec)).isEqualTo(acme);
    }

    @Test
    void claim_that_somebody_else_put_there_is_refused_and_not_mounted() {
        AgentSpec spec = spec("");
        InstanceRef instance = new InstanceRef(new RunRef("acme", "run-1"), 1);
        site.kubernetes.create("""
                {"apiVersion": "v1", "kind": "PersistentVolumeClaim",
                 "metadata": {"name": "%s", "namespace": "lantern-acme", "labels": {"lantern.dev/tenant": "globex"}},
                 "spec": {"accessModes": ["ReadWriteOnce"], "resources": {"requests": {"storage": "1Gi"}}}}
                """.formatted(Workspaces.claimOf(LaunchSite.INSTALLATION, site.start(instance, spec))
                .orElseThrow()));

        host.launch().start(site.start(instance, spec), LaunchSite.PATIENCE);

        assertThat(site.ledger.ends).singleElement().isInstanceOfSatisfying(InstanceEnd.StartFailed.class, failed -> {
            assertThat(failed.forGood()).isTrue();
            assertThat(failed.cause())
                    .contains("PersistentVolumeClaim lantern-acme/ws-", "was not made by this installation");
        });
        assertThat(site.isGone(instance)).isTrue();
    }

    @Test
    void lost_answer_and_a_faster_host_make_no_second_workspace() {
        site.kubernetes.inject(CLAIMS.verb("create"), Fault.answerLost(), 1);
        start("acme", "run-1", 1, "");
        assertThat(claims()).hasSize(1);

        InstanceRef raced = new InstanceRef(new RunRef("acme", "run-2"), 1);
        LaunchSite.Host slow = site.host(Meddler.before(
                1, () -> host.launch().start(site.start(raced, spec("")), LaunchSite.PATIENCE)));
        slow.launch().start(site.start(raced, spec("")), LaunchSite.PATIENCE);

        assertThat(claims()).hasSize(2);
        assertThat(site.pods(raced)).hasSize(1);
        assertThat(site.ledger.ends).isEmpty();
    }

    @Test
    void host_without_the_right_says_which_and_starts_nothing() {
        site.kubernetes.forbid(CLAIMS.verb("create"));

        InstanceRef instance = start("acme", "run-1", 1, "");

        assertThat(site.ledger.ends).singleElement().isInstanceOfSatisfying(InstanceEnd.StartFailed.class, failed -> {
            assertThat(failed.forGood()).isFalse();
            assertThat(failed.cause())
                    .contains("{apiGroups: [\"\"], resources: [\"persistentvolumeclaims\"], verbs: [\"create\"]}");
        });
        assertThat(site.isGone(instance)).isTrue();
    }

    @Test
    void other_classes_have_none() {
        host.launch().start(site.start(1), LaunchSite.PATIENCE);

        assertThat(site.kubernetes.count(CLAIMS)).isZero();
    }

    private InstanceRef start(String tenant, String run, int epoch, String workspace) {
        InstanceRef instance = new InstanceRef(new RunRef(tenant, run), epoch);
        host.launch().start(site.start(instance, spec(workspace)), LaunchSite.PATIENCE);
        return instance;
    }

    private String claim(String installation, String tenant, AgentSpec spec) {
        return Workspaces.claimOf(installation, site.start(new InstanceRef(new RunRef(tenant, "run-1"), 1), spec))
                .orElseThrow();
    }

    private static AgentSpec spec(String workspace) {
        return Requests.agent(
                Isolation.DEVCONTAINER, b -> workspace.isEmpty() ? b : b.label(Workspaces.LABEL, workspace));
    }

    private List<ObjectNode> claims() {
        return site.kubernetes.list("persistentvolumeclaims", LaunchSite.NAMESPACE);
    }

    private String mounted(InstanceRef instance) {
        return site.pods(instance).get(0).json().findValue("claimName").asText();
    }
}
