package dev.lantern.core.seal;

import dev.lantern.core.files.SecretFile;
import dev.lantern.value.LanternException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * The bytes of a {@link FileKeyRing}. Keys are read and written as bytes, never as strings, so that they can be wiped.
 *
 * @param path where it is
 */
record KeyFile(Path path) {
    private static final int MAX_BYTES = 64 * 1024;
    private static final byte[] HEADING = ("# Seal keys of Lantern: the first one seals, all of them open."
                    + " Without them sealed payloads are lost.\n")
            .getBytes(StandardCharsets.US_ASCII);
    private static final byte[] DIGITS = "0123456789abcdef".getBytes(StandardCharsets.US_ASCII);

    /** The keys in the order of their lines; at least one. */
    List<SealKey> read() throws IOException {
        byte[] bytes = file().read(MAX_BYTES);
        try {
            return keys(bytes);
        } finally {
            Arrays.fill(bytes, (byte) 0);
        }
    }

    /** @throws java.nio.file.FileAlreadyExistsException if there is one already */
    void create(List<SealKey> keys, SecureRandom random) throws IOException {
        byte[] bytes = bytes(keys);
        try {
            file().create(bytes, random);
        } finally {
            Arrays.fill(bytes, (byte) 0);
        }
    }

    /** Replaces the whole file at once: whoever reads it meanwhile sees the keys before or the keys after. */
    void replace(List<SealKey> keys) throws IOException {
        byte[] bytes = bytes(keys);
        try {
            file().replace(bytes);
        } finally {
            Arrays.fill(bytes, (byte) 0);
        }
    }

    private SecretFile file() {
        return new SecretFile(path, "the seal keys");
    }

    private static byte[] bytes(List<SealKey> keys) {
        int length = HEADING.length;
        for (SealKey key : keys) {
            length += key.id().length() + 1 + 2 * SealKey.LENGTH + 1;
        }
        ByteBuffer out = ByteBuffer.allocate(length).put(HEADING);
        for (SealKey key : keys) {
            out.put(key.id().getBytes(StandardCharsets.US_ASCII)).put((byte) ' ');
            byte[] secret = key.copy();
            for (byte b : secret) {
                out.put(DIGITS[(b & 0xff) >>> 4]).put(DIGITS[b & 0xf]);
            }
            Arrays.fill(secret, (byte) 0);
            out.put((byte) '\n');
        }
        return out.array();
    }

    private List<SealKey> keys(byte[] bytes) {
        if (bytes.length > 0 && bytes[bytes.length - 1] != '\n') {
            throw malformed("its last line has no end: it was cut");
        }
        List<SealKey> keys = new ArrayList<>();
        int begin = 0;
        int line = 1;
        for (int i = 0; i < bytes.length; i++) {
            if (bytes[i] == '\n') {
                if (i > begin && bytes[begin] != '#') {
                    keys.add(key(bytes, begin, i, line));
                }
                begin = i + 1;
                line++;
            }
        }
        if (keys.isEmpty()) {
            throw malformed("it holds no key");
        }
        return keys;
    }

    private SealKey key(byte[] bytes, int begin, int end, int line) {
        int blank = end - 2 * SealKey.LENGTH - 1;
        if (blank <= begin || bytes[blank] != ' ') {
            throw malformed("line " + line + " is not \"<id> <" + 2 * SealKey.LENGTH + " hexadecimal digits>\"");
        }
        byte[] secret = new byte[SealKey.LENGTH];
        try {
            for (int i = 0; i < secret.length; i++) {
                int high = Character.digit(bytes[blank + 1 + 2 * i], 16);
                int low = Character.digit(bytes[blank + 2 + 2 * i], 16);
                if (high < 0 || low < 0) {
                    throw malformed("line " + line + " holds something that is no hexadecimal digit");
                }
                secret[i] = (byte) (high << 4 | low);
            }
            return SealKey.of(new String(bytes, begin, blank - begin, StandardCharsets.ISO_8859_1), secret);
        } finally {
            Arrays.fill(secret, (byte) 0);
        }
    }

    private LanternException malformed(String how) {
        return new LanternException("reading the seal keys in " + path + ": " + how);
    }
}
