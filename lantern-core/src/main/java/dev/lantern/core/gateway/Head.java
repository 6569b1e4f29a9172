package dev.lantern.core.gateway;

import dev.lantern.agent.wire.CallPath;
import dev.lantern.agent.wire.WireCodec;
import dev.lantern.value.LanternException;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpVersion;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** What a request's head says, checked: pure, and strict where two readers could differ. */
sealed interface Head {

    /** The one call of an instance that has no certificate yet. */
    String ENROL = "enrol";
    /** The owner that an instance has to enrol with may be dead: it says so before it has a certificate. */
    List<String> BEFORE_CERTIFICATES = List.of(ENROL, "unreachable");

    /**
     * A call by somebody who knows how one looks. Whether what is presented is the instance's is told by the door.
     *
     * @param length of the body where it is announced
     * @param last whether the client wants the connection to end with it
     */
    record Call(CallPath path, Presented presented, long length, boolean expectsContinue, boolean last)
            implements Head {}

    /**
     * No call.
     *
     * @param claimed the path, where it is one
     * @param why for the security log
     */
    record Refused(Answer answer, Offence offence, Optional<CallPath> claimed, String why) implements Head {}

    /**
     * Reads a head.
     *
     * @param line what the connection proves by itself
     * @param now against which its certificate is held
     */
    static Head of(HttpRequest request, GatewayLimits limits, CallerCredential credentials, Line line, Instant now) {
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
        if (path.isEmpty()) {
            return stranger(Offence.UNKNOWN_PATH, path, "it asked for something that no gateway has");
        }
        Shown shown = shown(path.get(), headers, credentials, line, now);
        if (shown instanceof Shown.Nothing nothing) {
            return stranger(nothing.offence(), path, nothing.why());
        }
        if (!headers.getAll(HttpHeaderNames.CONTENT_TYPE).equals(List.of(WireCodec.MEDIA_TYPE))
                || headers.contains(HttpHeaderNames.CONTENT_ENCODING)) {
            return refused(415, "calls are " + WireCodec.MEDIA_TYPE + " without a content coding");
        }
        Presented presented = ((Shown.Something) shown).presented();
        return new Call(path.get(), presented, length(headers), !expect.isEmpty(), closes(headers));
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

    /** What a caller proves itself with, if it is one thing, the right one for this call and connection, and in time. */
    private static Shown shown(
            CallPath path, HttpHeaders headers, CallerCredential credentials, Line line, Instant now) {
        if (line instanceof Line.Certified certified) {
            return certified(path, headers, certified.peer(), now);
        }
        if (line instanceof Line.Anonymous && !BEFORE_CERTIFICATES.contains(path.call())) {
            return new Shown.Nothing(
                    Offence.NO_CERTIFICATE,
                    "only " + String.join(" and ", BEFORE_CERTIFICATES) + " come without a certificate, this was "
                            + path.call());
        }
        return bearer(headers, credentials)
                .<Shown>map(Shown.Something::new)
                .orElseGet(() -> new Shown.Nothing(
                        Offence.BAD_CREDENTIAL, "it showed no credential that anybody can have been given"));
    }

    private static Shown certified(CallPath path, HttpHeaders headers, PeerIdentity peer, Instant now) {
        if (now.isAfter(peer.notAfter())) {
            return new Shown.Nothing(
                    Offence.CERTIFICATE_EXPIRED,
                    "the certificate was valid until " + peer.notAfter() + ", it is " + now);
        } else if (!peer.isOf(path.run(), path.epoch())) {
            return new Shown.Nothing(
                    Offence.OTHER_INSTANCE, "the certificate is for " + peer.run() + " epoch " + peer.epoch());
        } else if (headers.contains(HttpHeaderNames.AUTHORIZATION)) {
            return new Shown.Nothing(
                    Offence.BEARER_WITH_CERTIFICATE, "it has a certificate and sent an Authorization header as well");
        } else if (path.call().equals(ENROL)) {
            return new Shown.Nothing(
                    Offence.ENROL_WITH_CERTIFICATE, "it has a certificate, so it has enrolled, and enrols again");
        }
        return new Shown.Something(new Presented.Certificate(peer));
    }

    private static Optional<Presented> bearer(HttpHeaders headers, CallerCredential credentials) {
        List<String> authorizations = headers.getAll(HttpHeaderNames.AUTHORIZATION);
        return authorizations.size() == 1 && authorizations.get(0).startsWith("Bearer ")
                ? credentials
                        .parse(authorizations.get(0).substring("Bearer ".length()))
                        .map(Presented.Bearer::new)
                : Optional.empty();
    }

    private static boolean closes(HttpHeaders headers) {
        return headers.containsValue(HttpHeaderNames.CONNECTION, "close", true);
    }

    private static Refused stranger(Offence offence, Optional<CallPath> claimed, String why) {
        return new Refused(Answer.stranger().ending(), offence, claimed, why);
    }

    private static Refused refused(int status, String detail) {
        return new Refused(Answer.badRequest(status, detail), Offence.BAD_HTTP, Optional.empty(), detail);
    }

    /** Whether a caller has shown what its call needs. */
    sealed interface Shown {
        record Something(Presented presented) implements Shown {}

        record Nothing(Offence offence, String why) implements Shown {}
    }
}
