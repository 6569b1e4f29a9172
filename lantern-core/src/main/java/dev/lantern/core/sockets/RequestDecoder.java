package dev.lantern.core.sockets;

import io.netty.handler.codec.http.HttpDecoderConfig;
import io.netty.handler.codec.http.HttpMessage;
import io.netty.handler.codec.http.HttpRequestDecoder;
import io.netty.handler.codec.http.TooLongHttpHeaderException;
import io.netty.handler.codec.http.TooLongHttpLineException;

/** Netty's decoder, set to what a server of ours accepts. */
public final class RequestDecoder extends HttpRequestDecoder {
    private static final int LONGEST_LINE = 1024;
    private static final int LARGEST_PART = 64 * 1024;

    /** @param maxHeadBytes request line and headers of one request */
    public RequestDecoder(int maxHeadBytes) {
        super(new HttpDecoderConfig()
                .setMaxInitialLineLength(Math.min(LONGEST_LINE, maxHeadBytes))
                .setMaxHeaderSize(maxHeadBytes)
                .setMaxChunkSize(LARGEST_PART)
                .setChunkedSupported(true)
                .setAllowPartialChunks(true)
                .setAllowDuplicateContentLengths(false)
                .setStrictLineParsing(true)
                .setUseRfc9112TransferEncoding(true)
                .setValidateHeaders(true));
    }

    /** Netty would drop the length and go on; both are left in place for who checks the head, and refuses the pair. */
    @Override
    protected void handleTransferEncodingChunkedWithContentLength(HttpMessage message) {}

    /** What a failure of this decoder means. */
    public static Malformed malformed(Throwable failure) {
        if (failure instanceof TooLongHttpLineException) {
            return new Malformed(414, "the request line is too long");
        } else if (failure instanceof TooLongHttpHeaderException) {
            return new Malformed(431, "the headers are too long");
        }
        return new Malformed(400, "this is not a well-formed request of HTTP/1.1");
    }

    /** How a request that could not be read is answered. */
    public record Malformed(int status, String detail) {}
}
