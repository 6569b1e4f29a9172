package dev.lantern.agent.harness.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lantern.agent.harness.loopback.LoopbackUrl;
import dev.lantern.agent.harness.sandbox.ForbiddenAddress;
import dev.lantern.agent.transport.GatewayAddress;
import dev.lantern.value.LanternException;
import dev.lantern.value.RunRef;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

final class PodConfigTest {
    private static final String TOKEN = "0123456789abcdef0123456789abcdef";

    @Test
    void template_s_variables_are_read() {
        assertThat(PodConfig.isMeant(variables())).isTrue();
        assertThat(PodConfig.of(variables(), List.of()))
                .isEqualTo(new PodConfig(
                        new GatewayAddress(GatewayAddress.Scheme.HTTPS, "10.0.0.1", 7410),
                        new PinnedAuthorities("acme.example", List.of("MIIBAA==", "MIIBAQ==")),
                        ForbiddenAddress.list("10.96.0.1:443,[fd00::1]:443"),
                        new RunRef("acme", "ticket-4711"),
                        3,
                        new LoopbackUrl(7411, TOKEN),
                        7412,
                        Path.of("/run/lantern/enrolment/token"),
                        Path.of("/run/lantern/secrets"),
                        Path.of("/run/lantern/input/input.json"),
                        Path.of("/run/lantern/out/result.json"),
                        Duration.ofSeconds(10)))
                .hasToString("instance acme/ticket-4711 epoch 3");
    }

    @Test
    void everything_that_is_missing_is_named_at_once() {
        List<String> needed = new ArrayList<>(variables().keySet());

        assertThatThrownBy(() -> PodConfig.of(Map.of(), List.of()))
                .isInstanceOf(LanternException.class)
                .message()
                .contains(needed.stream().map(name -> name + " is not set").toList());
        for (String name : needed) {
            Map<String, String> without = variables();
            without.remove(name);
            assertThatThrownBy(() -> PodConfig.of(without, List.of())).hasMessage(name + " is not set");
            without.put(name, "");
            assertThatThrownBy(() -> PodConfig.of(without, List.of())).hasMessage(name + " is not set");
        }
    }

    @Test
    void what_is_malformed_is_named_and_never_shown() {
        List<Map.Entry<String, String>> faults = List.of(
                Map.entry("LANTERN_GATEWAY", "gateway?s3cret"),
                Map.entry("LANTERN_GATEWAY", "http://s3cret:7410"),
                Map.entry("LANTERN_TRUST_DOMAIN", "s3cret/acme"),
                Map.entry("LANTERN_AUTHORITIES", "MIIBAA==,s3cret!"),
                Map.entry("LANTERN_AUTHORITIES", ",MIIBAA=="),
                Map.entry("LANTERN_FORBIDDEN_ADDRESSES", "10.96.0.1:443,s3cret:443"),
                Map.entry("LANTERN_EPOCH", "0"),
                Map.entry("LANTERN_EPOCH", "s3cret"),
                Map.entry("LANTERN_URL", "http://127.0.0.1:7411/s3cret"),
                Map.entry("LANTERN_RELEASE_PORT", "65536"),
                Map.entry("LANTERN_RELEASE_PORT", "s3cret"),
                Map.entry("LANTERN_RELEASE_PORT", "7411"),
                Map.entry("LANTERN_GRACE_SECONDS", "-1"));
        for (Map.Entry<String, String> fault : faults) {
            Map<String, String> variables = variables();
            variables.put(fault.getKey(), fault.getValue());
            assertThatThrownBy(() -> PodConfig.of(variables, List.of()))
                    .isInstanceOf(LanternException.class)
                    .hasMessageStartingWith(fault.getKey())
                    .hasMessageNotContaining("s3cret")
                    .hasMessageNotContaining(TOKEN);
        }
        Map<String, String> all = variables();
        faults.forEach(fault -> all.put(fault.getKey(), fault.getValue()));
        assertThatThrownBy(() -> PodConfig.of(all, List.of("sh")))
                .message()
                .contains(faults.stream().map(Map.Entry::getKey).toList())
                .contains("an agent's command and LANTERN_RELEASE_PORT exclude each other")
                .doesNotContain("s3cret");
    }

    @Test
    void command_is_no_matter_of_a_pod() {
        assertThatThrownBy(() -> PodConfig.of(variables(), List.of("sh")))
                .hasMessage("an agent's command and LANTERN_RELEASE_PORT exclude each other: in a pod the agent has a"
                        + " container of its own");
    }

    private static Map<String, String> variables() {
        Map<String, String> variables = new LinkedHashMap<>();
        variables.put("LANTERN_GATEWAY", "https://10.0.0.1:7410");
        variables.put("LANTERN_TRUST_DOMAIN", "acme.example");
        variables.put("LANTERN_AUTHORITIES", "MIIBAA==,MIIBAQ==");
        variables.put("LANTERN_FORBIDDEN_ADDRESSES", "10.96.0.1:443,[fd00::1]:443");
        variables.put("LANTERN_TENANT", "acme");
        variables.put("LANTERN_RUN", "ticket-4711");
        variables.put("LANTERN_EPOCH", "3");
        variables.put("LANTERN_URL", "http://127.0.0.1:7411/" + TOKEN);
        variables.put("LANTERN_RELEASE_PORT", "7412");
        variables.put("LANTERN_ENROLMENT_FILE", "/run/lantern/enrolment/token");
        variables.put("LANTERN_SECRETS", "/run/lantern/secrets");
        variables.put("LANTERN_INPUT_FILE", "/run/lantern/input/input.json");
        variables.put("LANTERN_RESULT_FILE", "/run/lantern/out/result.json");
        variables.put("LANTERN_GRACE_SECONDS", "10");
        return variables;
    }
}
