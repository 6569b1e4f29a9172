package dev.lantern.k8s;

import dev.lantern.substrate.InstanceRef;
import dev.lantern.value.Digest;
import dev.lantern.value.LanternException;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.regex.Pattern;

/**
 * Which instance of which installation, and the names that follow from it. They follow from nothing else, so that every
 * host that starts this instance asks the API server for the same name, and the second one is told that it exists.
 *
 * <p>A name is taken from {@code SHA-256(domain ‖ text(installation) ‖ text(tenant) ‖ text(run) ‖ epoch)}, where
 * {@code text} is the length in bytes as four bytes, most significant first, followed by UTF-8, and the epoch is four
 * bytes as well. The vector is {@code formats/kubernetes-name.json}.
 *
 * @param installation the random id that was made with the journal's schema
 * @param instance the run and the epoch
 */
record InstanceKey(String installation, InstanceRef instance) {
    private static final String JOB = "lantern/kubernetes/job/v1\n";
    private static final String LOOPBACK = "lantern/kubernetes/loopback/v1\n";
    private static final String ALPHABET = "abcdefghijklmnopqrstuvwxyz234567";
    private static final int JOB_CHARACTERS = 26;
    private static final int TOKEN_BYTES = 16;
    /** Also a label value. */
    private static final Pattern INSTALLATION = Pattern.compile("[a-z0-9](?:[a-z0-9-]{6,61}[a-z0-9])");

    InstanceKey {
        if (!INSTALLATION.matcher(installation).matches()) {
            throw new LanternException(
                    "an installation id is 8 to 63 of a-z 0-9 - and begins and ends with a letter or a digit; found "
                            + installation.length() + " characters");
        }
        if (instance.epoch() < 1) {
            throw new LanternException("epochs count from 1, found " + instance.epoch());
        }
    }

    /** {@code ln-} and the first 26 characters of the digest in lower-case base32 (RFC 4648): 130 bits. */
    String jobName() {
        return "ln-" + base32(digest(JOB), JOB_CHARACTERS);
    }

    /**
     * The path under which the harness serves the agent, 128 bits. In a pod nobody else shares the loopback address; what
     * this keeps out is a web page in an agent's browser, which can guess neither the installation nor this. It stands in
     * the pod and is therefore no credential: nothing outside of the pod accepts it.
     */
    String loopbackToken() {
        return HexFormat.of().formatHex(digest(LOOPBACK), 0, TOKEN_BYTES);
    }

    private byte[] digest(String domain) {
        ByteArrayOutputStream bytes = texts(
                domain, installation, instance.run().tenant(), instance.run().run());
        bytes.writeBytes(int32(instance.epoch()));
        return Digest.sha256(bytes.toByteArray()).bytes();
    }

    /** {@code domain ‖ text(…) ‖ …}. */
    static ByteArrayOutputStream texts(String domain, String... texts) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        bytes.writeBytes(domain.getBytes(StandardCharsets.US_ASCII));
        for (String text : texts) {
            text(bytes, text);
        }
        return bytes;
    }

    private static void text(ByteArrayOutputStream bytes, String text) {
        byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
        bytes.writeBytes(int32(utf8.length));
        bytes.writeBytes(utf8);
    }

    private static byte[] int32(int value) {
        return ByteBuffer.allocate(Integer.BYTES).putInt(value).array();
    }

    /** Whole characters only: five bits each, most significant first, no padding. */
    static String base32(byte[] bytes, int characters) {
        StringBuilder out = new StringBuilder(characters);
        for (int i = 0; i < characters; i++) {
            int bit = 5 * i;
            int two = (bytes[bit / 8] & 0xff) << 8 | (bit / 8 + 1 < bytes.length ? bytes[bit / 8 + 1] & 0xff : 0);
            out.append(ALPHABET.charAt(two >> (11 - bit % 8) & 0x1f));
        }
        return out.toString();
    }
}
