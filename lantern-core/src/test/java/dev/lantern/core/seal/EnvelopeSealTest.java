package dev.lantern.core.seal;

import static dev.lantern.core.seal.Fixed.PLACE;
import static dev.lantern.core.seal.Fixed.RUN;
import static dev.lantern.core.seal.Fixed.bytes;
import static dev.lantern.core.seal.Fixed.key;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lantern.value.Digest;
import dev.lantern.value.LanternException;
import dev.lantern.value.Opening;
import dev.lantern.value.RunRef;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import java.util.TreeSet;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class EnvelopeSealTest {
    private static final byte[] PLAIN = bytes("{\"canary\":\"hunter2\"}");

    private final EnvelopeSeal seal = EnvelopeSeal.under(KeyRing.of(key("k2", 2), key("k1", 1)), Fixed.random(7));
    private final byte[] sealed = seal.seal(RUN, PLACE, PLAIN);

    @Test
    void what_was_sealed_opens_and_shows_nothing() {
        assertThat(seal.open(RUN, PLACE, sealed)).isEqualTo(PLAIN);
        assertThat(text(sealed)).startsWith("LNS\1\2k2").doesNotContain("hunter2");
        assertThat(sealed).hasSize(3 + 1 + 1 + 2 + 8 + 24 + PLAIN.length + 16);
    }

    @Test
    void payloads_of_every_size_open() {
        for (int size : List.of(0, 1, 15, 16, 17, 4096, Opening.MAX_BYTES, Opening.MAX_BYTES + 1000)) {
            byte[] plain = new byte[size];
            new Random(size).nextBytes(plain);
            assertThat(Arrays.equals(seal.open(RUN, PLACE, seal.seal(RUN, PLACE, plain)), plain))
                    .as("%s bytes", size)
                    .isTrue();
        }
    }

    @Test
    void one_payload_is_never_sealed_to_the_same_bytes_twice() {
        assertThat(seal.seal(RUN, PLACE, PLAIN)).isNotEqualTo(sealed);
        assertThat(EnvelopeSeal.under(KeyRing.of(key("k2", 2))).seal(RUN, PLACE, PLAIN))
                .as("with the system's random numbers")
                .isNotEqualTo(EnvelopeSeal.under(KeyRing.of(key("k2", 2))).seal(RUN, PLACE, PLAIN));
    }

    /** Computed once from the format page with Python's cryptography library (KBKDFCMAC, AESGCM). */
    @Test
    void what_another_implementation_sealed_opens() {
        byte[] elsewhere = HexFormat.of()
                .parseHex(
                        "4c4e5301026b322c15d5666a2274bf4142434445464748494a4b4c4d4e4f5051525354555657584d8dc3300d0518b8af"
                                + "d4d084c48a75156c529cfa6f97d1106d7412af8ff798ec3816f9a3");

        assertThat(seal.open(RUN, PLACE, elsewhere)).isEqualTo(PLAIN);
    }

    @Test
    void a_changed_bit_at_any_place_is_refused() {
        int cases = 0;
        for (int bit = 0; bit < 8 * sealed.length; bit++) {
            byte[] bad = sealed.clone();
            bad[bit / 8] ^= (byte) (1 << bit % 8);
            assertThatThrownBy(() -> seal.open(RUN, PLACE, bad))
                    .as("bit %s", bit)
                    .isInstanceOf(LanternException.class)
                    .hasMessageStartingWith("opening a payload of run acme/ticket-4711");
            cases++;
        }
        System.out.println("EnvelopeSeal: " + cases + " changed bits");
        assertThat(cases).isGreaterThan(500);
    }

    @Test
    void what_was_cut_or_lengthened_is_refused() {
        for (int length = 0; length < sealed.length; length++) {
            byte[] cut = Arrays.copyOf(sealed, length);
            assertThatThrownBy(() -> seal.open(RUN, PLACE, cut)).isInstanceOf(LanternException.class);
            byte[] tail = Arrays.copyOfRange(sealed, sealed.length - length, sealed.length);
            assertThatThrownBy(() -> seal.open(RUN, PLACE, tail)).isInstanceOf(LanternException.class);
        }
        assertThatThrownBy(() -> seal.open(RUN, PLACE, Arrays.copyOf(sealed, sealed.length + 1)))
                .isInstanceOf(LanternException.class);
    }

    @Test
    void what_was_moved_is_refused() {
        String reason = "it was changed, or sealed for another run or another place in it";
        assertThatThrownBy(() -> seal.open(new RunRef("acme", "ticket-4712"), PLACE, sealed))
                .hasMessage("opening a payload of run acme/ticket-4712 under seal key \"k2\": " + reason);
        assertThatThrownBy(() -> seal.open(new RunRef("acm", "eticket-4711"), PLACE, sealed))
                .hasMessageContaining(reason);
        assertThatThrownBy(() -> seal.open(new RunRef("other", "ticket-4711"), PLACE, sealed))
                .hasMessageContaining(reason);
        assertThatThrownBy(() -> seal.open(RUN, Digest.sha256(bytes("another place")), sealed))
                .hasMessageContaining(reason);
    }

    @Test
    void a_key_that_is_gone_is_named() {
        EnvelopeSeal later = EnvelopeSeal.under(KeyRing.of(key("k3", 3), key("k1", 1)));

        assertThatThrownBy(() -> later.open(RUN, PLACE, sealed))
                .isInstanceOf(LanternException.class)
                .hasMessage(
                        "opening a payload of run acme/ticket-4711: it is sealed under key \"k2\", which is not on the"
                                + " key ring (the current one is \"k3\"); put that key back, nothing else opens it");
    }

    @Test
    void another_key_of_the_same_name_is_told_from_changed_bytes() {
        EnvelopeSeal other = EnvelopeSeal.under(KeyRing.of(key("k2", 22)));

        assertThatThrownBy(() -> other.open(RUN, PLACE, sealed))
                .hasMessageContaining(
                        "the key ring holds another key of the id \"k2\" than the one it was sealed under");
    }

    @Test
    void a_header_that_names_another_key_of_the_ring_is_refused() {
        byte[] renamed = sealed.clone();
        renamed[6] = '1';
        assertThatThrownBy(() -> seal.open(RUN, PLACE, renamed)).hasMessageContaining("another key of the id \"k1\"");

        System.arraycopy(key("k1", 1).check(), 0, renamed, 7, SealKey.CHECK_LENGTH);
        assertThatThrownBy(() -> seal.open(RUN, PLACE, renamed))
                .hasMessageContaining("under seal key \"k1\": it was changed");
    }

    @Test
    void another_version_and_what_was_never_sealed_are_refused() {
        byte[] newer = sealed.clone();
        newer[3] = 2;
        assertThatThrownBy(() -> seal.open(RUN, PLACE, newer))
                .hasMessage("opening a payload of run acme/ticket-4711: its " + sealed.length
                        + " bytes are not sealed by an"
                        + " envelope of version 1 but of version 2; a newer Lantern may read it");
        assertThatThrownBy(() -> seal.open(RUN, PLACE, PLAIN))
                .hasMessage("opening a payload of run acme/ticket-4711: its 20 bytes are not sealed by an envelope of"
                        + " version 1, or were cut");
        assertThatThrownBy(() -> seal.open(RUN, PLACE, new byte[0])).hasMessageContaining("its 0 bytes");
    }

    @Test
    void junk_is_refused_in_our_words() {
        Random random = new Random(3);
        for (int i = 0; i < 5_000; i++) {
            byte[] junk = new byte[random.nextInt(120)];
            random.nextBytes(junk);
            System.arraycopy(sealed, 0, junk, 0, Math.min(junk.length, random.nextInt(16)));
            assertThatThrownBy(() -> seal.open(RUN, PLACE, junk)).isInstanceOf(LanternException.class);
        }
    }

    @Test
    void after_a_rotation_the_new_key_seals_and_both_open() {
        EnvelopeSeal before = EnvelopeSeal.under(KeyRing.of(key("k1", 1)));
        byte[] old = before.seal(RUN, PLACE, PLAIN);

        assertThat(seal.open(RUN, PLACE, old)).isEqualTo(PLAIN);
        assertThat(seal.isCurrent(old)).isFalse();
        assertThat(seal.isCurrent(sealed)).isTrue();
        assertThat(seal.isCurrent(PLAIN)).isFalse();
        assertThatThrownBy(() -> before.open(RUN, PLACE, sealed)).hasMessageContaining("key \"k2\"");
    }

    @Test
    void a_closed_seal_neither_seals_nor_opens() {
        seal.close();
        seal.close();

        assertThatThrownBy(() -> seal.open(RUN, PLACE, sealed))
                .hasMessage("seal key \"k2\" was closed, and its bytes are wiped");
        assertThatThrownBy(() -> seal.seal(RUN, PLACE, PLAIN)).hasMessageContaining("was closed");
    }

    @Test
    void threads_share_a_seal_and_no_nonce_comes_twice() throws Exception {
        ExecutorService threads = Executors.newFixedThreadPool(4);
        try {
            List<Future<List<String>>> all = new ArrayList<>();
            for (int t = 0; t < 4; t++) {
                byte[] plain = bytes("payload of thread " + t);
                all.add(threads.submit(() -> {
                    List<String> nonces = new ArrayList<>();
                    for (int i = 0; i < 500; i++) {
                        byte[] one = seal.seal(RUN, PLACE, plain);
                        assertThat(seal.open(RUN, PLACE, one)).isEqualTo(plain);
                        nonces.add(HexFormat.of().formatHex(one, 15, 39));
                    }
                    return nonces;
                }));
            }
            TreeSet<String> nonces = new TreeSet<>();
            for (Future<List<String>> one : all) {
                nonces.addAll(one.get(60, TimeUnit.SECONDS));
            }
            assertThat(nonces).hasSize(2000);
        } finally {
            threads.shutdownNow();
        }
    }

    @Test
    void neither_keys_nor_payloads_are_in_any_message() {
        byte[] canary = bytes("thirty-two bytes are in this key");
        SealKey secret = SealKey.of("canary", canary);
        EnvelopeSeal own = EnvelopeSeal.under(KeyRing.of(secret));
        byte[] other = own.seal(RUN, PLACE, PLAIN);
        other[other.length - 1] ^= 1;
        StringWriter shown = new StringWriter();
        shown.append(secret.toString())
                .append(own.toString())
                .append(KeyRing.of(secret).toString());
        for (byte[] bad : List.of(other, sealed, PLAIN, Arrays.copyOf(other, 30))) {
            assertThatThrownBy(() -> own.open(RUN, PLACE, bad))
                    .satisfies(failure -> failure.printStackTrace(new PrintWriter(shown)));
        }

        assertThat(shown.toString())
                .contains("canary")
                .doesNotContain("thirty-two", HexFormat.of().formatHex(canary), "hunter2");
    }

    private static String text(byte[] bytes) {
        return new String(bytes, StandardCharsets.ISO_8859_1);
    }
}
