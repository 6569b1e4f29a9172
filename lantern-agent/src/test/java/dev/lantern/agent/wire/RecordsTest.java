package dev.lantern.agent.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lantern.agent.Effect;
import dev.lantern.agent.ModelUsage;
import dev.lantern.value.Commitment;
import dev.lantern.value.Digest;
import dev.lantern.value.LanternException;
import dev.lantern.value.RunRef;
import dev.lantern.value.internal.Json;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class RecordsTest {
    private static final RunRef RUN = new RunRef("acme", "ticket-4711");
    private static final Commitment RESULT = new Commitment(Digest.sha256(new byte[] {1}));
    private static final Commitment INPUT = new Commitment(Digest.sha256(new byte[] {2}));
    private static final ModelUsage USAGE =
            new ModelUsage("anthropic", "m-1", 1200, 80, 1000, 20, Optional.of(new BigDecimal("0.0125")));
    private static final StepRecord RECORD = new StepRecord(
            RUN, 2, StepId.occurrence("charge", 1), Effect.IDEMPOTENT, Optional.of(INPUT), RESULT, List.of(USAGE));

    @Test
    void a_step_record_has_one_form_and_its_signature_a_domain() {
        String json =
                "{\"effect\":\"idempotent\",\"epoch\":2,\"input\":\"" + INPUT.hex() + "\",\"result\":\"" + RESULT.hex()
                        + "\",\"run\":\"ticket-4711\",\"step\":{\"name\":\"charge\",\"occurrence\":1},\"tenant\":\"acme\",\"usage\":[{"
                        + "\"cachedTokens\":1000,\"costUsd\":\"0.0125\",\"inputTokens\":1200,\"model\":\"m-1\",\"outputTokens\":80,"
                        + "\"provider\":\"anthropic\",\"reasoningTokens\":20}]}";
        assertThat(RECORD.json().toString()).isEqualTo(json);
        assertThat(RECORD.signedBytes())
                .isEqualTo(("lantern/step-record/v1\n" + json).getBytes(StandardCharsets.UTF_8));
        assertThat(StepRecord.of(RECORD.json())).isEqualTo(RECORD);
    }

    @Test
    void a_step_without_input_and_usage_says_so_by_leaving_out() {
        StepRecord record =
                new StepRecord(RUN, 1, StepId.keyed("a", "k"), Effect.PURE, Optional.empty(), RESULT, List.of());
        assertThat(record.json().toString()).doesNotContain("input").contains("\"usage\":[]");
        assertThat(StepRecord.of(record.json())).isEqualTo(record);
    }

    @Test
    void an_output_record_has_one_form_and_another_domain() {
        OutputRecord record = new OutputRecord(RUN, 3, RESULT);
        String json = "{\"epoch\":3,\"output\":\"" + RESULT.hex() + "\",\"run\":\"ticket-4711\",\"tenant\":\"acme\"}";
        assertThat(record.json().toString()).isEqualTo(json);
        assertThat(record.signedBytes())
                .isEqualTo(("lantern/output-record/v1\n" + json).getBytes(StandardCharsets.UTF_8));
        assertThat(OutputRecord.of(record.json())).isEqualTo(record);
    }

    @ParameterizedTest
    @ValueSource(longs = {0, -1, 1L << 31, 1L << 40})
    void epochs_of_no_instance_are_refused_in_our_words(long epoch) {
        assertThatThrownBy(() -> OutputRecord.of(Json.object()
                        .put("tenant", "acme")
                        .put("run", "r")
                        .put("epoch", epoch)
                        .put("output", RESULT.hex())
                        .build()))
                .isExactlyInstanceOf(LanternException.class)
                .hasMessage(
                        epoch > 0
                                ? "member \"epoch\" must fit 32 bits, found " + epoch
                                : "a record of run acme/r names epoch " + epoch + "; instances are numbered from 1");
    }

    @Test
    void members_that_nobody_reads_are_refused_because_they_are_signed() {
        assertThatThrownBy(() -> StepRecord.of(with(RECORD.json(), "note", "x")))
                .hasMessageStartingWith("member \"note\" is unknown; allowed are effect, epoch, input");
        assertThatThrownBy(() -> OutputRecord.of(with(new OutputRecord(RUN, 3, RESULT).json(), "note", "x")))
                .hasMessage("member \"note\" is unknown; allowed are epoch, output, run, tenant");
        assertThatThrownBy(() -> UsageJson.of(List.of(with(UsageJson.of(USAGE), "tokens", "x"))))
                .hasMessageStartingWith("member \"tokens\" is unknown; allowed are cachedTokens, costUsd");
        assertThatThrownBy(() -> UsageJson.of(List.of(new Json.Int(1))))
                .hasMessage("an entry of usage must be an object");
    }

    @ParameterizedTest
    @CsvSource({"0.50, 0.5", "1E2, 100", "0, 0", "0.000, 0", "1.000000000000000001, 1.000000000000000001", "10, 10"})
    void an_amount_is_written_in_one_way_and_comes_back_equal(BigDecimal amount, String text) {
        ModelUsage usage = new ModelUsage("p", "m", 1, 1, 0, 0, Optional.of(amount));
        assertThat(UsageJson.of(usage).text("costUsd")).isEqualTo(text);
        assertThat(UsageJson.of(List.of(UsageJson.of(usage)))).containsExactly(usage);
    }

    @ParameterizedTest
    @ValueSource(strings = {"1E+1000000", "1E-19", "1234567890123456789", "0.1234567890123456789"})
    void amounts_that_would_not_come_back_cannot_be_made(BigDecimal amount) {
        assertThatThrownBy(() -> new ModelUsage("p", "m", 1, 1, 0, 0, Optional.of(amount)))
                .isExactlyInstanceOf(LanternException.class)
                .hasMessage("usage of p/m has a cost with more than 18 digits on one side of the point");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "-1", "+1", "1e3", ".5", "1.", "0x1", " 1", "1,5", "NaN", "١"})
    void amounts_in_other_notations_are_refused(String amount) {
        Json.Obj json = with(UsageJson.of(ModelUsage.of("p", "m", 1, 1)), "costUsd", amount);
        assertThatThrownBy(() -> UsageJson.of(List.of(json)))
                .isExactlyInstanceOf(LanternException.class)
                .hasMessageStartingWith(
                        "an amount of money is written as a plain decimal such as \"0.0125\", found \"");
    }

    @Test
    void usage_that_cannot_be_is_refused() {
        assertThatThrownBy(() -> ModelUsage.of("p", "m", -1, 0)).hasMessage("usage of p/m has a negative count");
        assertThatThrownBy(() -> new ModelUsage("p", "m", 1, 1, 2, 0, Optional.empty()))
                .hasMessageContaining("a part exceeds its whole");
        assertThatThrownBy(() -> new ModelUsage("p", "m", 1, 1, 0, 0, Optional.of(new BigDecimal("-0.1"))))
                .hasMessage("usage of p/m has a negative cost");
        assertThatThrownBy(() -> ModelUsage.of("", "m", 1, 1))
                .hasMessage("usage names its provider in 1 to 256 printable characters, found 0 characters");
        assertThatThrownBy(() -> ModelUsage.of("p", "m\nx", 1, 1)).hasMessageContaining("its model");
    }

    @Test
    void counts_that_are_left_out_are_zero() {
        Json.Obj json = Json.object()
                .put("provider", "p")
                .put("model", "m")
                .put("inputTokens", 5)
                .put("outputTokens", 7)
                .build();
        assertThat(UsageJson.of(List.of(json))).containsExactly(ModelUsage.of("p", "m", 5, 7));
    }

    private static Json.Obj with(Json.Obj json, String name, String value) {
        Json.Builder changed = Json.object();
        json.members().forEach(changed::put);
        return changed.put(name, value).build();
    }
}
