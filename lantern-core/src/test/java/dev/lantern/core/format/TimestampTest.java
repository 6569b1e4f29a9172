package dev.lantern.core.format;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lantern.value.LanternException;
import java.time.Instant;
import java.time.format.DateTimeFormatter;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class TimestampTest {

    @ParameterizedTest
    @CsvSource({
        "2026-11-23T07:45:47.123456Z, 2026-11-23T07:45:47.123456Z",
        "2026-11-23T07:45:47.123456999Z, 2026-11-23T07:45:47.123456Z",
        "1970-01-01T00:00:00Z, 1970-01-01T00:00:00.000000Z",
        "1969-12-31T23:59:59.999999999Z, 1969-12-31T23:59:59.999999Z",
        "0000-01-01T00:00:00Z, 0000-01-01T00:00:00.000000Z",
        "9999-12-31T23:59:59.999999Z, 9999-12-31T23:59:59.999999Z",
        "2024-02-29T12:00:00.000001Z, 2024-02-29T12:00:00.000001Z"
    })
    void times_are_written_in_utc_with_six_digits(Instant time, String text) {
        assertThat(Timestamp.format(time)).isEqualTo(text);
        assertThat(Timestamp.parse(text)).isEqualTo(Timestamp.truncate(time));
    }

    @Test
    void random_times_agree_with_the_platform_and_come_back() {
        Random random = new Random(7);
        for (int i = 0; i < 20_000; i++) {
            Instant time = Instant.ofEpochSecond(
                    random.nextLong(-62_167_219_200L, 253_402_300_800L), random.nextInt(1_000_000) * 1000L);
            String text = Timestamp.format(time);
            assertThat(Timestamp.parse(text)).isEqualTo(time);
            assertThat(Instant.from(DateTimeFormatter.ISO_INSTANT.parse(text))).isEqualTo(time);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "2026-11-23T07:45:47Z",
                "2026-11-23T07:45:47.123Z",
                "2026-11-23T07:45:47.1234567Z",
                "2026-11-23T07:45:47.123456z",
                "2026-11-23t07:45:47.123456Z",
                "2026-11-23 07:45:47.123456Z",
                "2026-11-23T07:45:47,123456Z",
                "2026-11-23T07:45:47.123456+00:00",
                "+026-11-23T07:45:47.123456Z",
                "2026-11-23T07:45:47.12345٦Z",
                " 026-11-23T07:45:47.123456Z"
            })
    void other_shapes_are_refused(String text) {
        assertThatThrownBy(() -> Timestamp.parse(text))
                .isExactlyInstanceOf(LanternException.class)
                .hasMessage("a timestamp is written as 0000-00-00T00:00:00.000000Z, found " + text.length()
                        + " characters of another shape");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "2026-02-29T00:00:00.000000Z",
                "2026-13-01T00:00:00.000000Z",
                "2026-00-01T00:00:00.000000Z",
                "2026-01-00T00:00:00.000000Z",
                "2026-01-01T24:00:00.000000Z",
                "2026-01-01T00:60:00.000000Z",
                "2016-12-31T23:59:60.000000Z"
            })
    void dates_that_do_not_exist_are_refused(String text) {
        assertThatThrownBy(() -> Timestamp.parse(text))
                .hasMessage("the timestamp " + text + " names a date or a time of day that does not exist");
    }

    @ParameterizedTest
    @ValueSource(strings = {"-0001-12-31T23:59:59.999999Z", "+10000-01-01T00:00:00Z"})
    void years_of_other_lengths_cannot_be_written(String time) {
        assertThatThrownBy(() -> Timestamp.format(Instant.parse(time)))
                .hasMessageStartingWith("a timestamp has a year from 0000 to 9999, found ");
    }
}
