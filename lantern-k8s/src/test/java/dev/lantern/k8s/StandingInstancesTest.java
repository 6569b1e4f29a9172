package dev.lantern.k8s;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.lantern.substrate.InstanceRef;
import dev.lantern.testkit.kubernetes.Fault;
import dev.lantern.testkit.kubernetes.RequestMatcher;
import dev.lantern.value.LanternException;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The list of what stands is complete or an exception, and nobody gets onto it who is not of this installation. */
class StandingInstancesTest {
    private static final RequestMatcher JOBS = RequestMatcher.any().verb("list").resource("jobs.batch");

    private final LaunchSite site = new LaunchSite();
    private final List<InstanceRef> all =
            List.of(LaunchSite.instance(1), LaunchSite.instance(2), LaunchSite.instance(3));

    @BeforeEach
    void three_stand() {
        for (InstanceRef instance : all) {
            site.host().launch().start(site.start(instance.epoch()), LaunchSite.PATIENCE);
        }
    }

    @AfterEach
    void close() {
        site.close();
    }

    @Test
    void all_are_listed_in_one_part_or_in_several() {
        assertThat(standing()).isEqualTo(all);
        site.kubernetes.inject(JOBS, Fault.page(1));
        assertThat(standing()).isEqualTo(all);
    }

    @Test
    void what_ended_stands_until_it_is_stopped() {
        site.pods(all.get(0)).get(0).passStartupProbe("harness");
        site.pods(all.get(0)).get(0).exit("agent", 0);
        site.kubernetes.settle();
        assertThat(standing()).isEqualTo(all);

        site.host().teardown().stop(all.get(0), LaunchSite.PATIENCE);

        assertThat(standing()).containsExactly(all.get(1), all.get(2));
    }

    @Test
    void list_that_breaks_off_is_none() {
        for (Fault fault : List.of(Fault.cut(), Fault.status(403), Fault.cutAfter(200), Fault.body("{}"))) {
            site.kubernetes.inject(JOBS, fault, 1);
            assertThatThrownBy(this::standing)
                    .isInstanceOf(LanternException.class)
                    .hasMessageContaining("what stands of installation " + LaunchSite.INSTALLATION + " is not known");
        }
        site.kubernetes.inject(JOBS.query("continue="), Fault.status(500), 2);
        site.kubernetes.inject(JOBS, Fault.page(1), 1);
        assertThatThrownBy(this::standing).isInstanceOf(LanternException.class);
    }

    @Test
    void marks_that_do_not_belong_to_the_name_and_the_place_are_nobodys() {
        site.kubernetes.addNamespace("elsewhere");
        for (String namespace : List.of("elsewhere", "lantern-acme")) {
            ObjectNode forged = suspendedCopy();
            ((ObjectNode) forged.get("metadata")).put("namespace", namespace);
            if (namespace.equals("lantern-acme")) {
                ((ObjectNode) forged.get("metadata")).put("name", "ln-forged");
                ((ObjectNode) forged.at("/metadata/labels")).put(Marks.EPOCH, "9");
            }
            site.kubernetes.create(forged.toString());
        }

        assertThat(standing()).isEqualTo(all);
    }

    @Test
    void only_the_namespaces_that_are_watched_are_asked() {
        site.kubernetes.forbid(JOBS.namespace(""));
        site.kubernetes.addNamespace("lantern-globex");

        assertThat(standing("lantern-acme", "lantern-globex")).isEqualTo(all);
        assertThat(standing("lantern-globex")).isEmpty();

        site.kubernetes.forbid(JOBS.namespace("lantern-globex"));
        assertThatThrownBy(() -> standing("lantern-acme", "lantern-globex")).isInstanceOf(LanternException.class);
    }

    /** One of ours as somebody else would make it; it makes no pods. */
    private ObjectNode suspendedCopy() {
        ObjectNode job = site.job(all.get(0)).orElseThrow();
        ((ObjectNode) job.get("metadata"))
                .remove(List.of("uid", "resourceVersion", "creationTimestamp", "managedFields", "generation"));
        ((ObjectNode) job.get("spec")).remove("selector");
        ((ObjectNode) job.get("spec")).put("suspend", true);
        ((ObjectNode) job.at("/spec/template/metadata/labels"))
                .remove(List.of(
                        "batch.kubernetes.io/controller-uid",
                        "batch.kubernetes.io/job-name",
                        "controller-uid",
                        "job-name"));
        job.remove("status");
        return job;
    }

    private List<InstanceRef> standing(String... namespaces) {
        return new StandingInstances(
                        site.server(), site.kubernetes.clock(), LaunchSite.WHEREABOUTS, List.of(namespaces))
                .list(Duration.ofSeconds(30));
    }
}
