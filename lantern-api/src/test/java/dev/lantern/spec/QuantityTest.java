package dev.lantern.spec;

import static dev.lantern.spec.Refusals.refusalOf;
import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigDecimal;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class QuantityTest {
    @ParameterizedTest
    @CsvSource({
        "500m, 500m",
        "0.5, 500m",
        ".5, 500m",
        "5e-1, 500m",
        "+500m, 500m",
        "2, 2",
        "2., 2",
        "2000m, 2",
        "2e0, 2",
        "1500m, 1500m",
        "0, 0",
        "0m, 0",
        "64Mi, 64Mi",
        "65536Ki, 64Mi",
        "1024Mi, 1Gi",
        "0.5Gi, 512Mi",
        "1000Mi, 1000Mi",
        "1G, 1000000000",
        "1T, 976562500Ki",
        "1048576, 1Mi",
        "1048575, 1048575",
        "1048577, 1048577",
        "3000000u, 3",
        "1000000000n, 1",
        "1e3, 1000",
        "1E3, 1000",
        "1k, 1000",
        "1E, 976562500000000Ki",
        "7Ei, 7Ei",
        "00012, 12",
    })
    void equal_values_have_one_form(String written, String canonical) {
        assertThat(Quantity.parse(written)).hasToString(canonical);
        assertThat(Quantity.parse(canonical))
                .isEqualTo(Quantity.parse(written))
                .hasSameHashCodeAs(Quantity.parse(written));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "", " ", "-1", "NaN", "inf", "1e", "1e999", "1Mb", "1 Mi", "1,5", "1mi", "0x10", "1_000", "١", "1m\n",
                "1..2"
            })
    void refuses_what_is_no_quantity(String text) {
        assertThat(refusalOf(() -> Quantity.parse(text))).contains("allowed: a Kubernetes quantity");
    }

    @Test
    void refuses_overflow_and_what_is_finer_than_a_thousandth() {
        assertThat(refusalOf(() -> Quantity.parse("8Ei"))).contains("found \"8Ei\", which is 2^63 or more");
        assertThat(refusalOf(() -> Quantity.parse("99999999999999999999999e99")))
                .contains("2^63 or more");
        assertThat(refusalOf(() -> Quantity.parse("1u"))).contains("whole thousandths");
        assertThat(refusalOf(() -> Quantity.of(new BigDecimal("1E+999999999")))).contains("1E+999999999");
        assertThat(refusalOf(() -> Quantity.of(new BigDecimal("-1")))).contains("positive");
    }

    @Test
    void says_what_was_probably_meant() {
        assertThat(refusalOf(() -> Quantity.parse("256MB"))).contains("did you mean \"256Mi\"?");
        assertThat(refusalOf(() -> Quantity.parse("2 gb"))).contains("did you mean \"2Gi\"?");
        assertThat(refusalOf(() -> Quantity.parse("-1"))).contains("cannot be negative");
    }

    @Test
    void compares_by_value() {
        assertThat(Quantity.parse("1Gi")).isGreaterThan(Quantity.parse("1G"));
        assertThat(Quantity.parse("1")).isEqualByComparingTo(Quantity.parse("1000m"));
    }
}
