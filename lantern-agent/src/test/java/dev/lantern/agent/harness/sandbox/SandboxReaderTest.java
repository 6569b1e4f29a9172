package dev.lantern.agent.harness.sandbox;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lantern.agent.wire.SandboxReport;
import dev.lantern.value.LanternException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SandboxReaderTest {
    private static final String GVISOR = "Linux version 4.19.0-gvisor #1 SMP Sun Jan 10 15:06:54 PST 2016";

    @TempDir
    private Path proc;

    @Test
    void what_the_kernel_says_is_reported_as_it_is() throws IOException {
        put("version", GVISOR + "\n");
        put("sys/kernel/random/boot_id", "0f3c\n");
        put("cmdline", "quiet\n");
        Files.createDirectory(proc.resolve("gvisor"));
        put("self/mountinfo", """
                1 0 0:1 / / ro - 9p none rw,trans=fd
                2 1 0:2 / /run rw shared:7 master:2 - tmpfs none rw
                3 1 0:2 / /tmp rw - tmpfs none rw
                """);

        assertThat(SandboxReader.read(proc))
                .isEqualTo(new SandboxReport(GVISOR, "0f3c", true, "quiet", List.of("9p none", "tmpfs none")));
    }

    @Test
    void older_gvisor_is_known_by_another_file() throws IOException {
        put("version", "Linux version 4.4.0 #1 SMP Sun Jan 10 15:06:54 PST 2016\n");
        assertThat(SandboxReader.read(proc).gvisor()).isFalse();

        put("sentry-meminfo", "");

        assertThat(SandboxReader.read(proc).gvisor()).isTrue();
    }

    @Test
    void what_cannot_be_read_is_empty() {
        assertThat(SandboxReader.read(proc)).isEqualTo(new SandboxReport("", "", false, "", List.of()));
    }

    @Test
    void what_is_endless_is_cut() throws IOException {
        put("version", "v".repeat(1_000_000));
        put("self/mountinfo", "1 0 0:1 / / ro - 9p none rw\n" + "x - fs ".repeat(100_000));
        StringBuilder many = new StringBuilder();
        for (int i = 0; i < 1_000; i++) {
            many.append("1 0 0:1 / /m ro - fs source-").append(i).append(" rw\n");
        }

        assertThat(SandboxReader.read(proc).kernel()).hasSize(SandboxReport.LONGEST);
        put("self/mountinfo", many.toString());
        assertThat(SandboxReader.read(proc).mounts()).hasSize(SandboxReport.MOST_MOUNTS);
    }

    @Test
    void this_machines_own_report_survives_the_wire() {
        SandboxReport report = SandboxReader.read();

        assertThat(report.kernel()).isNotEmpty();
        assertThat(SandboxReport.of(report.json())).isEqualTo(report);
    }

    @Test
    void report_that_is_too_long_or_of_another_form_is_refused() {
        assertThatThrownBy(() -> new SandboxReport("v".repeat(2_049), "", false, "", List.of()))
                .isInstanceOf(LanternException.class)
                .hasMessage("a sandbox report has texts of at most 2048 characters and at most 64 mounts");
    }

    private void put(String file, String text) throws IOException {
        Path path = proc.resolve(file);
        Files.createDirectories(path.getParent());
        Files.writeString(path, text);
    }
}
