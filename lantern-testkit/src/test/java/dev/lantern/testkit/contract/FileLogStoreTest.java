package dev.lantern.testkit.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lantern.core.logs.FileLogStore;
import dev.lantern.core.logs.LogLimits;
import dev.lantern.logs.LogLine;
import dev.lantern.logs.LogStore;
import dev.lantern.value.LanternException;
import dev.lantern.value.RunRef;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FileLogStoreTest extends LogStoreContract {
    private static final LogLimits LIMITS = new LogLimits(1024 * 1024, Duration.ofDays(7));

    @TempDir
    Path temporary;

    private volatile Instant now = Instant.now();

    @Override
    protected LogStore open() {
        return new FileLogStore(temporary.resolve("logs"), LIMITS, () -> now);
    }

    @Test
    void lines_and_cursors_outlive_the_store() {
        store().append(List.of(line("one"), line("two")));
        List<LogLine> before = all();

        try (LogStore again = open()) {
            again.append(List.of(line("three")));

            assertThat(again.read(new RunRef("acme", "run-1"), before.get(0).cursor(), 10))
                    .extracting(LogLine::text)
                    .containsExactly("two", "three");
        }
        assertThat(all()).extracting(LogLine::cursor).doesNotHaveDuplicates();
    }

    @Test
    void a_line_that_a_crash_left_unfinished_is_dropped_and_the_next_one_is_whole() throws IOException {
        store().append(List.of(line("one"), line("two")));
        List<LogLine> before = all();
        Files.writeString(onlyFile(), "3 2026-01-02T03:04:05Z 1 stdout to", StandardOpenOption.APPEND);
        assertThat(all()).isEqualTo(before);

        try (LogStore again = open()) {
            again.append(List.of(line("three")));
        }

        assertThat(all()).extracting(LogLine::text).containsExactly("one", "two", "three");
        assertThat(Files.readString(onlyFile())).doesNotContain(" to\n").endsWith(" three\n");
    }

    @Test
    void a_cursor_of_a_line_lost_in_a_crash_never_means_a_later_line() throws IOException {
        store().append(List.of(line("one"), line("lost with the power")));
        String lost = all().get(1).cursor();
        String kept = Files.readString(onlyFile()).lines().findFirst().orElseThrow() + "\n";
        Files.writeString(onlyFile(), kept);

        try (LogStore again = open()) {
            again.append(List.of(line("after")));
        }

        assertThat(store().read(new RunRef("acme", "run-1"), lost, 10))
                .extracting(LogLine::text)
                .containsExactly("after");
    }

    @Test
    void a_run_never_takes_more_than_its_share() throws IOException {
        for (int i = 0; i < 40; i++) {
            store().append(IntStream.range(0, 50)
                    .mapToObj(n -> line("z".repeat(2000)))
                    .toList());
            assertThat(files().mapToLong(FileLogStoreTest::size).sum()).isLessThanOrEqualTo(LIMITS.bytesPerRun());
        }
        store().append(IntStream.range(0, 30)
                .mapToObj(n -> line("漢".repeat(64 * 1024)))
                .toList());
        assertThat(all().get(all().size() - 1).text()).startsWith("漢");
    }

    @Test
    void old_lines_go_when_the_store_is_opened_and_while_it_is_written_to() throws IOException {
        store().append(List.of(line("old")));
        RunRef other = new RunRef("acme", "other");
        Files.setLastModifiedTime(onlyFile(), FileTime.from(now.minus(Duration.ofDays(8))));

        store().append(List.of(line(other, 1, "new")));
        assertThat(all()).as("within the hour nobody looks").hasSize(1);
        now = now.plus(Duration.ofMinutes(61));
        store().append(List.of(line(other, 1, "newer")));

        assertThat(all()).isEmpty();
        assertThat(store().read(other, "", 10)).extracting(LogLine::text).containsExactly("new", "newer");

        now = now.plus(Duration.ofDays(8));
        open().close();
        assertThat(files()).isEmpty();
    }

    @Test
    void an_interrupted_thread_writes_whole_lines() {
        Thread.currentThread().interrupt();
        try {
            store().append(List.of(line("one")));
            assertThat(Thread.currentThread().isInterrupted()).isTrue();
        } finally {
            Thread.interrupted();
        }
        assertThat(all()).extracting(LogLine::text).containsExactly("one");
    }

    @Test
    void a_directory_that_cannot_be_used_is_named() throws IOException {
        Path file = Files.write(temporary.resolve("file"), "x".getBytes(StandardCharsets.US_ASCII));

        assertThatThrownBy(() -> new FileLogStore(file, LIMITS, () -> now))
                .isInstanceOf(LanternException.class)
                .hasMessageContaining(file.toString());
    }

    @Test
    void limits_that_leave_no_room_are_refused() {
        assertThatThrownBy(() -> new LogLimits(1000, Duration.ofDays(1)))
                .isInstanceOf(LanternException.class)
                .hasMessage("log limits: a run takes at least 1048576 bytes, found 1000");
        assertThatThrownBy(() -> new LogLimits(8 << 20, Duration.ZERO))
                .isInstanceOf(LanternException.class)
                .hasMessage("log limits: the age is positive, found PT0S");
    }

    private Path onlyFile() throws IOException {
        return files().reduce((a, b) -> {
                    throw new AssertionError("more than one file: " + a + ", " + b);
                })
                .orElseThrow();
    }

    private Stream<Path> files() throws IOException {
        try (Stream<Path> tree = Files.walk(temporary.resolve("logs"))) {
            return tree.filter(Files::isRegularFile).toList().stream();
        }
    }

    private static long size(Path file) {
        try {
            return Files.size(file);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }
}
