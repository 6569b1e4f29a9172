package dev.lantern.core.keys;

import dev.lantern.core.files.SecretFile;
import dev.lantern.core.identity.TrustedKeys;
import dev.lantern.identity.AuthorityKey;
import dev.lantern.value.LanternException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/**
 * The text of a {@link FileKeyStore}. Private halves are read and written as bytes, never as strings, so that they can be
 * wiped.
 *
 * @param path where it is
 */
record AuthorityFile(Path path) {
    /** More are there only if keys were made faster than their time passes. */
    static final int MOST_KEYS = 32;

    private static final int MAX_BYTES = 16 * 1024;
    private static final String VERSION = "lantern authority keys v1";
    private static final byte[] HEADING = (VERSION + "\n"
                    + "# <key id> <made> <signs from> <signs until> <trusted until> <private half>\n"
                    + "# Whoever reads this file can name any instance. Change it with rotate(), not by hand.\n")
            .getBytes(StandardCharsets.US_ASCII);
    private static final byte[] DIGITS = "0123456789abcdef".getBytes(StandardCharsets.US_ASCII);
    private static final String OPEN = "-";
    private static final int FIELDS = 5;

    /** The keys in the order of their lines; at least one. */
    List<HeldKey> read() throws IOException {
        file().requireOwn();
        byte[] bytes = file().read(MAX_BYTES);
        try {
            return keys(bytes);
        } finally {
            Arrays.fill(bytes, (byte) 0);
        }
    }

    /** @throws java.nio.file.FileAlreadyExistsException if there is one already */
    void create(List<HeldKey> keys, SecureRandom random) throws IOException {
        byte[] bytes = bytes(keys);
        try {
            file().create(bytes, random);
        } finally {
            Arrays.fill(bytes, (byte) 0);
        }
    }

    /** Replaces the whole file at once. */
    void replace(List<HeldKey> keys) throws IOException {
        byte[] bytes = bytes(keys);
        try {
            file().replace(bytes);
        } finally {
            Arrays.fill(bytes, (byte) 0);
        }
    }

    private SecretFile file() {
        return new SecretFile(path, "the authority's keys");
    }

    private static byte[] bytes(List<HeldKey> keys) {
        ByteBuffer out = ByteBuffer.allocate(MAX_BYTES).put(HEADING);
        for (HeldKey held : keys) {
            out.put(open(held.key()).getBytes(StandardCharsets.US_ASCII));
            byte[] secret = held.seed().copy();
            for (byte b : secret) {
                out.put(DIGITS[(b & 0xff) >>> 4]).put(DIGITS[b & 0xf]);
            }
            Arrays.fill(secret, (byte) 0);
            out.put((byte) '\n');
        }
        byte[] bytes = Arrays.copyOf(out.array(), out.position());
        Arrays.fill(out.array(), (byte) 0);
        return bytes;
    }

    /** What stands before the private half. */
    private static String open(AuthorityKey key) {
        return String.join(
                        " ",
                        key.keyId(),
                        key.createdAt().toString(),
                        key.signsFrom().toString(),
                        key.signsUntil().map(Instant::toString).orElse(OPEN),
                        key.trustedUntil().map(Instant::toString).orElse(OPEN))
                + " ";
    }

    private List<HeldKey> keys(byte[] bytes) {
        if (bytes.length == 0 || bytes[bytes.length - 1] != '\n') {
            throw malformed(bytes.length == 0 ? "it is empty" : "its last line has no end: it was cut");
        }
        List<HeldKey> keys = new ArrayList<>();
        try {
            int begin = 0;
            int line = 1;
            for (int i = 0; i < bytes.length; i++) {
                if (bytes[i] == '\n') {
                    if (line == 1) {
                        requireVersion(bytes, i);
                    } else if (i > begin && bytes[begin] != '#') {
                        keys.add(key(bytes, begin, i, line));
                    }
                    begin = i + 1;
                    line++;
                }
            }
            requireConsistent(keys.stream().map(HeldKey::key).toList());
        } catch (LanternException e) {
            keys.forEach(held -> held.seed().close());
            throw e;
        }
        return keys;
    }

    private void requireVersion(byte[] bytes, int end) {
        if (!VERSION.equals(new String(bytes, 0, end, StandardCharsets.ISO_8859_1))) {
            throw malformed("it does not begin with the line \"" + VERSION + "\"; a newer Lantern may read it");
        }
    }

    private void requireConsistent(List<AuthorityKey> keys) {
        if (keys.isEmpty()) {
            throw malformed("it holds no key");
        }
        List<AuthorityKey> sorted;
        try {
            sorted = TrustedKeys.inOrder(keys);
        } catch (LanternException e) {
            throw malformed(e.getMessage());
        }
        if (!sorted.equals(keys)) {
            throw malformed("its lines are not in the order in which the keys sign");
        }
    }

    private HeldKey key(byte[] bytes, int begin, int end, int line) {
        int secretAt = end - 2 * Seed.LENGTH;
        if (secretAt <= begin || bytes[secretAt - 1] != ' ') {
            throw malformed(line, "does not end with a blank and " + 2 * Seed.LENGTH + " hexadecimal digits");
        }
        String[] open = new String(bytes, begin, secretAt - 1 - begin, StandardCharsets.ISO_8859_1).split(" ", -1);
        if (open.length != FIELDS) {
            throw malformed(line, "has " + open.length + " fields before the private half, allowed are " + FIELDS);
        }
        byte[] secret = new byte[Seed.LENGTH];
        try {
            for (int i = 0; i < secret.length; i++) {
                int high = digit(bytes[secretAt + 2 * i]);
                int low = digit(bytes[secretAt + 2 * i + 1]);
                if (high < 0 || low < 0) {
                    throw malformed(line, "holds something that is no hexadecimal digit");
                }
                secret[i] = (byte) (high << 4 | low);
            }
            return held(Seed.of(secret), open, line);
        } finally {
            Arrays.fill(secret, (byte) 0);
        }
    }

    private HeldKey held(Seed seed, String[] open, int line) {
        try {
            AuthorityKey key = AuthorityKey.of(seed.publicKey(), time(open[1]), time(open[2]));
            if (!key.keyId().equals(open[0])) {
                throw new LanternException("is damaged: its key id is not that of its private half");
            }
            Optional<Instant> signsUntil = ifSet(open[3], AuthorityFile::time);
            Optional<Instant> trustedUntil = ifSet(open[4], AuthorityFile::time);
            if (signsUntil.isPresent()) {
                key = trustedUntil.isPresent()
                        ? key.retired(signsUntil.get(), trustedUntil.get())
                        : key.signingUntil(signsUntil.get());
            } else if (trustedUntil.isPresent()) {
                throw new LanternException("ends its trust before its signing");
            }
            return new HeldKey(key, seed);
        } catch (LanternException e) {
            seed.close();
            throw malformed(line, e.getMessage());
        }
    }

    private static <T> Optional<T> ifSet(String field, Function<String, T> read) {
        return field.equals(OPEN) ? Optional.empty() : Optional.of(read.apply(field));
    }

    private static Instant time(String field) {
        try {
            Instant instant = Instant.parse(field);
            if (instant.toString().equals(field)) {
                return instant;
            }
        } catch (DateTimeException e) {
            throw new LanternException("holds a time that is none", e);
        }
        throw new LanternException("holds a time in another form than that of 2026-01-31T12:00:00Z");
    }

    private static int digit(byte c) {
        return c >= '0' && c <= '9' ? c - '0' : c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
    }

    private LanternException malformed(int line, String how) {
        return malformed("line " + line + " " + how);
    }

    private LanternException malformed(String how) {
        return new LanternException("reading the authority's keys in " + path + ": " + how);
    }
}
