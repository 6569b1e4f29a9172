package dev.lantern.agent.harness.loopback;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lantern.agent.clockwork.SystemClockwork;
import dev.lantern.value.LanternException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class LoopbackUrlTest {
    private static final String TOKEN = "0123456789abcdef0123456789abcdef";

    @Test
    void url_is_read_and_its_token_is_not_shown() {
        LoopbackUrl url = LoopbackUrl.parse("http://127.0.0.1:7411/" + TOKEN);

        assertThat(url).isEqualTo(new LoopbackUrl(7411, TOKEN)).hasToString("http://127.0.0.1:7411/***");
        assertThat(url.uri()).isEqualTo(URI.create("http://127.0.0.1:7411/" + TOKEN));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "http://127.0.0.1:7411/",
                "http://127.0.0.1/" + TOKEN,
                "http://127.0.0.1:0/" + TOKEN,
                "http://127.0.0.1:07411/" + TOKEN,
                "http://127.0.0.1:65536/" + TOKEN,
                "http://127.0.0.1:7411/" + TOKEN + "0",
                "http://127.0.0.1:7411/" + TOKEN + "/",
                "http://127.0.0.1:7411/" + TOKEN + "\n",
                "http://127.0.0.1:7411/0123456789ABCDEF0123456789abcdef",
                "http://127.0.0.1:7411/0123456789abcdef",
                "http://localhost:7411/" + TOKEN,
                "http://0.0.0.0:7411/" + TOKEN,
                "https://127.0.0.1:7411/" + TOKEN
            })
    void other_form_is_refused_and_not_shown(String text) {
        assertThatThrownBy(() -> LoopbackUrl.parse(text))
                .isInstanceOf(LanternException.class)
                .hasMessageStartingWith("the agent's URL is http://127.0.0.1:<port>/<token>")
                .hasMessageEndingWith("found " + text.length() + " characters of another form")
                .hasMessageNotContaining("0123");
    }

    @Test
    void settled_url_is_served_to_one_instance_at_its_port_alone() throws IOException {
        List<Throwable> failures = new ArrayList<>();
        SystemClockwork clockwork = SystemClockwork.start(failures::add);
        int port;
        try (ServerSocket free = new ServerSocket(0)) {
            port = free.getLocalPort();
        }
        LoopbackUrl url = new LoopbackUrl(port, TOKEN);
        try (LoopbackFixture f = new LoopbackFixture();
                LoopbackServer server = LoopbackServer.openAt(url, clockwork)) {
            LoopbackApi api = new LoopbackApi(f.harness, () -> clockwork.random(12));
            assertThat(server.serve(api, clockwork)).isEqualTo(url.uri());

            assertThatThrownBy(() -> server.serve(api, clockwork))
                    .hasMessage("one instance is served at port " + port + ", and not a second one");
            assertThatThrownBy(() -> LoopbackServer.openAt(url, clockwork))
                    .isInstanceOf(LanternException.class)
                    .hasMessageStartingWith("cannot listen on 127.0.0.1 for the agent, at port " + port + ": ")
                    .hasMessageNotContaining(TOKEN);
            assertThatThrownBy(() -> new java.net.Socket(InetAddress.getByName("127.0.0.2"), port))
                    .isInstanceOf(java.net.ConnectException.class);
        } finally {
            clockwork.close();
        }
        assertThat(failures).isEmpty();
    }
}
