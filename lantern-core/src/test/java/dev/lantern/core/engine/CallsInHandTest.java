package dev.lantern.core.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lantern.agent.wire.GatewayCall;
import dev.lantern.agent.wire.GatewayReply;
import dev.lantern.agent.wire.OutputRecord;
import dev.lantern.value.Opening;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class CallsInHandTest {
    private static final GatewayReply ALIVE = new GatewayReply.Alive(false);

    private final CallsInHand inHand = new CallsInHand();
    private final List<GatewayReply> answers = new ArrayList<>();

    private static GatewayCall report() {
        return new GatewayCall.Report(RunFixture.RUN, 1, "report", List.of());
    }

    private static GatewayCall output(int bytes) {
        Opening output = Opening.of("text/plain", new byte[Opening.SALT_LENGTH], new byte[bytes]);
        return new GatewayCall.Output(
                RunFixture.RUN, 1, new OutputRecord(RunFixture.RUN, 1, output.commitment()), new byte[64], output);
    }

    @Test
    void calls_above_the_bound_are_told_to_come_again_and_taken_once_others_were_answered() {
        List<CallToken> taken = new ArrayList<>();
        for (int i = 0; i < CallsInHand.MOST_CALLS; i++) {
            taken.add(inHand.take(report(), answers::add).orElseThrow());
        }

        assertThat(inHand.take(report(), answers::add)).isEmpty();
        assertThat(answers)
                .containsExactly(
                        Replies.unavailable("this host has too many calls waiting for its journal; repeat the call"));
        taken.get(7).answer(ALIVE);
        assertThat(answers).endsWith(ALIVE);
        assertThat(inHand.take(report(), answers::add)).isPresent();
        assertThat(inHand.take(report(), answers::add)).isEmpty();
    }

    @Test
    void heartbeats_are_taken_whatever_waits() {
        for (int i = 0; i <= CallsInHand.MOST_CALLS; i++) {
            inHand.take(report(), answers::add);
        }

        assertThat(inHand.take(new GatewayCall.Heartbeat(RunFixture.RUN, 1, 0, Optional.empty()), answers::add))
                .isPresent();
    }

    @Test
    void payloads_are_bounded_together_and_one_alone_gets_through() {
        int large = 16 * 1024 * 1024;
        CallToken first = inHand.take(output(large), answers::add).orElseThrow();
        for (long sum = 2L * large; sum <= CallsInHand.MOST_BYTES; sum += large) {
            assertThat(inHand.take(output(large), answers::add)).isPresent();
        }

        assertThat(inHand.take(output(large), answers::add)).isEmpty();
        assertThat(inHand.take(report(), answers::add))
                .as("no payload, no bytes")
                .isPresent();
        first.answer(ALIVE);
        assertThat(inHand.take(output(large), answers::add)).isPresent();
    }
}
