package dev.lantern.core.gateway;

import io.netty.handler.codec.http.HttpDecoderConfig;
import io.netty.handler.codec.http.HttpMessage;
import io.netty.handler.codec.http.HttpRequestDecoder;
import io.netty.handler.codec.http.TooLongHttpHeaderException;
import io.netty.handler.codec.http.TooLongHttpLineException;

/** Netty's decoder, set to what the gateway accepts. */
final class RequestDecoder extends HttpRequestDecoder {
    private static final int LONGEST_LINE = 1024;
    private static final int LARGEST_PART = 64 * 1024;

    RequestDecoder(GatewayLimits limits) {
        super(new HttpDecoderConfig()
                .setMaxInitialLineLength(Math.min(LONGEST_LINE, limits.maxHeadBytes()))
                .setMaxHeaderSize(limits.maxHeadBytes())
                .setMaxChunkSize(LARGEST_PART)
                .setChunkedSupported(true)
                .setAllowPartialChunks(true)
                .setAllowDuplicateContentLengths(false)
                .setStrictLineParsing(true)
                .setUseRfc9112TransferEncoding(true)
                .setValidateHeaders(true));
    }

    /** Netty would drop the length and go on; both are left in place for {@link Head}, which refuses the pair. */
    @Override
    protected void handleTransferEncodingChunkedWithContentLength(HttpMessage message) {}

    /** How a failure of this decoder is answered. */
    static Answer answer(Throwable failure) {
        if (failure instanceof TooLongHttpLineException) {
            return Answer.badRequest(414, "the request line is too long");
        } else if (failure instanceof TooLongHttpHeaderException) {
            return Answer.badRequest(431, "the headers are too long");
        }
        return Answer.badRequest(400, "this is not a well-formed request of HTTP/1.1");
    }
}
