package dev.lantern.core.format;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lantern.journal.Event.Erasable;
import dev.lantern.value.Commitment;
import dev.lantern.value.LanternException;
import dev.lantern.value.Opening;
import dev.lantern.value.PayloadSeal;
import dev.lantern.value.RunRef;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import javax.crypto.Cipher;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

final class ErasableCodecTest {
    private static final RunRef RUN = new RunRef("acme", "ticket-4711");
    private static final Opening SMALL = opening("application/json", 1, "{\"canary\":\"hunter2\"}");
    private static final Opening EMPTY = opening("text/plain", 2, "");
    private static final Opening INPUT = opening("application/json", 3, "{\"amount\":3}");
    private static final Opening LARGE = opening("text/plain", 4, "x".repeat(StoredOpening.INLINE_LIMIT + 1));

    private static final List<StoredOpening> STORED = List.of(
            StoredOpening.whole(SMALL),
            StoredOpening.forEquality(INPUT),
            StoredOpening.whole(EMPTY),
            StoredOpening.whole(LARGE));
    private static final List<Commitment> COMMITMENTS =
            List.of(SMALL.commitment(), INPUT.commitment(), EMPTY.commitment(), LARGE.commitment());

    static Stream<ErasableCodec> codecs() {
        return Stream.of(ErasableCodec.plain(), ErasableCodec.sealedBy(new TestSeal()));
    }

    @ParameterizedTest
    @MethodSource("codecs")
    void what_is_framed_comes_back(ErasableCodec codec) {
        Erasable erasable = codec.encode(RUN, STORED);
        assertThat(erasable.salts()).hasSize(4 * 32);
        assertThat(erasable.salts()).containsSequence(INPUT.salt());
        List<StoredOpening> back = codec.decode(RUN, erasable, COMMITMENTS);
        assertThat(back).isEqualTo(STORED);
        assertThat(back.get(0)).isEqualTo(new StoredOpening.Inline(SMALL));
        assertThat(back.get(1)).isInstanceOf(StoredOpening.SaltOnly.class);
        assertThat(back.get(3)).isInstanceOf(StoredOpening.Elsewhere.class);
    }

    @Test
    void the_frame_is_what_the_format_page_says() {
        Erasable erasable =
                ErasableCodec.plain().encode(RUN, List.of(StoredOpening.whole(opening("a/b", 9, "hi")), STORED.get(1)));
        assertThat(erasable.body()).isEqualTo(bytes("\1" + "\0\3a/b\0\0\0\2hi" + "\1\20application/json"));
    }

    @ParameterizedTest
    @MethodSource("codecs")
    void a_large_payload_is_put_back_together_from_elsewhere(ErasableCodec codec) {
        byte[] kept = codec.kept(RUN, LARGE);
        StoredOpening.Elsewhere stored = (StoredOpening.Elsewhere) StoredOpening.whole(LARGE);
        assertThat(codec.open(RUN, stored, kept, LARGE.commitment())).isEqualTo(LARGE);
        kept[kept.length - 1] ^= 1;
        assertThatThrownBy(() -> codec.open(RUN, stored, kept, LARGE.commitment()))
                .isInstanceOf(LanternException.class);
    }

    @Test
    void the_limit_decides_where_a_payload_stands() {
        assertThat(StoredOpening.whole(opening("a/b", 1, "x".repeat(65536)))).isInstanceOf(StoredOpening.Inline.class);
        assertThat(StoredOpening.whole(LARGE)).isInstanceOf(StoredOpening.Elsewhere.class);
        assertThatThrownBy(() -> new StoredOpening.Inline(LARGE))
                .hasMessage(
                        "a payload of 65537 bytes does not stand in its event's row, which takes 65536; keep it by its commitment");
    }

    @Test
    void equality_is_decided_by_recomputing() {
        StoredOpening stored = StoredOpening.forEquality(INPUT);
        assertThat(stored.matches(INPUT.commitment(), "application/json", bytes("{\"amount\":3}")))
                .isTrue();
        assertThat(stored.matches(INPUT.commitment(), "application/json", bytes("{\"amount\":4}")))
                .isFalse();
        assertThat(stored.matches(INPUT.commitment(), "text/plain", bytes("{\"amount\":3}")))
                .isFalse();
        assertThat(stored.matches(SMALL.commitment(), "application/json", bytes("{\"amount\":3}")))
                .isFalse();
        StoredOpening resalted = new StoredOpening.SaltOnly("application/json", SMALL.salt());
        assertThat(resalted.matches(INPUT.commitment(), "application/json", bytes("{\"amount\":3}")))
                .as("a changed salt never makes equal")
                .isFalse();
    }

    @Test
    void a_seal_hides_payloads_and_media_types() {
        Erasable sealed = ErasableCodec.sealedBy(new TestSeal()).encode(RUN, STORED);
        String text = new String(sealed.body(), StandardCharsets.ISO_8859_1);
        assertThat(text).doesNotContain("hunter2").doesNotContain("application/json");
        assertThat(new String(ErasableCodec.sealedBy(new TestSeal()).kept(RUN, LARGE), StandardCharsets.ISO_8859_1))
                .doesNotContain("xxxxxxxxxx");
    }

    @Test
    void a_sealed_row_of_another_run_does_not_open() {
        ErasableCodec codec = ErasableCodec.sealedBy(new TestSeal());
        Erasable erasable = codec.encode(RUN, STORED);
        assertThatThrownBy(() -> codec.decode(new RunRef("acme", "other"), erasable, COMMITMENTS))
                .hasMessage("not sealed for acme/other");
    }

    /** Every single changed bit of salts and body: refused, or (a salt that nothing recomputes yet) never a match. */
    @Test
    void a_changed_bit_never_gives_another_payload() {
        ErasableCodec codec = ErasableCodec.plain();
        List<StoredOpening> stored = List.of(StoredOpening.whole(SMALL), StoredOpening.forEquality(INPUT));
        List<Commitment> commitments = List.of(SMALL.commitment(), INPUT.commitment());
        Erasable good = codec.encode(RUN, stored);
        int cases = 0;
        for (int bit = 0; bit < 8 * (good.salts().length + good.body().length); bit++) {
            Erasable bad = flip(good, bit);
            try {
                List<StoredOpening> back = codec.decode(RUN, bad, commitments);
                assertThat(back.get(0)).isEqualTo(stored.get(0));
                assertThat(back.get(1)).isNotEqualTo(stored.get(1));
                assertThat(back.get(1).matches(INPUT.commitment(), "application/json", INPUT.bytes()))
                        .isEqualTo(back.get(1) instanceof StoredOpening.Elsewhere);
            } catch (LanternException e) {
                assertThat(e.getMessage()).doesNotContain("hunter2");
            }
            cases++;
        }
        System.out.println("ErasableCodec: " + cases + " changed bits");
        assertThat(cases).isGreaterThan(900);
    }

    @Test
    void junk_in_the_row_is_refused_in_our_words() {
        Random random = new Random(11);
        ErasableCodec codec = ErasableCodec.plain();
        byte[] body = codec.encode(RUN, STORED).body();
        int refused = 0;
        for (int i = 0; i < 20_000; i++) {
            byte[] junk = Arrays.copyOf(body, random.nextInt(2 * body.length));
            for (int edit = 0; edit < 1 + random.nextInt(4) && junk.length > 0; edit++) {
                junk[random.nextInt(junk.length)] = (byte) random.nextInt();
            }
            try {
                codec.decode(RUN, new Erasable(codec.encode(RUN, STORED).salts(), junk), COMMITMENTS);
            } catch (LanternException e) {
                refused++;
            }
        }
        assertThat(refused).isGreaterThan(18_000);
    }

    @Test
    void rows_that_do_not_fit_their_event_are_refused_by_name() {
        ErasableCodec codec = ErasableCodec.plain();
        Erasable one = codec.encode(RUN, List.of(STORED.get(0)));
        assertThatThrownBy(() -> codec.decode(RUN, one, COMMITMENTS))
                .hasMessage(
                        "an event of run acme/ticket-4711 commits to 4 payloads and its row holds 32 bytes of salts; 32 for each are right");
        assertThatThrownBy(() -> codec.decode(RUN, one, List.of(EMPTY.commitment())))
                .hasMessageStartingWith(
                        "a payload of run acme/ticket-4711 does not match its event, which commits to sha256:");
        assertThatThrownBy(() -> codec.decode(RUN, new Erasable(one.salts(), bytes("\2")), List.of(SMALL.commitment())))
                .hasMessage(
                        "the payloads of an event of run acme/ticket-4711 are framed in version 2; this version reads 1");
        assertThatThrownBy(() -> codec.decode(
                        RUN, new Erasable(one.salts(), bytes("\1\0\1a\177\377\377\377")), List.of(SMALL.commitment())))
                .hasMessage("the payloads of an event of run acme/ticket-4711 end too early: the row was cut");
        assertThatThrownBy(() -> codec.decode(
                        RUN, new Erasable(one.salts(), bytes("\1\0\1a\377\377\377\377")), List.of(SMALL.commitment())))
                .hasMessageEndingWith("the row was cut");
        assertThatThrownBy(() ->
                        codec.decode(RUN, new Erasable(one.salts(), bytes("\1\3\1a")), List.of(SMALL.commitment())))
                .hasMessage("an event of run acme/ticket-4711 keeps a payload in form 3; this version knows 0 to 2");
        assertThatThrownBy(() ->
                        codec.decode(RUN, new Erasable(one.salts(), bytes("\1\1\1aX")), List.of(SMALL.commitment())))
                .hasMessage(
                        "the payloads of an event of run acme/ticket-4711 are followed by 1 bytes that belong to no commitment");
        assertThatThrownBy(() -> codec.encode(RUN, List.of()))
                .hasMessage("an event of run acme/ticket-4711 without payloads has nothing to erase");
    }

    @Test
    void rows_swapped_within_a_run_are_refused() {
        ErasableCodec codec = ErasableCodec.sealedBy(new TestSeal());
        Erasable other = codec.encode(RUN, List.of(StoredOpening.whole(EMPTY)));
        assertThatThrownBy(() -> codec.decode(RUN, other, List.of(SMALL.commitment())))
                .hasMessageContaining("does not match its event");
    }

    @Test
    void nothing_of_a_payload_is_shown() {
        assertThat(STORED.toString()).doesNotContain("hunter2").doesNotContain("amount");
        assertThat(ErasableCodec.plain().encode(RUN, STORED).toString()).isEqualTo("Erasable[128 + 89 bytes]");
    }

    private static Erasable flip(Erasable good, int bit) {
        byte[] salts = good.salts().clone();
        byte[] body = good.body().clone();
        int at = bit / 8;
        if (at < salts.length) {
            salts[at] ^= (byte) (1 << bit % 8);
        } else {
            body[at - salts.length] ^= (byte) (1 << bit % 8);
        }
        return new Erasable(salts, body);
    }

    private static Opening opening(String mediaType, int salt, String text) {
        byte[] salted = new byte[Opening.SALT_LENGTH];
        Arrays.fill(salted, (byte) salt);
        return Opening.of(mediaType, salted, bytes(text));
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.ISO_8859_1);
    }

    /** AES-GCM under a key of its own for each run; the nonce is fixed, which only a test may do. */
    private static final class TestSeal implements PayloadSeal {
        @Override
        public byte[] seal(RunRef run, byte[] plain) {
            return crypt(Cipher.ENCRYPT_MODE, run, plain);
        }

        @Override
        public byte[] open(RunRef run, byte[] sealed) {
            return crypt(Cipher.DECRYPT_MODE, run, sealed);
        }

        private static byte[] crypt(int mode, RunRef run, byte[] in) {
            try {
                byte[] key = MessageDigest.getInstance("SHA-256")
                        .digest(run.toString().getBytes(StandardCharsets.UTF_8));
                Cipher cipher = Cipher.getInstance("AES/GCM/NoPadding");
                cipher.init(mode, new SecretKeySpec(key, "AES"), new GCMParameterSpec(128, new byte[12]));
                return cipher.doFinal(in);
            } catch (GeneralSecurityException e) {
                throw new LanternException("not sealed for " + run, e);
            }
        }
    }
}
