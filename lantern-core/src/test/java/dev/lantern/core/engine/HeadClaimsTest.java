package dev.lantern.core.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lantern.agent.wire.GatewayCall;
import dev.lantern.journal.Head;
import dev.lantern.value.Digest;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class HeadClaimsTest {
    private final HeadClaims heads = new HeadClaims();

    private static Head head(int seq) {
        return new Head(seq, Digest.sha256(new byte[] {(byte) seq}));
    }

    private static GatewayCall knowing(Head head) {
        return new GatewayCall.Heartbeat(RunFixture.RUN, 1, head.seq(), Optional.of(head.hash()));
    }

    @Test
    void what_this_host_made_durable_itself_needs_no_look() {
        heads.durable(head(7));
        heads.durable(head(9));

        assertThat(heads.mustLook(knowing(head(7)))).isFalse();
        assertThat(heads.mustLook(knowing(head(9)))).isFalse();
        assertThat(heads.mustLook(new GatewayCall.Heartbeat(RunFixture.RUN, 1, 0, Optional.empty())))
                .as("nothing was acknowledged yet")
                .isFalse();
    }

    @Test
    void what_it_does_not_know_is_looked_for_once() {
        heads.durable(head(9));

        assertThat(heads.mustLook(knowing(head(8))))
                .as("an event of the former owner")
                .isTrue();
        assertThat(heads.mustLook(knowing(head(12))))
                .as("further than the chain")
                .isTrue();
        assertThat(heads.mustLook(knowing(new Head(9, head(1).hash()))))
                .as("another history")
                .isTrue();
        heads.verified(8);
        assertThat(heads.mustLook(knowing(head(8)))).isFalse();
    }

    @Test
    void only_the_newest_heads_are_remembered() {
        for (int seq = 1; seq <= 10; seq++) {
            heads.durable(head(seq));
        }

        assertThat(heads.mustLook(knowing(head(6)))).isTrue();
        assertThat(heads.mustLook(knowing(head(7)))).isFalse();
    }
}
