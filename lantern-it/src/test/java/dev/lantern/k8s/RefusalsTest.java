package dev.lantern.k8s;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lantern.Lantern;
import dev.lantern.LanternRuntime;
import dev.lantern.core.memory.InMemoryJournal;
import dev.lantern.gate.Decision;
import dev.lantern.gate.Preflight;
import dev.lantern.gate.Violation;
import dev.lantern.spec.Isolation;
import dev.lantern.testkit.kubernetes.RequestMatcher;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** A refusal reads well to a stranger: what was asked, what was found, what would do, and what to do. */
class RefusalsTest {
    private static final Path PAGES = Path.of("src/test/resources/dev/lantern/k8s");

    @Test
    void untrusted_on_a_cluster_without_gvisor() throws IOException {
        try (GatedCluster cluster = new GatedCluster()) {
            cluster.kubernetes.addNode("n1");
            cluster.kubernetes.addNode("n2").silentAboutHandlers();
            cluster.runtimeClass("crun", "crun");

            compare("untrusted-without-gvisor.txt", text(cluster.decide(Isolation.UNTRUSTED)));
        }
    }

    @Test
    void untrusted_where_the_class_is_and_no_node_proves_its_handler() throws IOException {
        try (GatedCluster cluster = new GatedCluster()) {
            cluster.kubernetes.addNode("n1");
            cluster.kubernetes.addNode("n2").silentAboutHandlers();
            cluster.kubernetes.addNode("n3").handlers("", "runsc").lose();
            cluster.kubernetes.advance(Duration.ofMinutes(1));
            cluster.runtimeClass("gvisor", "runsc");

            compare("untrusted-without-a-node.txt", text(cluster.decide(Isolation.UNTRUSTED)));
        }
    }

    @Test
    void hostile_in_a_namespace_that_nobody_prepared() throws IOException {
        try (GatedCluster cluster = GatedCluster.full()) {
            cluster.kubernetes.addNamespace("lantern-globex");

            compare(
                    "hostile-without-a-baseline.txt",
                    text(cluster.decide(Isolation.HOSTILE, cluster.finder().facts("globex", Duration.ofMinutes(1)))));
        }
    }

    @Test
    void preflight_of_a_cluster_with_everything() throws IOException {
        try (GatedCluster cluster = GatedCluster.now().filled()) {
            compare("preflight-full.txt", preflight(cluster).replace(cluster.kubernetes.url(), "https://cluster"));
        }
    }

    @Test
    void preflight_of_a_host_that_may_ask_for_nothing() throws IOException {
        try (GatedCluster cluster = GatedCluster.now().filled()) {
            cluster.kubernetes.forbid(RequestMatcher.any());

            compare("preflight-forbidden.txt", preflight(cluster).replace(cluster.kubernetes.url(), "https://cluster"));
        }
    }

    private static String preflight(GatedCluster cluster) {
        try (LanternRuntime runtime = Lantern.runtime()
                .journal(new InMemoryJournal(InstantSource.system(), "preflight"))
                .substrate(new ClusterOfFacts(cluster.finder()))
                .start()) {
            Preflight preflight = runtime.preflight("acme");
            return preflight.toString();
        }
    }

    private static String text(Decision decision) {
        assertThat(decision).isInstanceOf(Decision.Refused.class);
        return ((Decision.Refused) decision)
                .violations().stream().map(Violation::toString).collect(Collectors.joining("\n", "", "\n"));
    }

    /** {@code -Dlantern.golden.update=true} writes the pages anew; the diff then is what to review. */
    private static void compare(String name, String page) throws IOException {
        String settled = page.replaceAll("[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", "…")
                .replaceAll("at 20[0-9-]+T[0-9:.]+Z", "at …")
                .replaceAll("sha256:[0-9a-f]{64}", "sha256:…")
                .replaceAll("clocks at most [0-9]+ s apart", "clocks at most … s apart");
        Path file = PAGES.resolve(name);
        if (Boolean.getBoolean("lantern.golden.update")) {
            Files.createDirectories(PAGES);
            Files.writeString(file, settled);
        }
        assertThat(settled).isEqualTo(Files.readString(file));
    }
}
