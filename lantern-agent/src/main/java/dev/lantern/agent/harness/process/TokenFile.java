package dev.lantern.agent.harness.process;

import dev.lantern.agent.transport.Credential;
import dev.lantern.value.LanternException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * An enrolment secret in a file that somebody else renews: in a pod the kubelet puts another token there, by swapping a
 * link, before the old one expires. So it is read anew each time. Thread-safe.
 */
final class TokenFile implements Credential {
    private static final int MAX_BYTES = 16 * 1024;

    private final Path file;

    TokenFile(Path file) {
        this.file = file;
    }

    /** @throws LanternException if the file cannot be read or holds something else; the message shows nothing of it */
    @Override
    public String secret() {
        byte[] content;
        try (InputStream in = Files.newInputStream(file)) {
            content = in.readNBytes(MAX_BYTES + 1);
        } catch (IOException e) {
            throw new LanternException(
                    "cannot read the enrolment secret in " + file + " ("
                            + e.getClass().getSimpleName() + ")",
                    e);
        }
        String secret = new String(content, StandardCharsets.ISO_8859_1).strip();
        if (content.length > MAX_BYTES || !isWord(secret)) {
            throw new LanternException("the enrolment secret must be one word of printable ASCII, at most " + MAX_BYTES
                    + " bytes; " + file + " holds something else");
        }
        return secret;
    }

    /** Whether this may be a secret: one word of printable ASCII. */
    static boolean isWord(String text) {
        return !text.isEmpty() && text.chars().allMatch(c -> c > 0x20 && c < 0x7f);
    }
}
