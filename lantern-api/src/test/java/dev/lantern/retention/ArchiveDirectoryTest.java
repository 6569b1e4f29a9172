package dev.lantern.retention;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lantern.run.Retained;
import dev.lantern.run.RunLabels;
import dev.lantern.run.RunStatus;
import dev.lantern.run.RunSummary;
import dev.lantern.value.LanternException;
import dev.lantern.value.RunRef;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ArchiveDirectoryTest {
    private static final RunSummary RUN = new RunSummary(
            new RunRef("acme", "ticket-4711"),
            "triage",
            RunLabels.none(),
            Instant.EPOCH,
            RunStatus.SUCCEEDED,
            false,
            Retained.WHOLE);

    @TempDir
    Path directory;

    @Test
    void a_stored_run_is_one_file_and_storing_it_again_replaces_it() throws IOException {
        ArchiveDirectory archive = ArchiveDirectory.in(directory.resolve("made/by/the/first"));

        archive.store(RUN, out -> out.write(bytes("a longer first try")));
        archive.store(RUN, out -> out.write(bytes("again")));

        assertThat(archive.file("acme", "ticket-4711")).hasContent("again");
        assertThat(files(archive)).containsExactly("ticket-4711.jsonl");
    }

    @Test
    void a_run_whose_content_breaks_off_leaves_what_was_stored_before_and_no_part() throws IOException {
        ArchiveDirectory archive = ArchiveDirectory.in(directory);
        archive.store(RUN, out -> out.write(bytes("whole")));

        assertThatThrownBy(() -> archive.store(RUN, out -> {
                    out.write(bytes("half"));
                    throw new LanternException("the chain is broken");
                }))
                .hasMessage("the chain is broken");
        assertThatThrownBy(() -> archive.store(RUN, out -> {
                    throw new IOException("no space left");
                }))
                .hasMessage("no space left");

        assertThat(archive.file("acme", "ticket-4711")).hasContent("whole");
        assertThat(files(archive)).containsExactly("ticket-4711.jsonl");
    }

    @Test
    void a_rule_needs_a_time_and_a_reason() {
        for (String reason : List.of("", " ", "r".repeat(1001), "a\0b")) {
            assertThatThrownBy(() -> RetentionRule.closedFor(Duration.ZERO, reason))
                    .isInstanceOf(LanternException.class)
                    .hasMessageContaining("needs a reason of 1 to 1000");
        }
        for (Duration time : List.of(Duration.ofNanos(-1), Duration.ofDays(400_000))) {
            assertThatThrownBy(() -> RetentionRule.closedFor(time, "r"))
                    .isInstanceOf(LanternException.class)
                    .hasMessageContaining("0 to 365000 days");
        }
    }

    private List<String> files(ArchiveDirectory archive) throws IOException {
        Path folder = archive.file("acme", "any").getParent();
        try (Stream<Path> files = Files.list(folder)) {
            return files.map(file -> file.getFileName().toString()).toList();
        }
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
