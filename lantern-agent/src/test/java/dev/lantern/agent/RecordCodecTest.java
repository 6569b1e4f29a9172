package dev.lantern.agent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lantern.value.LanternException;
import dev.lantern.value.Payload;
import java.lang.reflect.Type;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

final class RecordCodecTest {
    private final RecordCodec codec = new RecordCodec();

    enum Colour {
        RED,
        BLUE
    }

    record Line(String text, int number) {}

    record Everything(
            String text,
            boolean flag,
            Boolean boxed,
            byte b,
            short s,
            int i,
            long l,
            float f,
            double d,
            BigInteger large,
            BigDecimal exact,
            Colour colour,
            Instant at,
            Duration took,
            LocalDate day,
            UUID id,
            Optional<Line> maybe,
            Optional<String> absent,
            List<Line> lines,
            Set<String> names,
            Map<String, Integer> counts) {}

    record Checked(int positive) {
        Checked {
            if (positive < 0) {
                throw new IllegalArgumentException("secret " + positive);
            }
        }
    }

    record Generic<T>(T value) {}

    record Raw(@SuppressWarnings("rawtypes") List list) {}

    private static final Everything EVERYTHING = new Everything(
            "a \"b\" ☃ \u0001",
            true,
            false,
            (byte) -1,
            (short) 300,
            7,
            Long.MIN_VALUE,
            1.5f,
            0.1,
            BigInteger.TWO.pow(80),
            new BigDecimal("0.10"),
            Colour.BLUE,
            Instant.parse("2026-01-02T03:04:05.000000006Z"),
            Duration.ofMillis(1500),
            LocalDate.of(2026, 2, 28),
            UUID.fromString("00000000-0000-0001-0000-000000000002"),
            Optional.of(new Line("x", 1)),
            Optional.empty(),
            List.of(new Line("y", 2), new Line("z", 3)),
            Set.of("n"),
            Map.of("k", 9));

    @Test
    void record_of_everything_known_comes_back_equal() {
        Payload payload = codec.encode(EVERYTHING);

        assertThat(payload.mediaType()).isEqualTo("application/json");
        assertThat(payload.as(Everything.class)).isEqualTo(EVERYTHING);
    }

    @Test
    void form_is_plain_json() {
        assertThat(json(new Line("a", 1))).isEqualTo("{\"text\":\"a\",\"number\":1}");
        assertThat(json("text")).isEqualTo("\"text\"");
        assertThat(json(List.of(1, Optional.of("x"), Map.of("a", true)))).isEqualTo("[1,\"x\",{\"a\":true}]");
        assertThat(codec.encode(new byte[] {1}).mediaType()).isEqualTo("application/octet-stream");
    }

    @Test
    void plain_values_are_read() {
        assertThat(read("\"x\"", String.class)).isEqualTo("x");
        assertThat(read("7", Integer.class)).isEqualTo(7);
        assertThat(read("7.0", int.class)).isEqualTo(7);
        assertThat(read("{\"a\":[1,1.5,null,true]}", Object.class))
                .isEqualTo(Map.of("a", java.util.Arrays.asList(1L, new BigDecimal("1.5"), null, true)));
        assertThat(codec.decode(Payload.of("text/plain; charset=utf-8", utf8("hello")), String.class))
                .isEqualTo("hello");
        assertThat(codec.decode(Payload.of("image/png", new byte[] {9}), byte[].class))
                .isEqualTo(new byte[] {9});
        assertThat(codec.decode(Payload.of("application/ld+json", utf8("1")), Long.class))
                .isEqualTo(1L);
    }

    @Test
    void unknown_members_are_left_aside_and_missing_ones_are_null_empty_or_refused() {
        assertThat(read("{\"text\":\"a\",\"number\":1,\"new\":{}}", Line.class)).isEqualTo(new Line("a", 1));
        assertThat(read("{\"number\":1}", Line.class)).isEqualTo(new Line(null, 1));
        assertThatThrownBy(() -> read("{\"text\":\"a\"}", Line.class))
                .hasMessage(Line.class.getName() + ".number is missing or null, and a int cannot be");
    }

    record Bad(String json, Type type, String message) {}

    static Stream<Bad> bad() {
        return Stream.of(
                new Bad("{\"text\":5,\"number\":1}", Line.class, ".text must be a string in the JSON, and is not"),
                new Bad("{\"text\":\"s\",\"number\":1.5}", Line.class, ".number must be a number that fits a int"),
                new Bad("{\"text\":\"s\",\"number\":2147483648}", Line.class, "must be a number that fits a int"),
                new Bad("{\"text\":\"s\",\"number\":\"1\"}", Line.class, ".number must be a number"),
                new Bad("[]", Line.class, "must be an object"),
                new Bad("{}", Raw.class, ".list is List without its element type"),
                new Bad("{\"value\":1}", Generic.class, "is not among the types that RecordCodec knows"),
                new Bad(
                        "{\"positive\":-1}",
                        Checked.class,
                        "refused what was read: java.lang.IllegalArgumentException"),
                new Bad("\"GREEN\"", Colour.class, "must be a constant of Colour"),
                new Bad("\"noon\"", Instant.class, "must be the text of a Instant"),
                new Bad("1", java.util.BitSet.class, "is not among the types that RecordCodec knows"),
                new Bad("1", int[].class, "is not among the types that RecordCodec knows"),
                new Bad("1e999999999", BigInteger.class, "must be a number that fits a BigInteger"),
                new Bad("1e999999999", Long.class, "must be a number that fits a Long"),
                new Bad("\"x\"", Boolean.class, "must be true or false"),
                new Bad("null", String.class, "the payload is JSON null"),
                new Bad("", String.class, "the payload is empty"),
                new Bad("{", String.class, "not well-formed JSON"),
                new Bad("{\"a\":1,\"a\":2}", Object.class, "not well-formed JSON"),
                new Bad("1 2", Long.class, "text behind its JSON document"),
                new Bad("[".repeat(1000), Object.class, "not well-formed JSON"));
    }

    @ParameterizedTest
    @MethodSource("bad")
    void what_does_not_fit_is_refused_with_its_place_and_without_its_value(Bad bad) {
        assertThatThrownBy(() -> read(bad.json(), bad.type()))
                .isInstanceOf(LanternException.class)
                .hasMessageContaining(bad.message())
                .hasMessageNotContaining("secret")
                .hasMessageNotContaining("GREEN");
    }

    @Test
    void what_has_no_form_is_refused() {
        assertThatThrownBy(() -> codec.encode(new java.util.BitSet()))
                .hasMessageContaining("use a record of plain values, or bring a PayloadCodec");
        assertThatThrownBy(() -> codec.encode(Map.of(1, 2))).hasMessage("a map needs String keys to become JSON");
        assertThatThrownBy(() -> codec.encode(Double.NaN)).hasMessage("NaN and infinities have no JSON form");
        assertThatThrownBy(() -> codec.decode(Payload.of("image/png", new byte[1]), String.class))
                .hasMessage("cannot read image/png as java.lang.String: only JSON can be; take it as byte[] or bring a"
                        + " codec");
    }

    private Object read(String json, Type type) {
        return codec.decode(Payload.of("application/json", utf8(json)), type);
    }

    private String json(Object value) {
        return new String(codec.encode(value).bytes(), StandardCharsets.UTF_8);
    }

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
