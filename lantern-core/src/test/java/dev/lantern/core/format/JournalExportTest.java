package dev.lantern.core.format;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lantern.journal.Event;
import dev.lantern.journal.Head;
import dev.lantern.run.ChainVerdict;
import dev.lantern.run.ChainVerdict.Broken;
import dev.lantern.run.ChainVerdict.Flaw;
import dev.lantern.run.ChainVerdict.Intact;
import dev.lantern.value.RunRef;
import dev.lantern.value.internal.Json;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Base64;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

final class JournalExportTest {
    private static final RunRef RUN = new RunRef("acme", "ticket-4711");

    private static byte[] event(long seq, String text) {
        return new EventEnvelope(
                        1,
                        "k",
                        RUN,
                        seq,
                        0,
                        Instant.EPOCH,
                        Json.object().put("x", text).build())
                .bytes();
    }

    private static String file(int length) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        JournalExport export = JournalExport.begin(out, RUN);
        Head head = Chain.genesis(RUN);
        for (int seq = 1; seq <= length; seq++) {
            byte[] bytes = event(seq, "€");
            head = Chain.append(head, bytes);
            export.add(new Event(seq, bytes, head.hash(), Optional.empty()));
        }
        return out.toString(StandardCharsets.UTF_8);
    }

    private static ChainVerdict verify(String file) throws IOException {
        return JournalExport.verify(new ByteArrayInputStream(file.getBytes(StandardCharsets.UTF_8)), ChainVerifier::of);
    }

    @Test
    void the_file_is_what_the_format_page_says() throws IOException {
        Head head = Chain.append(Chain.genesis(RUN), event(1, "€"));
        assertThat(file(1))
                .isEqualTo(
                        "{\"format\":\"lantern/journal-export/v1\",\"run\":\"ticket-4711\",\"tenant\":\"acme\"}\n{\"bytes\":\""
                                + Base64.getEncoder().encodeToString(event(1, "€")) + "\",\"hash\":\""
                                + head.hash().hex() + "\",\"seq\":1}\n");
        assertThat(verify(file(1))).isEqualTo(intact(head));
    }

    record Junk(String name, String file, long seq, String detail) {
        @Override
        public String toString() {
            return name;
        }
    }

    static Stream<Junk> junk() throws IOException {
        String good = file(3);
        String[] lines = good.split("\n");
        return Stream.of(
                new Junk("empty file", "", 0, "the file is empty"),
                new Junk("empty first line", "\n", 0, "the document is empty"),
                new Junk("no header", good.substring(good.indexOf('\n') + 1), 0, "member \"bytes\" is unknown"),
                new Junk(
                        "other format",
                        good.replace("export/v1", "export/v2"),
                        0,
                        "this version reads lantern/journal-export/v1"),
                new Junk("hostile run", good.replace("\"ticket-4711\"", "\"../x\""), 0, "run id \"../x\""),
                new Junk("header not canonical", good.replaceFirst(",", ", "), 0, "not in canonical form"),
                new Junk("line is no object", lines[0] + "\n" + lines[1] + "\n[]\n", 2, "a line must be an object"),
                new Junk(
                        "blank line",
                        lines[0] + "\n" + lines[1] + "\n\n" + lines[2] + "\n",
                        2,
                        "the document is empty"),
                new Junk("last newline missing", good.substring(0, good.length() - 1), 3, "the file was cut"),
                new Junk("cut in a line", good.substring(0, good.length() - 40), 3, "the file was cut"),
                new Junk("carriage returns", good.replace("\n", "\r\n"), 0, "not in canonical form"),
                new Junk(
                        "extra member", good.replace(",\"seq\":2", ",\"seq\":2,\"x\":1"), 2, "member \"x\" is unknown"),
                new Junk(
                        "duplicate member",
                        good.replace(",\"seq\":2", ",\"seq\":2,\"seq\":2"),
                        2,
                        "member \"seq\" stands twice"),
                new Junk(
                        "hash in capitals",
                        good.replace("\"hash\":\"", "\"hash\":\"A"),
                        1,
                        "64 lower-case hexadecimal digits"),
                new Junk(
                        "seq is text",
                        good.replace("\"seq\":2", "\"seq\":\"2\""),
                        2,
                        "member \"seq\" must be an integer"),
                new Junk(
                        "base64 with a line break",
                        good.replaceFirst("\"bytes\":\"....", "$0\\\\n"),
                        1,
                        "member \"bytes\" is not base64"));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("junk")
    void a_file_that_is_none_is_malformed_and_the_place_is_named(Junk junk) throws IOException {
        assertThat(verify(junk.file())).isInstanceOfSatisfying(Broken.class, broken -> {
            assertThat(broken.flaw()).as(broken.detail()).isEqualTo(Flaw.MALFORMED);
            assertThat(broken.seq()).as(broken.detail()).isEqualTo(junk.seq());
            assertThat(broken.detail()).contains(junk.detail());
        });
    }

    /** "QQ==" and "QR==" decode to the same byte; only the first is what an encoder writes. */
    @Test
    void base64_with_stray_bits_is_refused() throws IOException {
        String file = file(1);
        String bytes = file.replaceAll("(?s).*\"bytes\":\"([^\"]*)\".*", "$1");
        String padded = Base64.getEncoder().encodeToString("A".getBytes(StandardCharsets.US_ASCII));
        assertThat(padded).isEqualTo("QQ==");
        assertThat(verify(file.replace(bytes, "QR==")))
                .isEqualTo(new Broken(
                        1, Flaw.MALFORMED, "member \"bytes\" is not in the one form of base64 that an encoder writes"));
        assertThat(verify(file.replace(bytes, "QQ")))
                .isEqualTo(new Broken(
                        1, Flaw.MALFORMED, "member \"bytes\" is not in the one form of base64 that an encoder writes"));
    }

    @Test
    void an_endless_line_is_refused_before_it_fills_the_memory() throws IOException {
        byte[] header = file(0).getBytes(StandardCharsets.UTF_8);
        InputStream endless = new InputStream() {
            private long position;

            @Override
            public int read() {
                return position < header.length ? header[(int) position++] : 'x';
            }
        };
        assertThat(JournalExport.verify(endless, ChainVerifier::of)).isInstanceOfSatisfying(Broken.class, broken -> {
            assertThat(broken.seq()).isEqualTo(1);
            assertThat(broken.detail()).startsWith("a line is longer than ");
        });
    }

    @Test
    void the_longest_event_fits_its_line() throws IOException {
        byte[] longest = event(1, "x".repeat(EventEnvelope.MAX_BYTES - event(1, "").length));
        assertThat(longest).hasSize(EventEnvelope.MAX_BYTES);
        Head head = Chain.append(Chain.genesis(RUN), longest);
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        JournalExport.begin(out, RUN).add(new Event(1, longest, head.hash(), Optional.empty()));
        assertThat(JournalExport.verify(new ByteArrayInputStream(out.toByteArray()), ChainVerifier::of))
                .isEqualTo(intact(head));
    }

    @Test
    void the_caller_says_which_run_it_must_be() throws IOException {
        RunRef other = new RunRef("acme", "other");
        assertThat(JournalExport.verify(
                        new ByteArrayInputStream(file(2).getBytes(StandardCharsets.UTF_8)),
                        claimed -> ChainVerifier.of(other)))
                .isEqualTo(
                        new Broken(1, Flaw.WRONG_RUN, "an event of run acme/ticket-4711 in the chain of acme/other"));
    }

    private static Intact intact(Head head) {
        return new Intact(head.seq(), head.hash());
    }
}
