package dev.lantern.identity;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;

class SecurityEventTest {

    @Test
    void strangers_words_can_forge_no_line_and_fill_no_log() {
        List<String> texts = List.of(
                "CN=x\n2031-05-06 WARN forged",
                "CN=x\r\nforged",
                "\u001b[2Jforged",
                "\u0000\u0007\u007f",
                "\u0085next line",
                "\u2028separator\u2029",
                "\u202egnp.exe",
                "x".repeat(100_000));
        for (String text : texts) {
            SecurityEvent event = new SecurityEvent(
                    Instant.EPOCH, text, text, Optional.empty(), OptionalInt.empty(), Optional.of(text), text);
            for (String said : List.of(
                    event.reason(),
                    event.remote(),
                    event.detail(),
                    event.certificate().orElseThrow())) {
                assertThat(said).matches("[ -~]{0,256}");
            }
        }
        System.out.println("forged log lines: " + texts.size() + " cases");
        assertThat(texts.size()).isGreaterThanOrEqualTo(8);
    }
}
