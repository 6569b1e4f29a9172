package dev.lantern.core.gateway;

import dev.lantern.agent.wire.GatewayReply;
import dev.lantern.agent.wire.Problem;
import dev.lantern.agent.wire.ProblemJson;
import dev.lantern.agent.wire.WireCodec;

/**
 * A response before it has a form on a socket.
 *
 * @param last whether the connection ends with it
 */
record Answer(int status, String mediaType, byte[] body, boolean last) {

    /** Strangers are not kept: whoever proves nothing has to connect again for each guess. */
    static Answer of(GatewayReply reply) {
        return new Answer(
                WireCodec.status(reply), WireCodec.mediaType(reply), WireCodec.write(reply), isStranger(reply));
    }

    static boolean isStranger(GatewayReply reply) {
        return reply instanceof GatewayReply.Refused refused
                && refused.problem().code() == Problem.Code.UNKNOWN_INSTANCE;
    }

    static Answer refused(Problem.Code code, String detail) {
        return of(new GatewayReply.Refused(Problem.of(code, detail)));
    }

    /** The one answer to an unknown path, a missing or wrong secret and an unknown run; the engine words it the same. */
    static Answer stranger() {
        return refused(Problem.Code.UNKNOWN_INSTANCE, "no such instance");
    }

    /** What broke a rule of HTTP; nothing that follows on this connection can be trusted. */
    static Answer badRequest(int status, String detail) {
        byte[] body = ProblemJson.of("bad-request", status, detail).build().bytes();
        return new Answer(status, ProblemJson.MEDIA_TYPE, body, true);
    }

    static Answer busy(String detail) {
        return refused(Problem.Code.UNAVAILABLE, detail).ending();
    }

    Answer ending() {
        return new Answer(status, mediaType, body, true);
    }
}
