package dev.lantern.value;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.lang.reflect.Type;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

final class PayloadTest {
    private static final byte[] BYTES = "hunter2".getBytes(StandardCharsets.UTF_8);
    private static final PayloadCodec TEXT = new PayloadCodec() {
        @Override
        public Payload encode(Object value) {
            return Payload.of("text/plain", value.toString().getBytes(StandardCharsets.UTF_8), this);
        }

        @Override
        public Object decode(Payload payload, Type type) {
            return new String(payload.bytes(), StandardCharsets.UTF_8);
        }
    };

    @Test
    void a_payload_carries_its_codec() {
        Payload payload = TEXT.encode("hello");
        assertThat(payload.as(String.class)).isEqualTo("hello");
        assertThat(payload.as((Type) String.class)).isEqualTo("hello");
        assertThat(payload.mediaType()).isEqualTo("text/plain");
    }

    @Test
    void without_a_codec_there_are_only_bytes_and_the_message_says_so() {
        assertThatThrownBy(() -> Payload.of("text/plain", BYTES).as(String.class))
                .isExactlyInstanceOf(LanternException.class)
                .hasMessage(
                        "this payload was made without a codec: read bytes(), or make it with Payload.of(mediaType, bytes, codec)");
    }

    @Test
    void a_payload_is_a_value_that_shows_no_byte() {
        byte[] bytes = BYTES.clone();
        Payload payload = Payload.of("text/plain", bytes);
        bytes[0] = 0;
        payload.bytes()[0] = 0;
        assertThat(payload)
                .isEqualTo(Payload.of("text/plain", BYTES, TEXT))
                .hasSameHashCodeAs(Payload.of("text/plain", BYTES));
        assertThat(payload).isNotEqualTo(Payload.of("text/html", BYTES)).isNotEqualTo(Payload.of("text/plain", bytes));
        assertThat(payload).hasToString("Payload[text/plain, 7 bytes]");
    }
}
