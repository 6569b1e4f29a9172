package dev.lantern.core.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lantern.core.gateway.DoorCredentials;
import dev.lantern.core.gateway.DoorIdentity;
import dev.lantern.core.gateway.GatewayDoor;
import dev.lantern.core.gateway.PeerVerdict;
import dev.lantern.core.security.BoundedSecurityLog;
import dev.lantern.core.security.SecurityLog;
import dev.lantern.gate.Facts;
import dev.lantern.substrate.InstanceRef;
import dev.lantern.substrate.InstanceStart;
import dev.lantern.substrate.Substrate;
import dev.lantern.substrate.SubstrateHost;
import dev.lantern.value.LanternException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** A gateway is where the substrate needs it, and nowhere else. */
class GatewayWiringTest {
    private static final InstantSource CLOCK = () -> Instant.EPOCH;
    private static final SecurityLog LOG = BoundedSecurityLog.usual(CLOCK);
    private static final GatewayDoor SHUT = (credential, call, reply) -> {
        throw new AssertionError("nobody calls");
    };

    @Test
    void substrate_whose_instances_call_over_a_network_needs_to_be_told_where() {
        assertThatThrownBy(() -> wired(new Somewhere(true), Optional.empty()))
                .isInstanceOf(LanternException.class)
                .hasMessage(
                        "a runtime on somewhere is called by its instances over the network: say where, with"
                                + " .gateway(new InetSocketAddress(\"0.0.0.0\", 7410), \"https://<address of this host>:7410\")");
    }

    @Test
    void gateway_that_nobody_would_come_to_is_refused() {
        GatewayPlace place = GatewayPlace.of(new InetSocketAddress("127.0.0.1", 7410), "https://10.0.0.1:7410");

        assertThatThrownBy(() -> wired(new Somewhere(false), Optional.of(place)))
                .isInstanceOf(LanternException.class)
                .hasMessageContaining("so nothing would come to the gateway at https://10.0.0.1:7410");
    }

    @Test
    void place_is_an_address_of_this_machine_with_a_port_and_a_name_for_others() {
        InetSocketAddress here = new InetSocketAddress("127.0.0.1", 7410);
        assertThat(GatewayPlace.of(here, "https://lantern-0.lantern:7410/").address())
                .isEqualTo("https://lantern-0.lantern:7410");
        assertThatThrownBy(() -> GatewayPlace.of(InetSocketAddress.createUnresolved("no.such", 1), "https://a:1"))
                .hasMessageStartingWith("the gateway cannot listen on no.such");
        assertThatThrownBy(() -> GatewayPlace.of(new InetSocketAddress("127.0.0.1", 0), "https://a:1"))
                .hasMessageContaining("on a port that is said, found 0");
        assertThatThrownBy(() -> GatewayPlace.of(here, "http://a:1"))
                .hasMessage("over a network instances reach their host by TLS alone: a gateway's address is"
                        + " https://<host>:<port>, found http://a:1");
    }

    @Test
    void nobody_listens_on_a_network_without_an_identity() throws Exception {
        GatewayPlace place = GatewayPlace.of(new InetSocketAddress("127.0.0.1", freePort()), "https://10.0.0.1:7410");

        assertThatThrownBy(() ->
                        GatewayWiring.of(new Somewhere(true), Optional.of(place), Optional.empty(), LOG, CLOCK, SHUT))
                .isInstanceOf(LanternException.class)
                .hasMessageContaining("has no identity to show");
    }

    @Test
    void it_listens_where_it_was_told_to_and_is_named_as_it_was_told_to() throws Exception {
        GatewayPlace place = GatewayPlace.of(new InetSocketAddress("127.0.0.1", freePort()), "https://10.0.0.1:7410");

        try (GatewayWiring wiring = wired(new Somewhere(true), Optional.of(place));
                Socket caller = new Socket()) {
            assertThat(wiring.address()).isEqualTo("https://10.0.0.1:7410");
            caller.connect(place.listen(), 5_000);
            assertThat(caller.isConnected()).isTrue();
            assertThatThrownBy(() -> wired(new Somewhere(true), Optional.of(place)))
                    .isInstanceOf(LanternException.class)
                    .hasMessageStartingWith("the gateway cannot listen on /127.0.0.1:");
        }
    }

    private static GatewayWiring wired(Substrate substrate, Optional<GatewayPlace> place) {
        DoorCredentials nobody = new DoorCredentials() {
            @Override
            public DoorIdentity current() {
                throw new LanternException("there is none");
            }

            @Override
            public PeerVerdict verify(List<byte[]> derChain) {
                return new PeerVerdict.Rejected("nobody", "nobody is believed here");
            }
        };
        return GatewayWiring.of(substrate, place, Optional.of(nobody), LOG, CLOCK, SHUT);
    }

    private static int freePort() throws IOException {
        try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getByName("127.0.0.1"))) {
            return free.getLocalPort();
        }
    }

    private record Somewhere(boolean callsOverNetwork) implements Substrate {
        @Override
        public String name() {
            return "somewhere";
        }

        @Override
        public Facts facts(String tenant, Duration within) {
            throw new AssertionError("nobody asks");
        }

        @Override
        public void open(SubstrateHost host) {}

        @Override
        public void start(InstanceStart start, Duration within) {}

        @Override
        public boolean stop(InstanceRef instance, Duration grace, Duration within) {
            return true;
        }

        @Override
        public List<InstanceRef> standing(Duration within) {
            return List.of();
        }

        @Override
        public void close() {}
    }
}
