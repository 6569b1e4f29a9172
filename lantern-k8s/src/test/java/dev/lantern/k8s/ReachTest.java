package dev.lantern.k8s;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lantern.value.LanternException;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ReachTest {
    private static final String GATEWAY = "https://10.20.0.7:7410";

    @ParameterizedTest
    @CsvSource({
        "https://10.96.0.1:443, 10.96.0.1:443",
        "https://10.96.0.1, 10.96.0.1:443",
        "https://192.168.7.7:6443/k8s/clusters/c1, 192.168.7.7:6443",
        "http://10.0.0.1, 10.0.0.1:80",
        "https://[fd00:96::1]:443, '[fd00:96::1]:443'"
    })
    void api_server_is_what_the_fence_is_tried_with(String basePath, String address) {
        assertThat(Reach.apiServer(basePath)).containsExactly(address);
    }

    /** A pod's own loopback answers nobody, so it would prove every fence; and a pod knows no names. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "https://127.0.0.1:37543",
                "https://[::1]:6443",
                "https://0.0.0.0:6443",
                "https://api.example:6443",
                "https://localhost:6443"
            })
    void api_server_that_pods_reach_otherwise_has_to_be_said(String basePath) {
        assertThatThrownBy(() -> Reach.apiServer(basePath))
                .isInstanceOf(LanternException.class)
                .hasMessageContaining("say .forbidden(\"address:port\")");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "10.96.0.1",
                "10.96.0.1:99999",
                "10.96.0.1:0",
                "api.example:443",
                "https://10.96.0.1:443",
                "10.96.0.1:443,10.96.0.2:443",
                "fd00::1:443",
                "127.0.0.1:443",
                "169.254.169.254:80",
                "300.1.1.1:443"
            })
    void other_forms_and_addresses_that_lead_nowhere_are_refused(String address) {
        assertThatThrownBy(() -> new Reach(GATEWAY, List.of(address)))
                .isInstanceOf(LanternException.class)
                .hasMessageContaining("<address>:<port>");
    }

    @Test
    void one_has_to_be_named_and_not_too_many() {
        assertThatThrownBy(() -> new Reach(GATEWAY, List.of())).isInstanceOf(LanternException.class);
        assertThatThrownBy(() -> new Reach(GATEWAY, Collections.nCopies(9, "10.96.0.1:443")))
                .isInstanceOf(LanternException.class);
        assertThat(new Reach(GATEWAY, Collections.nCopies(8, "10.96.0.1:443")).forbidden())
                .hasSize(8);
        assertThat(new Reach(GATEWAY, List.of("10.96.0.1:1", "10.96.0.1:65535")).forbidden())
                .hasSize(2);
    }
}
