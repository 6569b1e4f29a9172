package dev.lantern.agent.wire;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Optional;

/**
 * Whether an agent's payload is JSON (RFC 8259): one document, complete, in UTF-8. What it says is nobody's business
 * here, so fractions, null and names that stand twice are no fault, unlike in {@link StrictJson}.
 */
public final class WellFormedJson {
    private static final JsonFactory FACTORY = new JsonFactory();

    private WellFormedJson() {}

    /** What is wrong with it, and where; nothing of the document is shown. Empty if it is JSON. */
    public static Optional<String> fault(byte[] utf8) {
        char[] text;
        try {
            // By the parser itself, UTF-16 and UTF-32 would be taken as well.
            var decoded = StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(utf8));
            text = Arrays.copyOf(decoded.array(), decoded.limit());
        } catch (CharacterCodingException e) {
            return Optional.of("it is not in UTF-8");
        }
        try (JsonParser parser = FACTORY.createParser(text)) {
            if (parser.nextToken() == null) {
                return Optional.of("it is empty");
            }
            parser.skipChildren();
            return parser.nextToken() == null
                    ? Optional.empty()
                    : Optional.of("something stands behind its end, at character "
                            + parser.currentTokenLocation().getCharOffset());
        } catch (JsonProcessingException e) {
            // Jackson's message quotes the document.
            return Optional.of(
                    "it is no complete JSON, at character " + e.getLocation().getCharOffset());
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read from memory", e);
        }
    }
}
