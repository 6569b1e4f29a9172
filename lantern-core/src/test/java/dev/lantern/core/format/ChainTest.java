package dev.lantern.core.format;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lantern.journal.Head;
import dev.lantern.value.Digest;
import dev.lantern.value.RunRef;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

final class ChainTest {
    private static final RunRef RUN = new RunRef("acme", "ticket-4711");

    @Test
    void the_chain_begins_with_the_run() {
        byte[] named = "lantern/journal/v1\nacme\0ticket-4711".getBytes(StandardCharsets.US_ASCII);
        assertThat(Chain.genesis(RUN)).isEqualTo(new Head(0, Digest.sha256(named)));
    }

    @Test
    void leaf_and_link_are_told_apart_by_their_first_byte() {
        byte[] event = "{}".getBytes(StandardCharsets.US_ASCII);
        Digest leaf = Digest.sha256(new byte[] {0, '{', '}'});
        Digest before = Chain.genesis(RUN).hash();
        Digest after = Digest.sha256(new byte[] {2}, before.bytes(), leaf.bytes());
        assertThat(Chain.leaf(event)).isEqualTo(leaf);
        assertThat(Chain.next(before, leaf)).isEqualTo(after);
        assertThat(Chain.append(Chain.genesis(RUN), event)).isEqualTo(new Head(1, after));
    }

    @Test
    void no_two_runs_share_a_beginning() {
        List<RunRef> runs = List.of(
                RUN,
                new RunRef("acme", "ticket-471"),
                new RunRef("acme", "1"),
                new RunRef("ticket-4711", "acme"),
                new RunRef("acmeticket-4711", "x"),
                new RunRef("acme-ticket", "4711"));
        assertThat(runs.stream().map(Chain::genesis).distinct()).hasSize(runs.size());
    }

    @Test
    void order_and_content_make_the_hash() {
        assertThat(Stream.of("ab", "ba", "aab", "abb", "a", "b")
                        .map(ChainTest::chained)
                        .distinct())
                .hasSize(6);
    }

    private static Head chained(String events) {
        Head head = Chain.genesis(RUN);
        for (int i = 0; i < events.length(); i++) {
            head = Chain.append(head, new byte[] {(byte) events.charAt(i)});
        }
        return head;
    }
}
