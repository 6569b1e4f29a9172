package dev.lantern.agent.http;

import java.util.Optional;

/** Where a message's body ends (RFC 9112 section 6), told from its head; whatever is ambiguous is refused. */
sealed interface Framing {
    record Counted(int length) implements Framing {}

    record Chunked() implements Framing {}

    /** The head says nothing about a body. */
    record Unsaid() implements Framing {}

    static Framing of(Headers headers, HttpLimits limits) {
        Optional<String> coding = headers.single("transfer-encoding");
        Optional<String> length = headers.single("content-length");
        if (coding.isPresent() && length.isPresent()) {
            throw new HttpException(400, "the message has both Content-Length and Transfer-Encoding");
        }
        if (coding.isPresent()) {
            return chunked(coding.get());
        }
        return length.isPresent() ? counted(length.get(), limits) : new Unsaid();
    }

    private static Framing chunked(String coding) {
        if (!coding.equalsIgnoreCase("chunked")) {
            throw new HttpException(501, "the only transfer coding understood is chunked");
        }
        return new Chunked();
    }

    private static Framing counted(String text, HttpLimits limits) {
        if (text.isEmpty() || text.length() > 18) {
            throw new HttpException(400, "Content-Length is not a number of bytes");
        }
        long length = 0;
        for (int i = 0; i < text.length(); i++) {
            if (!Syntax.isDigit(text.charAt(i))) {
                throw new HttpException(400, "Content-Length is not a number of bytes");
            }
            length = length * 10 + (text.charAt(i) - '0');
        }
        if (length > limits.maxBodyBytes()) {
            throw new HttpException(413, "the body has " + length + " bytes; allowed are " + limits.maxBodyBytes());
        }
        return new Counted((int) length);
    }
}
