package dev.lantern.k8s;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What the manual and the image say in words is what the code does. */
class KubernetesPageTest {

    @Test
    void manual_lists_every_allowance_and_no_other() throws IOException {
        List<String> listed = new ArrayList<>();
        String page = Files.readString(Path.of("../docs/kubernetes.md"));
        String section = page.substring(page.indexOf("## What is compared"), page.indexOf("## Logs"));
        for (String line : section.split("\n")) {
            if (line.matches("\\| `[A-Z_]+` \\|.*")) {
                listed.add(line);
            }
        }

        assertThat(listed)
                .containsExactlyElementsOf(Stream.of(Allowance.values())
                        .map(allowance -> "| `" + allowance + "` | " + allowance.why() + " |")
                        .toList());
    }

    @Test
    void manual_explains_every_reason_for_which_a_token_is_refused() throws IOException {
        String page = Files.readString(Path.of("../docs/kubernetes.md"));

        for (NotIdentified.Reason reason : NotIdentified.Reason.values()) {
            assertThat(page).contains("`" + reason + "`");
        }
    }

    @Test
    void manual_names_every_object_of_the_baseline() throws IOException {
        String page = Files.readString(Path.of("../docs/kubernetes.md"));

        for (BaselineCheck.Part part : BaselineCheck.Part.values()) {
            assertThat(page).contains(part.objectName());
        }
        assertThat(page).contains(NamespaceBaseline.POD_SECURITY_VERSION, Volumes.INPUT_PATH, Volumes.WORKSPACE_PATH);
    }

    @Test
    void image_of_the_harness_runs_as_the_user_of_the_template_and_what_exists() throws IOException {
        List<String> lines = Files.readAllLines(Path.of("../deploy/harness/Dockerfile"));
        int user = PodDefaults.usual().harnessUser();

        assertThat(lines).contains("ARG JRE", "FROM ${JRE}", "USER " + user + ":" + user);
        assertThat(lines).noneMatch(line -> line.startsWith("RUN") || line.startsWith("SHELL"));
        String main = String.join("", lines).replaceFirst(".*dev\\.lantern\\.agent/([\\w.]+)\"].*", "$1");
        assertThat(Path.of("../lantern-agent/src/main/java", main.replace('.', '/') + ".java"))
                .exists();
    }
}
