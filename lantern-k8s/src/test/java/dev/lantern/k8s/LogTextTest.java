package dev.lantern.k8s;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Lines and their times, whatever bytes come and in whatever parts. */
class LogTextTest {
    private static final Instant TIME = Instant.parse("2026-01-01T00:00:00.000000001Z");
    private static final String STAMP = "2026-01-01T00:00:00.000000001Z ";

    private final List<LogText.Line> lines = new ArrayList<>();
    private final LogText text = new LogText(lines::add);

    @Test
    void line_has_its_time_in_any_zone_and_keeps_its_blanks() {
        take(STAMP + " a b \r\n" + "2026-01-01T02:00:00.000000001+02:00 c\n" + STAMP + "\n");

        assertThat(lines).containsExactly(line(" a b "), line("c"), line(""));
    }

    @Test
    void line_without_a_time_is_kept_whole() {
        take("no time\n\n2026-01-01 00:00:00 neither\n" + "x".repeat(100) + " y\n");

        assertThat(lines)
                .extracting(LogText.Line::text)
                .containsExactly("no time", "", "2026-01-01 00:00:00 neither", "x".repeat(100) + " y");
        assertThat(lines).extracting(LogText.Line::time).containsOnly(Optional.empty());
    }

    @Test
    void parts_of_any_length_make_the_same_lines() {
        String whole = STAMP + "\u00e4\ud83d\ude00\n" + STAMP + "two\nrest";
        for (int part = 1; part < whole.length(); part++) {
            lines.clear();
            LogText parted = new LogText(lines::add);
            byte[] bytes = whole.getBytes(StandardCharsets.UTF_8);
            for (int from = 0; from < bytes.length; from += part) {
                byte[] some = Arrays.copyOfRange(bytes, from, Math.min(bytes.length, from + part));
                parted.take(some, some.length);
            }
            assertThat(lines).as("parts of %s", part).containsExactly(line("\u00e4\ud83d\ude00"), line("two"));
            assertThat(parted.rest()).contains(new LogText.Line(Optional.empty(), "rest"));
        }
    }

    @Test
    void what_is_no_utf_8_is_replaced() {
        text.take(new byte[] {'a', (byte) 0xff, (byte) 0xc3, '\n'}, 4);

        assertThat(lines).extracting(LogText.Line::text).containsExactly("a\ufffd\ufffd");
    }

    @Test
    void long_line_is_cut_between_characters_and_says_how_much_is_missing() {
        for (int over = 0; over < 5; over++) {
            lines.clear();
            String head = "x".repeat(LogText.MAX_LINE - over);
            take(STAMP + head + "\ud83d\ude00".repeat(2) + "\n");
            int fit = over == 4 ? 1 : 0;
            assertThat(lines)
                    .containsExactly(line(head + "\ud83d\ude00".repeat(fit) + " [… " + (8 - 4 * fit)
                            + " more bytes of this line left out]"));
        }
    }

    private void take(String more) {
        byte[] bytes = more.getBytes(StandardCharsets.UTF_8);
        text.take(bytes, bytes.length);
    }

    private static LogText.Line line(String text) {
        return new LogText.Line(Optional.of(TIME), text);
    }
}
