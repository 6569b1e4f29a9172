package dev.lantern.spec;

import static dev.lantern.spec.Refusals.refusalOf;
import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigDecimal;
import java.time.Duration;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class LimitsTest {
    private static final Limits SPEC = Limits.none()
            .vcpu("1")
            .memory("512Mi")
            .gpu(1)
            .scratchSize("1Gi")
            .timeout("5m")
            .maxSteps(10)
            .maxTokens(1000)
            .maxCostUsd("0.50");

    @Test
    void each_call_gives_new_limits() {
        Limits none = Limits.none();
        Limits some = none.maxSteps(3);

        assertThat(none.maxSteps()).isEmpty();
        assertThat(some.maxSteps()).hasValue(3);
        assertThat(some).isNotEqualTo(none).isEqualTo(Limits.none().maxSteps(3));
    }

    @Test
    void money_is_an_exact_decimal() {
        assertThat(Limits.none().maxCostUsd("0.10").maxCostUsd()).contains(new BigDecimal("0.1"));
        assertThat(Limits.none().maxCostUsd("100").maxCostUsd().orElseThrow().toPlainString())
                .isEqualTo("100");
        assertThat(Limits.none().maxCostUsd("1.00")).isEqualTo(Limits.none().maxCostUsd(BigDecimal.ONE));
        assertThat(Limits.none().maxCostUsd("0.000000001").maxCostUsd()).contains(new BigDecimal("0.000000001"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "0",
                "0.00",
                "-1",
                "1e3",
                ".5",
                "5.",
                "NaN",
                "1000000000",
                "0.0000000001",
                "01",
                "$1",
                "1,00",
                "",
                "1\n"
            })
    void refuses_other_money(String text) {
        assertThat(refusalOf(() -> Limits.none().maxCostUsd(text)))
                .contains("max_cost_usd", "dollars above 0 and below 1000000000 with at most 9 decimals");
    }

    @Test
    void a_huge_exponent_is_refused_without_writing_it_out() {
        assertThat(refusalOf(() -> Limits.none().maxCostUsd(new BigDecimal("1E+999999999"))))
                .contains("1E+999999999");
        assertThat(refusalOf(() -> Limits.none().maxCostUsd(new BigDecimal("1E-999999999"))))
                .contains("1E-999999999");
    }

    @ParameterizedTest
    @CsvSource({
        "30s, 30s",
        "60s, 1m",
        "90m, 1h30m",
        "1h30m, 1h30m",
        "1.5h, 1h30m",
        "0.5s, 500ms",
        "500ms, 500ms",
        "8760h, 8760h",
        "0h0m1s, 1s",
        "3661s, 1h1m1s",
        "1h1ms, 1h1ms",
    })
    void equal_durations_have_one_form(String written, String canonical) {
        assertThat(Limits.none().timeout(written)).hasToString("{\"timeout\":\"" + canonical + "\"}");
        assertThat(Limits.none().timeout(canonical)).isEqualTo(Limits.none().timeout(written));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "s",
                "30",
                "-30s",
                "30 s",
                "30S",
                "1d",
                "PT30S",
                "1m1h",
                "1s1s",
                "0s",
                "8761h",
                "0.0001ms",
                "1e3s",
                "99999999999s",
                "1.s",
                "30s\n",
                "NaNs"
            })
    void refuses_other_durations(String text) {
        assertThat(refusalOf(() -> Limits.none().timeout(text))).contains("timeout", "a duration from 1ms to 8760h");
    }

    @Test
    void zero_is_never_taken_for_no_limit() {
        assertThat(refusalOf(() -> Limits.none().maxSteps(0))).contains("for no limit leave the field out");
        assertThat(refusalOf(() -> Limits.none().maxTokens(0))).contains("for no limit leave the field out");
        assertThat(refusalOf(() -> Limits.none().timeout("0s"))).contains("for no limit leave the field out");
        assertThat(refusalOf(() -> Limits.none().maxCostUsd("0"))).contains("for no limit leave the field out");
        assertThat(Limits.none().gpu(0)).isEqualTo(Limits.none());
    }

    @Test
    void refuses_what_is_out_of_range() {
        assertThat(refusalOf(() -> Limits.none().memory("256")))
                .contains("memory: found 256; allowed: 1Mi to 1Pi", "did you mean \"256Mi\"?");
        assertThat(refusalOf(() -> Limits.none().memory("2Pi"))).contains("1Mi to 1Pi");
        assertThat(refusalOf(() -> Limits.none().memory("1048577.5"))).contains("no fraction of a byte");
        assertThat(refusalOf(() -> Limits.none().vcpu("0"))).contains("vcpu: found 0; allowed: 1m to 4096 cores");
        assertThat(refusalOf(() -> Limits.none().vcpu("5000"))).contains("1m to 4096 cores");
        assertThat(refusalOf(() -> Limits.none().gpu(-1))).contains("0 to 1024");
        assertThat(refusalOf(() -> Limits.none().gpu("1.0"))).contains("0 to 1024");
        assertThat(refusalOf(() -> Limits.none().maxSteps(1L << 53))).contains("9007199254740991");
        assertThat(refusalOf(() -> Limits.none().timeout(Duration.ofNanos(1_500_000))))
                .contains("1ms to 8760h");
    }

    @Test
    void a_narrowing_that_narrows_is_taken() {
        Limits narrowed = SPEC.narrowedBy(
                l -> l.maxCostUsd("0.25").timeout(Duration.ofMinutes(1)).gpu(0));

        assertThat(narrowed.maxCostUsd()).contains(new BigDecimal("0.25"));
        assertThat(narrowed.timeout()).contains(Duration.ofMinutes(1));
        assertThat(narrowed.memory()).isEqualTo(SPEC.memory());
        assertThat(SPEC.narrowedBy(UnaryOperator.identity())).isEqualTo(SPEC);
    }

    @Test
    void a_ceiling_may_be_set_where_the_spec_has_none() {
        assertThat(Limits.none()
                        .narrowedBy(
                                l -> l.maxSteps(5).maxTokens(5).maxCostUsd("1").timeout("1s"))
                        .maxSteps())
                .hasValue(5);
    }

    @ParameterizedTest
    @CsvSource({
        "vcpu, limits.vcpu: found 2; allowed: at most 1",
        "memory, limits.memory: found 1Gi; allowed: at most 512Mi",
        "gpu, limits.gpu: found 2; allowed: at most 1",
        "scratch_size, limits.scratch_size: found 2Gi; allowed: at most 1Gi",
        "timeout, limits.timeout: found 6m; allowed: at most 5m",
        "max_steps, limits.max_steps: found 11; allowed: at most 10",
        "max_tokens, limits.max_tokens: found 1001; allowed: at most 1000",
        "max_cost_usd, limits.max_cost_usd: found 0.51; allowed: at most 0.5",
    })
    void a_widening_is_refused_with_both_values(String field, String message) {
        assertThat(refusalOf(() -> SPEC.narrowedBy(l -> widened(field, l)))).contains(message);
        assertThat(SPEC.widenedBy(widened(field, SPEC))).hasSize(1);
    }

    @Test
    void every_widening_is_listed_and_removing_a_limit_is_one() {
        assertThat(SPEC.widenedBy(Limits.none()))
                .hasSize(7)
                .allSatisfy(p -> assertThat(p.found()).isEqualTo("no limit"));
    }

    @Test
    void a_resource_the_spec_leaves_to_the_runtime_cannot_be_set_by_a_narrowing() {
        assertThat(refusalOf(
                        () -> Limits.none().narrowedBy(l -> l.memory("64Gi").vcpu("8"))))
                .contains("limits.memory: found 64Gi", "limits.vcpu: found 8", "set memory in the spec");
    }

    private static Limits widened(String field, Limits limits) {
        return switch (field) {
            case "vcpu" -> limits.vcpu("2");
            case "memory" -> limits.memory("1Gi");
            case "gpu" -> limits.gpu(2);
            case "scratch_size" -> limits.scratchSize("2Gi");
            case "timeout" -> limits.timeout("6m");
            case "max_steps" -> limits.maxSteps(11);
            case "max_tokens" -> limits.maxTokens(1001);
            default -> limits.maxCostUsd("0.51");
        };
    }
}
