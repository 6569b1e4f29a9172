package dev.lantern.core.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lantern.agent.wire.CallPath;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class CallerTest {
    private static final CallPath PATH = CallPath.of(Calls.heartbeat());
    private static final Presented BEARER = new Presented.Bearer(new byte[32]);
    private static final Presented CERTIFICATE = new Presented.Certificate(
            new PeerIdentity(Calls.RUN, Calls.EPOCH, "ab".repeat(32), Instant.parse("2026-02-10T12:15:00Z")));

    /** Anybody may write its path: what strangers call in its name is counted by where they are. */
    @Test
    void calls_of_an_instance_are_used_up_by_its_certificate_alone() throws Exception {
        Doorway.Caller proven = Doorway.Caller.of(PATH, CERTIFICATE, address(1));

        assertThat(Doorway.Caller.of(PATH, CERTIFICATE, address(2))).isEqualTo(proven);
        assertThat(Doorway.Caller.of(PATH, BEARER, address(1)))
                .isNotEqualTo(proven)
                .isEqualTo(Doorway.Caller.of(PATH, BEARER, address(1)))
                .isNotEqualTo(Doorway.Caller.of(PATH, BEARER, address(2)));
    }

    private static InetAddress address(int last) throws UnknownHostException {
        return InetAddress.getByAddress(new byte[] {10, 0, 0, (byte) last});
    }
}
