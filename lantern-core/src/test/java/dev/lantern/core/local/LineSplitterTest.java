package dev.lantern.core.local;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

class LineSplitterTest {
    private final List<String> lines = new ArrayList<>();
    private final LineSplitter splitter = new LineSplitter(lines::add);

    @Test
    void lines_are_the_same_however_the_bytes_arrive() {
        byte[] text = "one\ntwo\r\n\n\r\nthree \u00e9\u20ac\ud83d\ude00 \rend".getBytes(StandardCharsets.UTF_8);
        for (int portion = 1; portion <= text.length; portion++) {
            lines.clear();
            LineSplitter fresh = new LineSplitter(lines::add);
            for (int from = 0; from < text.length; from += portion) {
                byte[] part = Arrays.copyOfRange(text, from, Math.min(text.length, from + portion));
                fresh.take(part, part.length);
            }
            fresh.end();
            assertThat(lines).containsExactly("one", "two", "", "", "three \u00e9\u20ac\ud83d\ude00 \rend");
        }
    }

    @Test
    void what_is_not_utf8_is_replaced() {
        take(new byte[] {'a', (byte) 0xff, 'b', (byte) 0xc3, '\n'});

        assertThat(lines).containsExactly("a\ufffdb\ufffd");
    }

    @Test
    void longest_line_is_told_in_full() {
        take(("x".repeat(LineSplitter.MAX_LINE) + "\n").getBytes(StandardCharsets.UTF_8));

        assertThat(lines).containsExactly("x".repeat(LineSplitter.MAX_LINE));
    }

    @Test
    void longer_line_is_marked_with_what_is_left_out() {
        take(("x".repeat(LineSplitter.MAX_LINE + 1000) + "\nnext\n").getBytes(StandardCharsets.UTF_8));

        assertThat(lines)
                .containsExactly(
                        "x".repeat(LineSplitter.MAX_LINE) + " [… 1000 more bytes of this line left out]", "next");
    }

    @Test
    void cut_is_never_inside_of_a_character() {
        for (String character : List.of("\u00e9", "\u20ac", "\ud83d\ude00")) {
            int bytes = character.getBytes(StandardCharsets.UTF_8).length;
            for (int before = 0; before < bytes; before++) {
                lines.clear();
                String filler = "x".repeat(LineSplitter.MAX_LINE - before);
                take((filler + character + "yy\n").getBytes(StandardCharsets.UTF_8));
                assertThat(lines).containsExactly(filler + " [… " + (bytes + 2) + " more bytes of this line left out]");
            }
        }
    }

    @Test
    void bytes_behind_the_last_line_end_are_a_line() {
        take("a\nb".getBytes(StandardCharsets.UTF_8));
        assertThat(lines).containsExactly("a");
        splitter.end();
        assertThat(lines).containsExactly("a", "b");
        splitter.end();
        assertThat(lines).containsExactly("a", "b");
    }

    private void take(byte[] bytes) {
        splitter.take(bytes, bytes.length);
    }
}
