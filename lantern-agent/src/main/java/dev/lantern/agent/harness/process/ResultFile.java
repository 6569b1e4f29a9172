package dev.lantern.agent.harness.process;

import dev.lantern.agent.wire.WellFormedJson;
import dev.lantern.value.LanternException;
import dev.lantern.value.Payload;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Optional;

/** What an agent that has ended left as its result. It chose what lies there. */
final class ResultFile {
    static final String MEDIA_TYPE = "application/json";

    private final Path file;

    ResultFile(Path file) {
        this.file = file;
    }

    /**
     * The result, byte for byte; empty if there is none.
     *
     * @throws LanternException if what lies there is no result that could be delivered; the message says why and shows
     *     nothing of its content
     */
    Optional<Payload> read() throws IOException {
        try {
            // Of a link this is told as well: it is no regular file.
            Files.readAttributes(file, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
        } catch (NoSuchFileException e) {
            return Optional.empty();
        }
        byte[] content = content();
        Optional<String> fault = WellFormedJson.fault(content);
        if (fault.isPresent()) {
            throw new LanternException("the result " + file + " is not JSON: " + fault.get());
        }
        return Optional.of(Payload.of(MEDIA_TYPE, content));
    }

    private byte[] content() throws IOException {
        try {
            return OwnFiles.result(file);
        } catch (AccessDeniedException e) {
            throw new LanternException(
                    "the result " + file + " cannot be read by the harness, which is another user of the same group:"
                            + " chmod g+r before it is renamed there",
                    e);
        }
    }
}
