package dev.lantern.agent.transport;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lantern.agent.clockwork.SystemClockwork;
import dev.lantern.agent.harness.HarnessFixture;
import dev.lantern.agent.harness.ModelOwner;
import dev.lantern.agent.harness.Transport.Outcome;
import dev.lantern.agent.transport.ModelGateway.Fate;
import dev.lantern.agent.wire.GatewayCall;
import dev.lantern.agent.wire.GatewayReply;
import dev.lantern.agent.wire.OutputRecord;
import dev.lantern.value.LanternException;
import dev.lantern.value.Opening;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import javax.net.SocketFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

final class HttpTransportTest {
    private static final GatewayCall HEARTBEAT = new GatewayCall.Heartbeat(HarnessFixture.RUN, 3, 0, Optional.empty());

    private final List<Throwable> failures = Collections.synchronizedList(new ArrayList<>());
    private final SystemClockwork clockwork = SystemClockwork.start(failures::add);
    private ModelGateway gateway;
    private HttpTransport transport;

    @BeforeEach
    void open() throws Exception {
        gateway = new ModelGateway(new ModelOwner());
        transport = transport(gateway.url());
    }

    @AfterEach
    void close() throws Exception {
        transport.close();
        gateway.close();
        clockwork.close();
        assertThat(failures).isEmpty();
    }

    @Test
    void calls_share_a_connection_and_carry_the_secret() throws Exception {
        for (int i = 0; i < 5; i++) {
            assertThat(sent(transport, HEARTBEAT)).isEqualTo(new Outcome.Answered(new GatewayReply.Alive(false)));
        }

        assertThat(gateway.connections()).isEqualTo(1);
        assertThat(gateway.authorization()).isEqualTo("Bearer s3cret");
    }

    @Test
    void credential_is_asked_for_each_call_and_without_one_the_call_is_lost() throws Exception {
        Deque<String> secrets = new ArrayDeque<>(List.of("one", "", "two"));
        Credential renewed = () -> {
            String secret = secrets.removeFirst();
            if (secret.isEmpty()) {
                throw new LanternException("there is no token now");
            }
            return secret;
        };
        try (HttpTransport changing = new HttpTransport(
                GatewayAddress.parse(gateway.url()), renewed, SocketFactory.getDefault(), clockwork, clockwork)) {
            assertThat(sent(changing, HEARTBEAT)).isInstanceOf(Outcome.Answered.class);
            assertThat(gateway.authorization()).isEqualTo("Bearer one");
            assertThat(sent(changing, HEARTBEAT))
                    .isEqualTo(new Outcome.Lost("LanternException: there is no token now"));
            assertThat(gateway.authorization()).isEqualTo("Bearer one");
            assertThat(sent(changing, HEARTBEAT)).isInstanceOf(Outcome.Answered.class);
            assertThat(gateway.authorization()).isEqualTo("Bearer two");
            assertThat(gateway.connections()).isEqualTo(1);
        }
    }

    /** A call that is never told of is missed only when its time is over. */
    @Test
    void call_that_cannot_be_made_for_any_reason_is_told_as_lost_without_the_reasons_words() throws Exception {
        Credential defect = () -> {
            throw new IllegalStateException("s3cret is no secret");
        };
        try (HttpTransport broken = new HttpTransport(
                GatewayAddress.parse(gateway.url()), defect, SocketFactory.getDefault(), clockwork, clockwork)) {
            assertThat(sent(broken, HEARTBEAT))
                    .isEqualTo(new Outcome.Lost("the call could not be made: IllegalStateException"));
        }
    }

    @Test
    void largest_payload_goes_through() throws Exception {
        Opening output = Opening.of("application/octet-stream", new byte[32], new byte[Opening.MAX_BYTES]);
        GatewayCall call = new GatewayCall.Output(
                HarnessFixture.RUN,
                3,
                new OutputRecord(HarnessFixture.RUN, 3, output.commitment()),
                new byte[64],
                output);

        assertThat(sent(transport, call)).isInstanceOf(Outcome.Answered.class);
    }

    @ParameterizedTest
    @EnumSource(
            value = Fate.class,
            names = {"HANG_UP_UNREAD", "CARRY_OUT_AND_HANG_UP", "HALF_AN_ANSWER", "BAD_GATEWAY"})
    void what_is_no_answer_is_lost_and_the_next_call_is_answered(Fate fate) throws Exception {
        gateway.next(fate);

        assertThat(sent(transport, HEARTBEAT)).isInstanceOf(Outcome.Lost.class);
        assertThat(sent(transport, HEARTBEAT)).isInstanceOf(Outcome.Answered.class);
    }

    @Test
    void kept_connection_that_the_gateway_closed_is_replaced_at_once() throws Exception {
        gateway.next(Fate.ANSWER_AND_CLOSE);
        sent(transport, HEARTBEAT);

        assertThat(sent(transport, HEARTBEAT)).isInstanceOf(Outcome.Answered.class);
        assertThat(gateway.connections()).isEqualTo(2);
    }

    @Test
    void owner_s_address_is_called_and_a_wrong_one_is_a_lost_call() throws Exception {
        try (ModelGateway owner = new ModelGateway(new ModelOwner())) {
            assertThat(sent(transport, Optional.of(owner.url()), HEARTBEAT)).isInstanceOf(Outcome.Answered.class);
            assertThat(owner.connections()).isEqualTo(1);
            assertThat(gateway.connections()).isZero();
        }
        assertThat(sent(transport, Optional.of("file:///etc/passwd"), HEARTBEAT))
                .isInstanceOf(Outcome.Lost.class);
        assertThat(sent(transport, Optional.of("http://127.0.0.1:1"), HEARTBEAT))
                .isInstanceOf(Outcome.Lost.class);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "host:80",
                "http://host",
                "http://host:0",
                "http://user@host:80",
                "http://host:80/path",
                "http://host:80?q",
                "http://host:80#f",
                "https://host",
                "https://host:443/path",
                "HTTPS://host:443",
                "ftp://host:443",
                "http://host:80 "
            })
    void address_of_another_form_is_refused(String address) {
        assertThatThrownBy(() -> GatewayAddress.parse(address))
                .isInstanceOf(LanternException.class)
                .hasMessageStartingWith("a gateway's address is http://<host>:<port> or https://<host>:<port>, found ");
    }

    @Test
    void address_of_ipv6_keeps_its_brackets_in_the_host_header() {
        GatewayAddress address = GatewayAddress.parse("http://[::1]:8080");

        assertThat(address).isEqualTo(new GatewayAddress("::1", 8080)).hasToString("http://[::1]:8080");
    }

    @Test
    void address_with_tls_keeps_its_scheme_and_is_not_called_without_tls() throws Exception {
        GatewayAddress address = GatewayAddress.parse("https://10.0.0.1:7410");

        assertThat(address).hasToString("https://10.0.0.1:7410");
        assertThatThrownBy(() -> transport("https://10.0.0.1:7410"))
                .isInstanceOf(LanternException.class)
                .hasMessage("this instance calls gateways without TLS, found the address https://10.0.0.1:7410");
        assertThat(sent(transport, Optional.of("https://10.0.0.1:7410"), HEARTBEAT))
                .isEqualTo(new Outcome.Lost("LanternException: this instance calls gateways without TLS, found the"
                        + " address https://10.0.0.1:7410"));
    }

    private HttpTransport transport(String url) {
        return new HttpTransport(GatewayAddress.parse(url), "s3cret", SocketFactory.getDefault(), clockwork, clockwork);
    }

    private static Outcome sent(HttpTransport transport, GatewayCall call) throws Exception {
        return sent(transport, Optional.empty(), call);
    }

    private static Outcome sent(HttpTransport transport, Optional<String> owner, GatewayCall call) throws Exception {
        CompletableFuture<Outcome> outcome = new CompletableFuture<>();
        transport.send(owner, call, outcome::complete);
        return outcome.get(30, TimeUnit.SECONDS);
    }
}
