package dev.lantern.core.identity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lantern.spec.AgentSpec;
import dev.lantern.substrate.InstanceRef;
import dev.lantern.value.LanternException;
import dev.lantern.value.RunRef;
import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;

class InstanceIdTest {
    private static final TrustDomain DOMAIN = new TrustDomain("lantern.example");
    private static final String TEXT = "spiffe://lantern.example/t/acme/a/triage/r/ticket-4711/i/3";

    @Test
    void id_is_written_and_read_in_one_form() {
        InstanceId id = InstanceId.of(DOMAIN, new InstanceRef(new RunRef("acme", "ticket-4711"), 3), "triage");

        assertThat(id).hasToString(TEXT);
        assertThat(InstanceId.parse(TEXT)).isEqualTo(id);
        assertThat(id.instance()).isEqualTo(new InstanceRef(new RunRef("acme", "ticket-4711"), 3));
    }

    /** Whatever is a tenant, a run or an agent elsewhere is one here, at its longest and with every character. */
    @Test
    void every_name_that_lantern_takes_fits() {
        String longest = "A" + "z._-".repeat(31) + "9xy";
        RunRef run = new RunRef(longest, longest);
        String agent = AgentSpec.builder("a" + "._-Z0".repeat(12) + "bc")
                .image("registry.example/triage@sha256:" + "0".repeat(64))
                .build()
                .name();
        InstanceId id = InstanceId.of(new TrustDomain("a".repeat(255)), new InstanceRef(run, Integer.MAX_VALUE), agent);

        assertThat(longest).hasSize(128);
        assertThat(agent).hasSize(63);
        assertThat(id.toString().length()).isLessThan(2048);
        assertThat(InstanceId.parse(id.toString())).isEqualTo(id);
    }

    @Test
    void every_other_text_is_refused_by_name() {
        Map<String, String> refused = new LinkedHashMap<>();
        refused.put("", "does not begin with spiffe://");
        refused.put("https" + TEXT.substring(6), "does not begin with spiffe://");
        refused.put("SPIFFE" + TEXT.substring(6), "does not begin with spiffe://");
        refused.put("spiffe:/" + TEXT.substring(9), "does not begin with spiffe://");
        refused.put(" " + TEXT, "does not begin with spiffe://");
        refused.put(TEXT + "/", "it ends with a slash");
        refused.put(TEXT + " ", "character 58 is \" \"");
        refused.put(TEXT + "\n", "character 58 is \"\\u{a}\"");
        refused.put(TEXT + "\0", "character 58 is \"\\u{0}\"");
        refused.put(TEXT + "?x", "character 58 is \"?\"");
        refused.put(TEXT + "#x", "character 58 is \"#\"");
        refused.put(TEXT.replace("acme", "ac%6De"), "is \"%\"");
        refused.put(TEXT.replace("acme", "acm\u00e9"), "is \"\\u{e9}\"");
        refused.put(TEXT.replace("acme", "acme+x"), "is \"+\"");
        refused.put(TEXT.replace("lantern.example", "lantern.example:443"), "is \":\"");
        refused.put(TEXT.replace("lantern", "me@lantern"), "is \"@\"");
        refused.put(TEXT.replace("lantern.example", ""), "a trust domain has 1 to 255 characters, found 0");
        refused.put(TEXT.replace("lantern.example", "Lantern.example"), "trust domain \"Lantern.example\"");
        refused.put(TEXT.replace("lantern.example", ".lantern"), "trust domain \".lantern\"");
        refused.put(
                TEXT.replace("lantern.example", "a".repeat(256)), "a trust domain has 1 to 255 characters, found 256");
        refused.put(TEXT.replace("/t/", "/T/"), "part 2 is \"T\", not \"t\"");
        refused.put(TEXT.replace("/t/acme/a/triage", "/a/triage/t/acme"), "part 2 is \"a\", not \"t\"");
        refused.put(TEXT.replace("/a/", "/b/"), "part 4 is \"b\", not \"a\"");
        refused.put(TEXT.replace("/r/", "/s/"), "part 6 is \"s\", not \"r\"");
        refused.put(TEXT.replace("/i/", "/j/"), "part 8 is \"j\", not \"i\"");
        refused.put(TEXT.replace("/t/", "//t/"), "it has 10 parts");
        refused.put(TEXT.replace("/i/3", ""), "it has 7 parts");
        refused.put(TEXT + "/x", "it has 10 parts");
        refused.put("spiffe://lantern.example/gateway", "it has 2 parts");
        refused.put(TEXT.replace("acme", ""), "tenant has 0 characters");
        refused.put(TEXT.replace("acme", ".."), "tenant \"..\" must begin and end with");
        refused.put(TEXT.replace("acme", "a".repeat(129)), "tenant has 129 characters");
        refused.put(TEXT.replace("triage", "-triage"), "agent name \"-triage\"");
        refused.put(TEXT.replace("triage", ""), "agent name \"\"");
        refused.put(TEXT.replace("triage", "a".repeat(64)), "agent name");
        refused.put(TEXT.replace("ticket-4711", "."), "run id \".\" must begin and end with");
        refused.put(TEXT.replace("/i/3", "/i/03"), "the epoch \"03\" begins with 0");
        refused.put(TEXT.replace("/i/3", "/i/0"), "the epoch \"0\" begins with 0");
        refused.put(TEXT.replace("/i/3", "/i/-3"), "the epoch \"-3\" is no decimal number");
        refused.put(TEXT.replace("/i/3", "/i/+3"), "is \"+\"");
        refused.put(TEXT.replace("/i/3", "/i/3x"), "the epoch \"3x\" is no decimal number");
        refused.put(TEXT.replace("/i/3", "/i/2147483648"), "the epoch \"2147483648\" is above 2147483647");
        refused.put("spiffe://" + "a".repeat(2040), "it has 2049 characters, allowed are 2048");

        refused.forEach((text, reason) -> assertThatThrownBy(() -> InstanceId.parse(text))
                .as(text)
                .isExactlyInstanceOf(LanternException.class)
                .hasMessageStartingWith("reading an instance id: ")
                .hasMessageContaining(reason));
        System.out.println("instance ids: " + refused.size() + " texts refused by name");
        assertThat(refused).hasSizeGreaterThanOrEqualTo(43);
    }

    @Test
    void epochs_begin_with_one() {
        for (int epoch : new int[] {1, 9, 10, 90, 109}) {
            InstanceId id = new InstanceId(DOMAIN, "acme", "triage", "ticket-4711", epoch);
            assertThat(InstanceId.parse(id.toString())).isEqualTo(id);
        }
        assertThatThrownBy(() -> new InstanceId(DOMAIN, "acme", "triage", "ticket-4711", 0))
                .hasMessage("instances are numbered from 1, found 0");
    }
}
