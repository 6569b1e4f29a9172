package dev.lantern.spec;

import static dev.lantern.spec.Refusals.refusalOf;
import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class EgressPatternTest {
    @Test
    void reads_the_three_forms() {
        assertThat(EgressPattern.parse("api.Example.com")).isEqualTo(new EgressPattern.Host("api.example.com"));
        assertThat(EgressPattern.parse("*.Example.com")).isEqualTo(new EgressPattern.Subdomains("example.com"));
        assertThat(EgressPattern.parse("10.0.0.0/8")).isEqualTo(new EgressPattern.Cidr("10.0.0.0", 8));
    }

    @ParameterizedTest
    @CsvSource({
        "2001:DB8:0:0::/32, 2001:db8::/32",
        "2001:db8:0:0:1:0:0:0/80, 2001:db8:0:0:1::/80",
        "fc00::/7, fc00::/7",
        "1:0:0:2:0:0:0:3/128, 1:0:0:2::3/128",
        "0:0:0:0:0:0:0:1/128, ::1/128",
        "1:2:3:4:5:6:7:8/128, 1:2:3:4:5:6:7:8/128",
        "1:0:3:4:5:6:7:8/128, 1:0:3:4:5:6:7:8/128",
        "0.0.0.0/1, 0.0.0.0/1",
        "255.255.255.255/32, 255.255.255.255/32",
    })
    void a_block_has_one_form(String written, String canonical) {
        assertThat(EgressPattern.parse(written)).hasToString(canonical);
        assertThat(EgressPattern.parse(canonical)).isEqualTo(EgressPattern.parse(written));
    }

    @ParameterizedTest
    @CsvSource({
        "10.0.0.1/8, did you mean \"10.0.0.0/8\"?",
        "2001:db8::1/32, did you mean \"2001:db8::/32\"?",
        "0.0.0.0/0, network: open",
        "::/0, network: open",
        "::ffff:0:0/96, IPv4 notation",
        "10.0.0.1, for one address write \"10.0.0.1/32\"",
        "2001:db8::1, for one address write \"2001:db8::1/128\"",
        "https://api.example.com/v1, remove the scheme",
        "api.example.com:443, name the port in ports: [443]",
        "api.example.com., remove the dot",
        "*, set network: open",
        "*.com, fully qualified",
        "localhost, fully qualified",
        "a.*.com, fully qualified",
        "bücher.example, xn--",
    })
    void says_what_to_do(String text, String fix) {
        assertThat(refusalOf(() -> EgressPattern.parse(text)))
                .contains("allowed: a host")
                .contains(fix);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                ".",
                "..",
                "a..b",
                "-a.com",
                "a-.com",
                "a_b.com",
                "*.*.com",
                "**.com",
                "*example.com",
                "a.com/",
                "/8",
                "10.0.0.0/",
                "10.0.0.0/33",
                "10.0.0.0/08",
                "10.0.0.0/-1",
                "010.0.0.0/8",
                "10.0.0/8",
                "256.0.0.0/8",
                "0x7f.1",
                "127.1",
                "1.2.3.4.5",
                "2130706433",
                "0x7f000001",
                "1.2.3.0x4",
                "fe80::1%eth0/128",
                ":::/8",
                "1::2::3/128",
                "1:2:3:4:5:6:7:8:9/128",
                "1:2:3:4:5:6:7::8/128",
                "12345::/16",
                "::ffff:1.2.3.4/128",
                "::/129",
                "a.com\n",
                "a.com ",
                "ａ.com",
                "\u212a.com",
                "10.0.0.0/8/8"
            })
    void refuses_every_other_notation(String text) {
        assertThat(refusalOf(() -> EgressPattern.parse(text))).contains("allowed: a host");
    }

    @Test
    void no_form_can_be_built_around_the_rules() {
        assertThat(refusalOf(() -> new EgressPattern.Host("*.example.com"))).contains("found");
        assertThat(refusalOf(() -> new EgressPattern.Subdomains("com"))).contains("\"*.com\"");
        assertThat(refusalOf(() -> new EgressPattern.Cidr("10.0.0.0/8", 8))).contains("found");
        assertThat(refusalOf(() -> new EgressPattern.Cidr("10.0.0.0", 0))).contains("network: open");
    }

    @Test
    void names_are_bounded() {
        String label = "a".repeat(63);
        String longest = label + "." + label + "." + label + "." + "a".repeat(61);

        assertThat(EgressPattern.parse(longest)).hasToString(longest);
        assertThat(refusalOf(() -> EgressPattern.parse(longest + "a"))).contains("allowed: a host");
        assertThat(refusalOf(() -> EgressPattern.parse("a" + label + ".com"))).contains("allowed: a host");
    }
}
