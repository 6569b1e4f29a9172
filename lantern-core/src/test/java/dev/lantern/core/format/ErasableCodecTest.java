package dev.lantern.core.format;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lantern.journal.Event.Erasable;
import dev.lantern.value.Commitment;
import dev.lantern.value.Digest;
import dev.lantern.value.LanternException;
import dev.lantern.value.Opening;
import dev.lantern.value.PayloadSeal;
import dev.lantern.value.RunRef;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.Arrays;
import java.util.HexFormat;
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
    private static final Digest HASH = Digest.sha256(bytes("the chain up to the event"));
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
        Erasable erasable = codec.encode(RUN, HASH, STORED);
        List<StoredOpening> back = codec.decode(RUN, HASH, erasable, COMMITMENTS);
        assertThat(back).isEqualTo(STORED);
        assertThat(back.get(0)).isEqualTo(new StoredOpening.Inline(SMALL));
        assertThat(back.get(1)).isInstanceOf(StoredOpening.SaltOnly.class);
        assertThat(back.get(3)).isInstanceOf(StoredOpening.Elsewhere.class);
    }

    @Test
    void the_frame_is_what_the_format_page_says() {
        Erasable erasable = ErasableCodec.plain()
                .encode(RUN, HASH, List.of(StoredOpening.whole(opening("a/b", 9, "hi")), STORED.get(1)));
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
    void salts_stand_open_without_a_seal_and_inside_it_with_one() {
        Erasable open = ErasableCodec.plain().encode(RUN, HASH, STORED);
        assertThat(open.salts()).hasSize(4 * 32).containsSequence(INPUT.salt());
        assertThat(ErasableCodec.isSealed(open)).isFalse();

        Erasable sealed = ErasableCodec.sealedBy(new TestSeal()).encode(RUN, HASH, STORED);
        assertThat(sealed.salts()).isEmpty();
        assertThat(HexFormat.of().formatHex(sealed.body()))
                .doesNotContain(HexFormat.of().formatHex(INPUT.salt()));
        assertThat(ErasableCodec.isSealed(sealed)).isTrue();
    }

    @Test
    void a_seal_hides_payloads_and_media_types() {
        Erasable sealed = ErasableCodec.sealedBy(new TestSeal()).encode(RUN, HASH, STORED);
        String text = new String(sealed.body(), StandardCharsets.ISO_8859_1);
        assertThat(text).doesNotContain("hunter2").doesNotContain("application/json");
        assertThat(new String(ErasableCodec.sealedBy(new TestSeal()).kept(RUN, LARGE), StandardCharsets.ISO_8859_1))
                .doesNotContain("xxxxxxxxxx");
    }

    @Test
    void a_sealed_row_of_another_run_does_not_open() {
        ErasableCodec codec = ErasableCodec.sealedBy(new TestSeal());
        Erasable erasable = codec.encode(RUN, HASH, STORED);
        assertThatThrownBy(() -> codec.decode(new RunRef("acme", "other"), HASH, erasable, COMMITMENTS))
                .hasMessage("not sealed for acme/other");
    }

    /** Every single changed bit of salts and body: refused, or (a salt that nothing recomputes yet) never a match. */
    @Test
    void a_changed_bit_never_gives_another_payload() {
        ErasableCodec codec = ErasableCodec.plain();
        List<StoredOpening> stored = List.of(StoredOpening.whole(SMALL), StoredOpening.forEquality(INPUT));
        List<Commitment> commitments = List.of(SMALL.commitment(), INPUT.commitment());
        Erasable good = codec.encode(RUN, HASH, stored);
        int cases = 0;
        for (int bit = 0; bit < 8 * (good.salts().length + good.body().length); bit++) {
            Erasable bad = flip(good, bit);
            try {
                List<StoredOpening> back = codec.decode(RUN, HASH, bad, commitments);
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
        byte[] body = codec.encode(RUN, HASH, STORED).body();
        int refused = 0;
        for (int i = 0; i < 20_000; i++) {
            byte[] junk = Arrays.copyOf(body, random.nextInt(2 * body.length));
            for (int edit = 0; edit < 1 + random.nextInt(4) && junk.length > 0; edit++) {
                junk[random.nextInt(junk.length)] = (byte) random.nextInt();
            }
            try {
                codec.decode(
                        RUN, HASH, new Erasable(codec.encode(RUN, HASH, STORED).salts(), junk), COMMITMENTS);
            } catch (LanternException e) {
                refused++;
            }
        }
        assertThat(refused).isGreaterThan(18_000);
    }

    @Test
    void rows_that_do_not_fit_their_event_are_refused_by_name() {
        ErasableCodec codec = ErasableCodec.plain();
        Erasable one = codec.encode(RUN, HASH, List.of(STORED.get(0)));
        assertThatThrownBy(() -> codec.decode(RUN, HASH, one, COMMITMENTS))
                .hasMessage(
                        "an event of run acme/ticket-4711 commits to 4 payloads and its row holds 32 bytes of salts; 32 for each are right");
        assertThatThrownBy(() -> codec.decode(RUN, HASH, one, List.of(EMPTY.commitment())))
                .hasMessageStartingWith(
                        "a payload of run acme/ticket-4711 does not match its event, which commits to sha256:");
        assertThatThrownBy(() ->
                        codec.decode(RUN, HASH, new Erasable(one.salts(), bytes("\2")), List.of(SMALL.commitment())))
                .hasMessage(
                        "the payloads of an event of run acme/ticket-4711 are framed in version 2; this version reads 1");
        assertThatThrownBy(() -> codec.decode(
                        RUN,
                        HASH,
                        new Erasable(one.salts(), bytes("\1\0\1a\177\377\377\377")),
                        List.of(SMALL.commitment())))
                .hasMessage("the payloads of an event of run acme/ticket-4711 end too early: the row was cut");
        assertThatThrownBy(() -> codec.decode(
                        RUN,
                        HASH,
                        new Erasable(one.salts(), bytes("\1\0\1a\377\377\377\377")),
                        List.of(SMALL.commitment())))
                .hasMessageEndingWith("the row was cut");
        assertThatThrownBy(() -> codec.decode(
                        RUN, HASH, new Erasable(one.salts(), bytes("\1\3\1a")), List.of(SMALL.commitment())))
                .hasMessage("an event of run acme/ticket-4711 keeps a payload in form 3; this version knows 0 to 2");
        assertThatThrownBy(() -> codec.decode(
                        RUN, HASH, new Erasable(one.salts(), bytes("\1\1\1aX")), List.of(SMALL.commitment())))
                .hasMessage(
                        "the payloads of an event of run acme/ticket-4711 are followed by 1 bytes that belong to no commitment");
        assertThatThrownBy(() -> codec.encode(RUN, HASH, List.of()))
                .hasMessage("an event of run acme/ticket-4711 without payloads has nothing to erase");
    }

    @Test
    void rows_swapped_within_a_run_are_refused() {
        ErasableCodec sealing = ErasableCodec.sealedBy(new TestSeal());
        Erasable sealed = sealing.encode(RUN, HASH, List.of(StoredOpening.forEquality(INPUT)));
        Digest elsewhere = Digest.sha256(bytes("the chain up to another event"));
        assertThatThrownBy(() -> sealing.decode(RUN, elsewhere, sealed, List.of(INPUT.commitment())))
                .hasMessage("not sealed for acme/ticket-4711");

        Erasable unsealed = ErasableCodec.plain().encode(RUN, HASH, List.of(StoredOpening.whole(EMPTY)));
        assertThatThrownBy(() -> ErasableCodec.plain().decode(RUN, elsewhere, unsealed, List.of(SMALL.commitment())))
                .hasMessageContaining("does not match its event");
    }

    @Test
    void what_stands_unsealed_is_refused_by_a_runtime_with_a_seal() {
        Erasable unsealed = ErasableCodec.plain().encode(RUN, HASH, STORED);
        ErasableCodec strict = ErasableCodec.sealedBy(new TestSeal());

        assertThatThrownBy(() -> strict.decode(RUN, HASH, unsealed, COMMITMENTS))
                .isInstanceOf(LanternException.class)
                .hasMessage(
                        "the payloads of an event of run acme/ticket-4711 stand unsealed and this runtime has a seal;"
                                + " if the journal is older than its seal, build the runtime with .sealFromNowOn(…) until they"
                                + " are sealed, else ask who wrote them");
        assertThatThrownBy(() ->
                        strict.open(RUN, (StoredOpening.Elsewhere) STORED.get(3), LARGE.bytes(), LARGE.commitment()))
                .hasMessage("not sealed for acme/ticket-4711");
    }

    @Test
    void what_stands_unsealed_is_read_where_the_seal_is_newer_than_the_journal() {
        Erasable unsealed = ErasableCodec.plain().encode(RUN, HASH, STORED);
        ErasableCodec mixed = ErasableCodec.sealedFromNowOn(new TestSeal());
        StoredOpening.Elsewhere elsewhere = (StoredOpening.Elsewhere) STORED.get(3);

        assertThat(mixed.decode(RUN, HASH, unsealed, COMMITMENTS)).isEqualTo(STORED);
        assertThat(mixed.open(RUN, elsewhere, LARGE.bytes(), LARGE.commitment()))
                .isEqualTo(LARGE);
        assertThat(mixed.open(RUN, elsewhere, mixed.kept(RUN, LARGE), LARGE.commitment()))
                .isEqualTo(LARGE);
        assertThat(ErasableCodec.isSealed(mixed.encode(RUN, HASH, STORED)))
                .as("what is written from now on")
                .isTrue();
        assertThatThrownBy(
                        () -> mixed.open(RUN, elsewhere, bytes("neither sealed nor committed to"), LARGE.commitment()))
                .hasMessage("not sealed for acme/ticket-4711");
    }

    @Test
    void what_stood_unsealed_is_sealed_without_knowing_what_it_is() {
        ErasableCodec strict = ErasableCodec.sealedBy(new TestSeal());

        Erasable sealed = strict.seal(RUN, HASH, ErasableCodec.plain().encode(RUN, HASH, STORED));

        assertThat(strict.decode(RUN, HASH, sealed, COMMITMENTS)).isEqualTo(STORED);
        assertThat(sealed).isEqualTo(strict.encode(RUN, HASH, STORED));
        assertThatThrownBy(() -> strict.seal(RUN, HASH, sealed)).hasMessageContaining("framed in version");
    }

    @Test
    void what_is_sealed_is_refused_by_a_runtime_without_a_seal() {
        Erasable sealed = ErasableCodec.sealedBy(new TestSeal()).encode(RUN, HASH, STORED);

        assertThatThrownBy(() -> ErasableCodec.plain().decode(RUN, HASH, sealed, COMMITMENTS))
                .isInstanceOf(LanternException.class)
                .hasMessage("the payloads of an event of run acme/ticket-4711 are sealed and this runtime has no seal;"
                        + " build it with .seal(…)");
    }

    @Test
    void the_largest_payload_is_kept_under_a_seal() {
        Opening largest = opening("a/b", 1, "x".repeat(Opening.MAX_BYTES));
        StoredOpening.Elsewhere stored = (StoredOpening.Elsewhere) StoredOpening.whole(largest);
        byte[] kept = ErasableCodec.sealedBy(new TestSeal()).kept(RUN, largest);

        assertThat(ErasableCodec.sealedFromNowOn(new TestSeal()).open(RUN, stored, kept, largest.commitment()))
                .isEqualTo(largest);
        assertThatThrownBy(() -> ErasableCodec.plain().open(RUN, stored, kept, largest.commitment()))
                .hasMessageContaining("more than any that is not sealed, and this runtime has no seal");
    }

    @Test
    void nothing_of_a_payload_is_shown() {
        assertThat(STORED.toString()).doesNotContain("hunter2").doesNotContain("amount");
        assertThat(ErasableCodec.plain().encode(RUN, HASH, STORED).toString()).isEqualTo("Erasable[128 + 89 bytes]");
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

    /** AES-GCM under a key of its own for each place; the nonce is fixed, which only a test may do. */
    private static final class TestSeal implements PayloadSeal {
        @Override
        public byte[] seal(RunRef run, Digest place, byte[] plain) {
            return crypt(Cipher.ENCRYPT_MODE, run, place, plain);
        }

        @Override
        public byte[] open(RunRef run, Digest place, byte[] sealed) {
            return crypt(Cipher.DECRYPT_MODE, run, place, sealed);
        }

        private static byte[] crypt(int mode, RunRef run, Digest place, byte[] in) {
            try {
                byte[] key = Digest.sha256(run.toString().getBytes(StandardCharsets.UTF_8), place.bytes())
                        .bytes();
                Cipher cipher = Cipher.getInstance("AES/GCM/NoPadding");
                cipher.init(mode, new SecretKeySpec(key, "AES"), new GCMParameterSpec(128, new byte[12]));
                return cipher.doFinal(in);
            } catch (GeneralSecurityException e) {
                throw new LanternException("not sealed for " + run, e);
            }
        }
    }
}
