package dev.lantern.core.seal;

import dev.lantern.value.Digest;
import dev.lantern.value.LanternException;
import dev.lantern.value.RunRef;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Optional;

/**
 * What stands in front of sealed bytes.
 *
 * <pre>
 * envelope = header ‖ nonce ‖ ciphertext ‖ tag                             24 and 16 bytes
 * header   = "LNS" ‖ 0x01 ‖ length of key id ‖ key id ‖ key check          1 byte, ASCII, 8 bytes
 * key check = the first bytes of SHA-256("lantern/seal-key/v1\n" ‖ key)
 * authenticated with it = "lantern/seal/v1\n" ‖ tenant ‖ 0x00 ‖ run ‖ 0x00 ‖ place ‖ header
 * </pre>
 */
record Envelope(String keyId, byte[] check, byte[] header) {
    private static final byte[] MAGIC = {'L', 'N', 'S'};
    private static final byte VERSION = 1;
    private static final byte[] DOMAIN = "lantern/seal/v1\n".getBytes(StandardCharsets.US_ASCII);

    static Envelope under(SealKey key) {
        byte[] id = key.id().getBytes(StandardCharsets.US_ASCII);
        byte[] header = ByteBuffer.allocate(MAGIC.length + 2 + id.length + SealKey.CHECK_LENGTH)
                .put(MAGIC)
                .put(VERSION)
                .put((byte) id.length)
                .put(id)
                .put(key.check())
                .array();
        return new Envelope(key.id(), key.check(), header);
    }

    /** Empty if the bytes do not begin as an envelope of this version does, or end before it does. */
    static Optional<Envelope> find(byte[] sealed) {
        int idAt = MAGIC.length + 2;
        if (sealed.length < idAt || !startsWithMagic(sealed) || sealed[MAGIC.length] != VERSION) {
            return Optional.empty();
        }
        int checkAt = idAt + (sealed[MAGIC.length + 1] & 0xff);
        int end = checkAt + SealKey.CHECK_LENGTH;
        if (sealed.length < end + Xaes256Gcm.NONCE_LENGTH + Xaes256Gcm.TAG_LENGTH) {
            return Optional.empty();
        }
        String id = new String(sealed, idAt, checkAt - idAt, StandardCharsets.ISO_8859_1);
        return SealKey.isId(id)
                ? Optional.of(new Envelope(id, Arrays.copyOfRange(sealed, checkAt, end), Arrays.copyOf(sealed, end)))
                : Optional.empty();
    }

    /** @throws LanternException if these bytes are no envelope, or one of a version that this code does not read */
    static Envelope of(RunRef run, byte[] sealed) {
        return find(sealed)
                .orElseThrow(() -> new LanternException("opening a payload of run " + run + ": its "
                        + sealed.length + " bytes are not sealed by an envelope of version " + VERSION
                        + (startsWithMagic(sealed) && sealed.length > MAGIC.length && sealed[MAGIC.length] != VERSION
                                ? " but of version " + (sealed[MAGIC.length] & 0xff) + "; a newer Lantern may read it"
                                : ", or were cut")));
    }

    boolean isUnder(SealKey key) {
        return keyId.equals(key.id()) && Arrays.equals(check, key.check());
    }

    byte[] authenticated(RunRef run, Digest place) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.writeBytes(DOMAIN);
        out.writeBytes(run.tenant().getBytes(StandardCharsets.US_ASCII));
        out.write(0);
        out.writeBytes(run.run().getBytes(StandardCharsets.US_ASCII));
        out.write(0);
        out.writeBytes(place.bytes());
        out.writeBytes(header);
        return out.toByteArray();
    }

    private static boolean startsWithMagic(byte[] sealed) {
        return sealed.length >= MAGIC.length && Arrays.equals(sealed, 0, MAGIC.length, MAGIC, 0, MAGIC.length);
    }
}
