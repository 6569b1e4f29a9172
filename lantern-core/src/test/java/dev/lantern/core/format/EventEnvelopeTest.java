package dev.lantern.core.format;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lantern.value.LanternException;
import dev.lantern.value.RunRef;
import dev.lantern.value.internal.Json;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

final class EventEnvelopeTest {
    private static final RunRef RUN = new RunRef("acme", "ticket-4711");
    private static final Instant TIME = Instant.parse("2026-11-23T07:45:47.123456Z");
    private static final EventEnvelope EVENT = new EventEnvelope(
            1,
            "cancel_requested",
            RUN,
            17,
            2,
            TIME,
            Json.object().put("reason", "naïve").build());
    private static final String TEXT =
            "{\"data\":{\"reason\":\"naïve\"},\"epoch\":2,\"kind\":\"cancel_requested\",\"run\":\"ticket-4711\",\"seq\":17,"
                    + "\"tenant\":\"acme\",\"time\":\"2026-11-23T07:45:47.123456Z\",\"v\":1}";

    @Test
    void an_event_has_one_form() {
        assertThat(new String(EVENT.bytes(), StandardCharsets.UTF_8)).isEqualTo(TEXT);
        assertThat(EventEnvelope.parse(EVENT.bytes())).isEqualTo(EVENT);
    }

    @Test
    void time_is_cut_to_microseconds_before_it_is_hashed() {
        EventEnvelope event = new EventEnvelope(
                1, "k", RUN, 1, 0, TIME.plusNanos(999), Json.object().build());
        assertThat(event.time()).isEqualTo(TIME);
        assertThat(EventEnvelope.parse(event.bytes())).isEqualTo(event);
    }

    record Junk(String name, String text, String message) {
        @Override
        public String toString() {
            return name;
        }
    }

    static Stream<Junk> junk() {
        return Stream.of(
                new Junk("not canonical", TEXT.replace(",", ", "), "not in canonical form"),
                new Junk("trailing newline", TEXT + "\n", "not in canonical form"),
                new Junk(
                        "other order",
                        TEXT.replace("\"seq\":17,", "").replace("{\"data", "{\"seq\":17,\"data"),
                        "not in canonical form"),
                new Junk(
                        "extra member",
                        TEXT.replace(",\"v\"", ",\"trace\":\"x\",\"v\""),
                        "member \"trace\" is unknown; allowed are data, epoch, kind, run, seq, tenant, time, v"),
                new Junk("no version", TEXT.replace(",\"v\":1", ""), "member \"v\" must be an integer, found nothing"),
                new Junk(
                        "no data",
                        TEXT.replace("\"data\":{\"reason\":\"naïve\"},", ""),
                        "member \"data\" must be an object, found nothing"),
                new Junk(
                        "data is text",
                        TEXT.replace("{\"reason\":\"naïve\"}", "\"x\""),
                        "member \"data\" must be an object, found Text"),
                new Junk("seq is text", TEXT.replace("17", "\"17\""), "member \"seq\" must be an integer, found Text"),
                new Junk("seq 0", TEXT.replace("17", "0"), "has version 1, sequence number 0 and epoch 2"),
                new Junk("epoch -1", TEXT.replace(":2,\"kind", ":-1,\"kind"), "and epoch -1"),
                new Junk(
                        "epoch 2^31",
                        TEXT.replace(":2,\"kind", ":2147483648,\"kind"),
                        "member \"epoch\" must fit 32 bits, found 2147483648"),
                new Junk("version 0", TEXT.replace("\"v\":1", "\"v\":0"), "has version 0"),
                new Junk("time without fraction", TEXT.replace(".123456", ""), "a timestamp is written as"),
                new Junk("time with offset", TEXT.replace("456Z", "456+00:00"), "a timestamp is written as"),
                new Junk("kind with capital", TEXT.replace("cancel_", "Cancel_"), "an event's kind is"),
                new Junk("empty kind", TEXT.replace("cancel_requested", ""), "an event's kind is"),
                new Junk(
                        "tenant with slash",
                        TEXT.replace("acme", "ac/me"),
                        "tenant \"ac/me\" has a character that is not allowed"),
                new Junk("an array", "[]", "an event must be an object"),
                new Junk("nothing", "", "the document is empty"));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("junk")
    void what_is_not_an_event_is_refused(Junk junk) {
        assertThat(junk.text()).isNotEqualTo(TEXT);
        assertThatThrownBy(() -> EventEnvelope.parse(junk.text().getBytes(StandardCharsets.UTF_8)))
                .isExactlyInstanceOf(LanternException.class)
                .hasMessageContaining(junk.message());
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "1a", "_a", "Run", "run-created", "run created", "é"})
    void kinds_are_names(String kind) {
        assertThatThrownBy(() -> new EventEnvelope(
                        1, kind, RUN, 1, 0, TIME, Json.object().build()))
                .hasMessage("an event's kind is 1 to 64 characters of a-z 0-9 _ and begins with a letter, found "
                        + kind.length() + " others");
    }

    @Test
    void an_event_of_more_than_a_mebibyte_is_not_written() {
        EventEnvelope event = new EventEnvelope(
                1,
                "k",
                RUN,
                3,
                0,
                TIME,
                Json.object().put("x", "x".repeat(EventEnvelope.MAX_BYTES)).build());
        assertThatThrownBy(event::bytes)
                .hasMessageStartingWith("event k of run acme/ticket-4711 at 3 has ")
                .hasMessageEndingWith("allowed are 1048576. Put the content into a payload");
    }
}
