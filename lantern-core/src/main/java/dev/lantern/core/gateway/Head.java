package dev.lantern.core.gateway;

import dev.lantern.agent.wire.CallPath;
import dev.lantern.agent.wire.WireCodec;
import dev.lantern.value.LanternException;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpVersion;
import java.util.List;
import java.util.Optional;

/** What a request's head says, checked: pure, and strict where two readers could differ. */
sealed interface Head {

    /**
     * A call by somebody who knows how one looks. Whether the credential is the instance's is told by the door.
     *
     * @param length of the body where it is announced
     * @param last whether the client wants the connection to end with it
     */
    record Call(CallPath path, byte[] credential, long length, boolean expectsContinue, boolean last) implements Head {}

    record Refused(Answer answer) implements Head {}

    static Head of(HttpRequest request, GatewayLimits limits, CallerCredential credentials) {
        HttpHeaders headers = request.headers();
        if (!request.protocolVersion().equals(HttpVersion.HTTP_1_1)) {
            return refused(505, "the only version understood is HTTP/1.1");
        }
        if (headers.getAll(HttpHeaderNames.HOST).size() != 1) {
            return refused(400, "a request has exactly one Host header");
        }
        Optional<Refused> framing = framing(headers, limits);
        if (framing.isPresent()) {
            return framing.get();
        }
        List<String> expect = headers.getAll(HttpHeaderNames.EXPECT);
        if (!expect.isEmpty() && !(expect.size() == 1 && expect.get(0).equalsIgnoreCase("100-continue"))) {
            return refused(417, "the only expectation understood is 100-continue");
        }
        Optional<CallPath> path = path(request);
        Optional<byte[]> credential = credential(headers, credentials);
        if (path.isEmpty() || credential.isEmpty()) {
            return new Refused(Answer.stranger().ending());
        }
        if (!headers.getAll(HttpHeaderNames.CONTENT_TYPE).equals(List.of(WireCodec.MEDIA_TYPE))
                || headers.contains(HttpHeaderNames.CONTENT_ENCODING)) {
            return refused(415, "calls are " + WireCodec.MEDIA_TYPE + " without a content coding");
        }
        return new Call(path.get(), credential.get(), length(headers), !expect.isEmpty(), closes(headers));
    }

    /** Smuggling lives on requests whose end two readers see in two places. The decoder checks the digits. */
    private static Optional<Refused> framing(HttpHeaders headers, GatewayLimits limits) {
        List<String> codings = headers.getAll(HttpHeaderNames.TRANSFER_ENCODING);
        boolean counted = headers.contains(HttpHeaderNames.CONTENT_LENGTH);
        if (!codings.isEmpty() && counted) {
            return Optional.of(refused(400, "the request has both Content-Length and Transfer-Encoding"));
        }
        if (!codings.isEmpty() && !(codings.size() == 1 && codings.get(0).equalsIgnoreCase("chunked"))) {
            return Optional.of(refused(501, "the only transfer coding understood is chunked"));
        }
        if (length(headers) > limits.maxBodyBytes()) {
            return Optional.of(refused(413, "a body has at most " + limits.maxBodyBytes() + " bytes"));
        }
        return Optional.empty();
    }

    private static long length(HttpHeaders headers) {
        String length = headers.get(HttpHeaderNames.CONTENT_LENGTH);
        return length == null ? 0 : Long.parseLong(length);
    }

    private static Optional<CallPath> path(HttpRequest request) {
        if (!request.method().equals(HttpMethod.POST)) {
            return Optional.empty();
        }
        try {
            return Optional.of(CallPath.parse(request.uri())).filter(CallPath::isKnown);
        } catch (LanternException notOurs) {
            return Optional.empty();
        }
    }

    private static Optional<byte[]> credential(HttpHeaders headers, CallerCredential credentials) {
        List<String> authorizations = headers.getAll(HttpHeaderNames.AUTHORIZATION);
        return authorizations.size() == 1 && authorizations.get(0).startsWith("Bearer ")
                ? credentials.parse(authorizations.get(0).substring("Bearer ".length()))
                : Optional.empty();
    }

    private static boolean closes(HttpHeaders headers) {
        return headers.containsValue(HttpHeaderNames.CONNECTION, "close", true);
    }

    private static Refused refused(int status, String detail) {
        return new Refused(Answer.badRequest(status, detail));
    }
}
