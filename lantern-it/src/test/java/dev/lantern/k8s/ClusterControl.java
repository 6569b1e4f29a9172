package dev.lantern.k8s;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** Does to a cluster what its API cannot, by the program that {@code LANTERN_TEST_CLUSTER_CONTROL} names. */
final class ClusterControl {
    private ClusterControl() {}

    /** Returns when it is done. Where there is no such program, or it does not know how, the test is skipped. */
    static void call(String... words) throws IOException, InterruptedException {
        String program = System.getenv("LANTERN_TEST_CLUSTER_CONTROL");
        assumeTrue(program != null, "LANTERN_TEST_CLUSTER_CONTROL is not set; skipped: " + String.join(" ", words));
        List<String> command = new ArrayList<>(List.of(program));
        command.addAll(List.of(words));
        int code = new ProcessBuilder(command).inheritIO().start().waitFor();
        assumeTrue(code != 2, program + " does not know how; skipped: " + String.join(" ", words));
        assertThat(code).as("%s", command).isZero();
    }
}
