package dev.lantern.core.keys;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.lantern.core.identity.StrictEd25519;
import dev.lantern.core.identity.VerificationKey;
import dev.lantern.identity.AuthorityKey;
import dev.lantern.value.LanternException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.TreeSet;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FileKeyStoreTest {
    private static final Instant NOW = Instant.parse("2026-02-10T12:00:00Z");
    private static final Duration HOUR = Duration.ofHours(1);
    private static final Duration WITHIN = Duration.ofSeconds(1);
    private static final byte[] MESSAGE = "who is it".getBytes(StandardCharsets.UTF_8);

    @TempDir
    Path directory;

    private final AtomicReference<Instant> now = new AtomicReference<>(NOW);
    private final SecureRandom random = new SecureRandom();
    private Path file;

    @BeforeEach
    void chooseFile() {
        file = directory.resolve("keys/authority.keys");
    }

    @Test
    void new_file_is_for_its_owner_alone_holds_a_key_that_signs_at_once_and_is_read_again() throws IOException {
        FileKeyStore made = openOrCreate();
        FileKeyStore read = openOrCreate();

        assertThat(read.keys(WITHIN)).isEqualTo(made.keys(WITHIN)).hasSize(1);
        AuthorityKey key = made.keys(WITHIN).get(0);
        assertThat(key).isEqualTo(AuthorityKey.of(key.publicKey(), NOW, NOW));
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                .isEqualTo("rw-------");
        assertThat(Files.readAllLines(file).get(0)).isEqualTo("lantern authority keys v1");
        assertThat(Files.readAllLines(file).get(3))
                .matches(key.keyId() + " 2026-02-10T12:00:00Z 2026-02-10T12:00:00Z - - [0-9a-f]{64}");
        assertThat(files()).containsExactly("authority.keys");
        byte[] signature = read.sign(key.keyId(), MESSAGE, WITHIN);
        assertThat(StrictEd25519.verify(VerificationKey.of(key.publicKey()), MESSAGE, signature))
                .isTrue();
        assertThat(signature).isEqualTo(made.sign(key.keyId(), MESSAGE, WITHIN));
    }

    @Test
    void system_clock_and_chance_serve_who_says_nothing_else() {
        FileKeyStore made = FileKeyStore.openOrCreate(file);
        assertThat(FileKeyStore.open(file).keys(WITHIN)).isEqualTo(made.keys(WITHIN));
    }

    @Test
    void missing_file_is_made_only_when_asked_for() {
        assertThatThrownBy(() -> FileKeyStore.open(file))
                .isInstanceOf(LanternException.class)
                .hasMessage("reading the authority's keys in " + file + ": there is no such file; put it back, or call"
                        + " openOrCreate where no instance has an identity yet");
        assertThat(file).doesNotExist();
    }

    @Test
    void key_that_is_not_there_signs_nothing() {
        FileKeyStore store = openOrCreate();
        assertThatThrownBy(() -> store.sign("no\nkey", MESSAGE, WITHIN))
                .hasMessageStartingWith("signing with authority key \"no\\u{a}key\": there is none of this name in");
    }

    @Test
    void file_that_others_may_open_is_refused() throws IOException {
        openOrCreate();
        for (String open : List.of("rw-r-----", "rw----r--", "rw--w----", "rw-----w-", "rw---x---")) {
            Files.setPosixFilePermissions(file, PosixFilePermissions.fromString(open));
            assertThatThrownBy(this::openOrCreate)
                    .hasMessage("the authority's keys in " + file + " are open to others than their owner (" + open
                            + "): chmod 600 it, and take a new key if somebody may have read it");
        }
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("r--------"));
        assertThat(openOrCreate().keys(WITHIN)).hasSize(1);
    }

    @Test
    void link_is_refused_wherever_it_leads() throws IOException {
        openOrCreate();
        Path link = Files.createSymbolicLink(directory.resolve("link"), file);
        Path nowhere = Files.createSymbolicLink(directory.resolve("nowhere"), directory.resolve("missing"));

        assertThatThrownBy(() -> FileKeyStore.open(link))
                .hasMessage("opening the authority's keys in " + link
                        + ": it is a symbolic link; name the file that it leads to, or put the file itself here");
        assertThatThrownBy(() -> FileKeyStore.openOrCreate(nowhere)).hasMessageContaining("it is a symbolic link");
        assertThat(directory.resolve("missing")).doesNotExist();
    }

    @Test
    void file_of_another_user_is_refused() throws IOException {
        openOrCreate();
        try {
            Files.setAttribute(file, "unix:uid", 65_534);
        } catch (IOException e) {
            System.out.println("not allowed to give a file away: ownership of key files was NOT tested");
            assumeTrue(false, "not allowed to give a file away: ownership of key files was NOT tested");
        }
        assertThatThrownBy(this::openOrCreate)
                .hasMessageStartingWith("opening the authority's keys in " + file + ": the file belongs to ")
                .hasMessageContaining("chown it");
    }

    @Test
    void directory_in_its_place_is_refused() throws IOException {
        Files.createDirectories(
                file, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
        assertThatThrownBy(this::openOrCreate)
                .isInstanceOf(LanternException.class)
                .hasMessageStartingWith("reading the authority's keys in " + file);
    }

    /** A change to a good file, and what the message must say of it. */
    record Damage(String name, String what, String instead, String says) {}

    @Test
    void damaged_file_is_refused_by_name_and_not_shown() throws IOException {
        FileKeyStore store = openOrCreate();
        store.rotate();
        String good = Files.readString(file);
        List<String> lines = good.lines().toList();
        String first = lines.get(3);
        String second = lines.get(4);
        String kid = first.substring(0, 43);
        String secret = first.substring(first.length() - 64);
        List<Damage> all = List.of(
                new Damage("empty", good, "", "it is empty"),
                new Damage("heading alone", first + "\n" + second + "\n", "", "it holds no key"),
                new Damage("no end", second + "\n", second, "its last line has no end: it was cut"),
                new Damage("cut in a line", second + "\n", second.substring(0, 100), "it was cut"),
                new Damage("cut and ended", second + "\n", second.substring(0, 100) + "\n", "line 5 does not end with"),
                new Damage(
                        "newer version", "v1", "v2", "it does not begin with the line \"lantern authority keys v1\""),
                new Damage("no version", "lantern authority keys v1\n", "", "it does not begin with the line"),
                new Damage("version later", "lantern", "# x\nlantern", "it does not begin with the line"),
                new Damage("another key id", kid, "A".repeat(43), "line 4 is damaged: its key id is not that"),
                new Damage("a digit changed", secret, flipped(secret), "line 4 is damaged: its key id is not that"),
                new Damage(
                        "a digit in capitals",
                        secret,
                        secret.toUpperCase(java.util.Locale.ROOT),
                        "no hexadecimal digit"),
                new Damage("a digit missing", secret, secret.substring(1), "line 4 does not end with a blank and 64"),
                new Damage("a digit too many", secret, secret + "0", "line 4 does not end with a blank and 64"),
                new Damage(
                        "no digit", secret, "g" + secret.substring(1), "line 4 holds something that is no hexadecimal"),
                new Damage(
                        "field missing", kid + " ", "", "line 4 has 4 fields before the private half, allowed are 5"),
                new Damage("field too many", kid + " ", kid + "  ", "line 4 has 6 fields"),
                new Damage(
                        "no time",
                        "2026-02-10T12:00:00Z 2026-02-10T12:00:00Z 2",
                        "now 2026-02-10T12:00:00Z 2",
                        "holds a time that is none"),
                new Damage(
                        "an offset",
                        "2026-02-10T12:00:00Z 2026-02-10T12:00:00Z 2",
                        "2026-02-10T12:00:00.000Z 2026-02-10T12:00:00Z 2",
                        "in another form than that of"),
                new Damage(
                        "out of order",
                        "2026-02-10T13:00:00Z 2026-02-10T14:00:00Z",
                        "2026-02-10T15:00:00Z 2026-02-10T14:00:00Z",
                        "allowed are times in this order"),
                new Damage(
                        "trust without an end of signing",
                        "2026-02-10T13:00:00Z 2026-02-10T14:00:00Z",
                        "- 2026-02-10T14:00:00Z",
                        "ends its trust before its signing"),
                new Damage(
                        "two that sign",
                        "2026-02-10T13:00:00Z 2026-02-10T14:00:00Z",
                        "- -",
                        "both sign at 2026-02-10T13:00:00Z"),
                new Damage("a line twice", first + "\n", first + "\n" + first + "\n", "stands there twice"),
                new Damage(
                        "lines in another order",
                        first + "\n" + second,
                        second + "\n" + first,
                        "not in the order in which the keys sign"),
                new Damage("carriage returns", "\n", "\r\n", "it does not begin with the line"),
                new Damage("large", "# <key", "#".repeat(17_000) + " <key", "it is larger than 16384 bytes"));
        for (Damage damage : all) {
            assertThat(good).as(damage.name()).contains(damage.what());
            Files.writeString(file, good.replace(damage.what(), damage.instead()));
            assertThatThrownBy(this::openOrCreate)
                    .as(damage.name())
                    .isInstanceOf(LanternException.class)
                    .hasMessageStartingWith("reading the authority's keys in " + file)
                    .hasMessageContaining(damage.says())
                    .satisfies(e -> assertThat(e.getMessage()).doesNotContain(secret.substring(0, 16)));
        }
        Files.writeString(file, good);
        assertThat(openOrCreate().keys(WITHIN)).isEqualTo(store.keys(WITHIN));
        System.out.println("authority file: " + all.size() + " kinds of damage named");
        assertThat(all).hasSizeGreaterThanOrEqualTo(25);
    }

    @Test
    void every_file_that_was_cut_is_refused() throws IOException {
        openOrCreate();
        String good = Files.readString(file);
        for (int length = 0; length < good.length(); length++) {
            Files.writeString(file, good.substring(0, length));
            assertThatThrownBy(this::openOrCreate)
                    .as(length + " of " + good.length() + " bytes")
                    .isInstanceOf(LanternException.class);
        }
    }

    @Test
    void all_who_make_it_at_once_get_the_same_whole_key() throws Exception {
        int rounds = 20;
        int threads = 8;
        ExecutorService pool = Executors.newFixedThreadPool(threads);
        try {
            for (int round = 0; round < rounds; round++) {
                Path contested = directory.resolve("round-" + round + "/authority.keys");
                CountDownLatch start = new CountDownLatch(1);
                List<Future<String>> opened = new ArrayList<>();
                for (int i = 0; i < threads; i++) {
                    opened.add(pool.submit(() -> {
                        start.await();
                        return FileKeyStore.openOrCreate(contested)
                                .keys(WITHIN)
                                .get(0)
                                .keyId();
                    }));
                }
                start.countDown();
                TreeSet<String> ids = new TreeSet<>();
                for (Future<String> one : opened) {
                    ids.add(one.get());
                }
                assertThat(ids).hasSize(1);
                try (var left = Files.list(contested.getParent())) {
                    assertThat(left).containsExactly(contested);
                }
            }
        } finally {
            pool.shutdownNow();
        }
    }

    @Test
    void new_key_is_published_an_hour_before_it_signs_and_the_former_trusted_an_hour_after() {
        FileKeyStore store = openOrCreate();
        AuthorityKey former = store.keys(WITHIN).get(0);
        now.set(NOW.plus(HOUR.multipliedBy(10)));

        AuthorityKey fresh = store.rotate();

        Instant takesOver = NOW.plus(HOUR.multipliedBy(11));
        assertThat(store.keys(WITHIN)).containsExactly(former.retired(takesOver, takesOver.plus(HOUR)), fresh);
        assertThat(fresh).isEqualTo(AuthorityKey.of(fresh.publicKey(), now.get(), takesOver));
        assertThat(openOrCreate().keys(WITHIN)).isEqualTo(store.keys(WITHIN));
        assertThat(store.sign(former.keyId(), MESSAGE, WITHIN)).hasSize(64);
    }

    @Test
    void key_whose_time_is_over_goes_with_the_next_rotation() {
        FileKeyStore store = openOrCreate();
        AuthorityKey first = store.keys(WITHIN).get(0);
        AuthorityKey second = store.rotate();
        now.set(NOW.plus(HOUR.multipliedBy(2)));

        AuthorityKey third = store.rotate();

        assertThat(store.keys(WITHIN)).extracting(AuthorityKey::keyId).containsExactly(second.keyId(), third.keyId());
        assertThatThrownBy(() -> store.sign(first.keyId(), MESSAGE, WITHIN)).hasMessageContaining("there is none");
    }

    @Test
    void rotating_again_before_the_first_took_over_leaves_no_gap() {
        FileKeyStore store = openOrCreate();
        store.rotate();
        now.set(NOW.plus(Duration.ofMinutes(30)));
        store.rotate();

        for (Instant t = NOW; t.isBefore(NOW.plus(HOUR.multipliedBy(3))); t = t.plusSeconds(60)) {
            Instant moment = t;
            assertThat(store.keys(WITHIN).stream().filter(key -> key.signsAt(moment)))
                    .as("at " + t)
                    .hasSize(1);
        }
        assertThat(store.keys(WITHIN)).hasSize(3);
    }

    @Test
    void rotating_without_overlap_cuts_every_other_key_off_at_once() throws IOException {
        FileKeyStore store = openOrCreate();
        now.set(NOW.plus(HOUR));
        AuthorityKey waiting = store.rotate();
        now.set(NOW.plus(HOUR).plusMillis(1_500));

        AuthorityKey fresh = store.rotate(Overlap.none());

        assertThat(store.keys(WITHIN)).containsExactly(fresh);
        assertThat(fresh.signsAt(now.get())).isTrue();
        assertThat(Files.readString(file)).doesNotContain(waiting.keyId());
        assertThatThrownBy(() -> store.sign(waiting.keyId(), MESSAGE, WITHIN)).hasMessageContaining("there is none");
    }

    @Test
    void former_key_is_forgotten_and_the_one_that_signs_is_not() throws IOException {
        FileKeyStore store = openOrCreate();
        AuthorityKey former = store.keys(WITHIN).get(0);
        AuthorityKey fresh = store.rotate();

        assertThatThrownBy(() -> store.forget(former.keyId())).hasMessageContaining("it signs, or is going to");
        assertThatThrownBy(() -> store.forget(fresh.keyId())).hasMessageContaining("it signs, or is going to");
        assertThatThrownBy(() -> store.forget("x")).hasMessageContaining("there is none of this name");
        now.set(NOW.plus(HOUR));
        store.forget(former.keyId());

        assertThat(store.keys(WITHIN)).containsExactly(fresh);
        assertThat(Files.readString(file)).doesNotContain(former.keyId());
    }

    @Test
    void rotating_too_often_is_refused_and_changes_nothing() throws IOException {
        FileKeyStore store = openOrCreate();
        for (int i = 1; i < AuthorityFile.MOST_KEYS; i++) {
            now.set(NOW.plusSeconds(i));
            store.rotate();
        }
        String before = Files.readString(file);
        now.set(NOW.plusSeconds(100));
        assertThatThrownBy(store::rotate)
                .hasMessageContaining("it would hold 33 keys, allowed are 32")
                .hasMessageContaining("or rotate without overlap");
        assertThat(Files.readString(file)).isEqualTo(before);
        assertThat(store.keys(WITHIN)).hasSize(32);
        assertThat(openOrCreate().keys(WITHIN)).hasSize(32);
    }

    /** What a crash leaves: something beside the file, and the file as it was before or after. */
    @Test
    void crash_while_rotating_leaves_the_former_keys_or_the_new_ones() throws IOException {
        FileKeyStore store = openOrCreate();
        String before = Files.readString(file);
        List<AuthorityKey> formerly = store.keys(WITHIN);
        AuthorityKey fresh = store.rotate();
        String after = Files.readString(file);
        Path next = file.resolveSibling("authority.keys.next");
        int crashes = 0;
        for (int written = 0; written <= after.length(); written += 7) {
            privately(file, before);
            privately(next, after.substring(0, written));
            FileKeyStore again = openOrCreate();
            assertThat(again.keys(WITHIN)).as(written + " bytes written").isEqualTo(formerly);
            AuthorityKey another = again.rotate();
            assertThat(openOrCreate().keys(WITHIN))
                    .extracting(AuthorityKey::keyId)
                    .contains(another.keyId());
            assertThat(next).doesNotExist();
            crashes++;
        }
        privately(file, after);
        assertThat(openOrCreate().keys(WITHIN)).hasSize(2).contains(fresh);
        System.out.println("authority file: " + crashes + " crashes while it was rotated");
        assertThat(crashes).isGreaterThanOrEqualTo(60);
    }

    @Test
    void crash_while_making_it_leaves_no_file_and_the_next_start_makes_one() throws IOException {
        Files.createDirectories(file.getParent());
        privately(file.resolveSibling("authority.keys.0011223344556677.new"), "lantern auth");

        assertThat(openOrCreate().keys(WITHIN)).hasSize(1);
        assertThat(openOrCreate().keys(WITHIN)).hasSize(1);
    }

    @Test
    void failed_write_changes_nothing() throws IOException {
        FileKeyStore store = openOrCreate();
        List<AuthorityKey> before = store.keys(WITHIN);
        // A directory that is not empty cannot be replaced by a file.
        Files.createDirectories(file.resolveSibling("authority.keys.next/in the way"));

        assertThatThrownBy(store::rotate)
                .isInstanceOf(LanternException.class)
                .hasMessageStartingWith("adding an authority key to " + file);
        assertThat(store.keys(WITHIN)).isEqualTo(before);
        assertThat(openOrCreate().keys(WITHIN)).isEqualTo(before);
    }

    @Test
    void rotation_of_one_process_is_followed_by_the_others_and_undone_by_none() {
        FileKeyStore one = openOrCreate();
        FileKeyStore two = openOrCreate();
        AuthorityKey first = one.keys(WITHIN).get(0);

        AuthorityKey second = two.rotate();
        now.set(NOW.plus(Duration.ofMinutes(10)));
        AuthorityKey third = one.rotate();

        assertThat(two.keys(WITHIN))
                .isEqualTo(one.keys(WITHIN))
                .extracting(AuthorityKey::keyId)
                .containsExactly(first.keyId(), second.keyId(), third.keyId());
        for (AuthorityKey key : List.of(first, second, third)) {
            assertThat(two.sign(key.keyId(), MESSAGE, WITHIN)).isEqualTo(one.sign(key.keyId(), MESSAGE, WITHIN));
        }
    }

    @Test
    void key_that_is_forgotten_takes_nothing_with_it_that_another_process_has_made() {
        FileKeyStore one = openOrCreate();
        AuthorityKey former = one.keys(WITHIN).get(0);
        one.rotate();
        now.set(NOW.plus(HOUR));
        FileKeyStore two = openOrCreate();
        AuthorityKey newest = two.rotate();

        one.forget(former.keyId());

        assertThat(openOrCreate().keys(WITHIN)).hasSize(2).contains(newest);
    }

    @Test
    void new_key_signs_without_another_look_at_the_file() {
        FileKeyStore store = openOrCreate();
        AuthorityKey fresh = store.rotate(Overlap.none());

        byte[] signature = store.sign(fresh.keyId(), MESSAGE, WITHIN);

        assertThat(StrictEd25519.verify(VerificationKey.of(fresh.publicKey()), MESSAGE, signature))
                .isTrue();
    }

    @Test
    void key_that_another_process_dropped_signs_no_more_once_the_keys_were_read() {
        FileKeyStore one = openOrCreate();
        FileKeyStore two = openOrCreate();
        AuthorityKey former = one.keys(WITHIN).get(0);

        AuthorityKey fresh = two.rotate(Overlap.none());

        assertThat(one.sign(former.keyId(), MESSAGE, WITHIN))
                .as("before it reads")
                .hasSize(64);
        assertThat(one.keys(WITHIN)).containsExactly(fresh);
        assertThatThrownBy(() -> one.sign(former.keyId(), MESSAGE, WITHIN)).hasMessageContaining("there is none");
        two.rotate();
        assertThatThrownBy(() -> two.forget(former.keyId())).hasMessageContaining("there is none of this name");
    }

    @Test
    void whoever_signs_is_not_disturbed_by_reading() throws Exception {
        FileKeyStore store = openOrCreate();
        String kid = store.keys(WITHIN).get(0).keyId();
        byte[] signature = store.sign(kid, MESSAGE, WITHIN);
        ExecutorService pool = Executors.newFixedThreadPool(2);
        try {
            Future<?> reading = pool.submit(() -> {
                for (int i = 0; i < 200; i++) {
                    assertThat(store.keys(WITHIN)).hasSize(1);
                }
            });
            while (!reading.isDone()) {
                assertThat(store.sign(kid, MESSAGE, WITHIN)).isEqualTo(signature);
            }
            reading.get();
        } finally {
            pool.shutdownNow();
        }
    }

    @Test
    void file_that_goes_is_damaged_or_opened_to_others_is_an_error_until_it_is_right_again() throws IOException {
        FileKeyStore store = openOrCreate();
        List<AuthorityKey> keys = store.keys(WITHIN);
        String good = Files.readString(file);

        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-rw-rw-"));
        assertThatThrownBy(store::rotate).hasMessageContaining("chmod 600");
        assertThatThrownBy(() -> store.keys(WITHIN)).hasMessageContaining("chmod 600");
        privately(file, good.substring(0, good.length() - 1));
        assertThatThrownBy(() -> store.keys(WITHIN)).hasMessageContaining("it was cut");
        Files.delete(file);
        assertThatThrownBy(store::rotate).hasMessageContaining("there is no such file");
        assertThatThrownBy(() -> store.keys(WITHIN)).hasMessageContaining("there is no such file");
        assertThat(file).doesNotExist();

        privately(file, good);
        assertThat(store.keys(WITHIN)).isEqualTo(keys);
        assertThat(store.sign(keys.get(0).keyId(), MESSAGE, WITHIN)).hasSize(64);
    }

    @Test
    void closed_store_signs_nothing_and_its_seeds_are_wiped() {
        FileKeyStore store = openOrCreate();
        String kid = store.keys(WITHIN).get(0).keyId();
        store.close();
        store.close();

        assertThat(store.keys(WITHIN)).extracting(AuthorityKey::keyId).containsExactly(kid);
        assertThatThrownBy(() -> store.sign(kid, MESSAGE, WITHIN))
                .hasMessage("authority key " + kid + " was closed, and its private half is wiped");
        assertThatThrownBy(store::rotate).isInstanceOf(LanternException.class);
    }

    @Test
    void seed_is_wiped_when_it_is_closed_and_does_not_follow_the_array_it_was_made_of() throws Exception {
        byte[] bytes = HexFormat.of().parseHex("9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60");
        Seed seed = Seed.of(bytes);
        java.util.Arrays.fill(bytes, (byte) 0);
        assertThat(HexFormat.of().formatHex(seed.publicKey())).startsWith("d75a980182b10ab7");
        assertThat(HexFormat.of().formatHex(seed.copy())).startsWith("9d61b19deffd5a60");
        assertThat(seed.toString()).isEqualTo("Seed[kPrK_qmxVWaYVA9wwBF6Iuo3vVzz7TxHCTwXBygrS4k]");

        seed.close();
        var field = Seed.class.getDeclaredField("bytes");
        field.setAccessible(true);
        assertThat((byte[]) field.get(seed)).containsOnly(0);
        assertThatThrownBy(seed::copy).hasMessageContaining("is wiped");
    }

    @Test
    void store_shows_its_ids_and_no_key() throws IOException {
        FileKeyStore store = openOrCreate();
        String line = Files.readAllLines(file).get(3);
        assertThat(store.toString())
                .contains(store.keys(WITHIN).get(0).keyId())
                .doesNotContain(line.substring(line.length() - 64, line.length() - 48));
    }

    @Test
    void overlap_is_not_negative() {
        assertThatThrownBy(() -> new Overlap(HOUR.negated(), HOUR)).hasMessageContaining("no less than nothing");
        assertThatThrownBy(() -> new Overlap(HOUR, HOUR.negated())).hasMessageContaining("no less than nothing");
        assertThat(Overlap.standard()).isEqualTo(new Overlap(HOUR, HOUR));
    }

    private FileKeyStore openOrCreate() {
        return FileKeyStore.openOrCreate(file, now::get, random);
    }

    private List<String> files() throws IOException {
        try (var all = Files.list(file.getParent())) {
            return all.map(path -> path.getFileName().toString()).sorted().toList();
        }
    }

    private static void privately(Path path, String content) throws IOException {
        Files.deleteIfExists(path);
        Files.createFile(path, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        Files.writeString(path, content);
    }

    private static String flipped(String secret) {
        return (secret.charAt(0) == '0' ? "1" : "0") + secret.substring(1);
    }
}
