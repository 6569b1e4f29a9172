package dev.lantern.agent.wire;

import dev.lantern.value.LanternException;
import dev.lantern.value.Opening;
import dev.lantern.value.internal.Json;

/**
 * Calls and replies as bytes: the one mapping that both ends of the gateway use.
 *
 * <pre>
 * POST /v1/instances/&lt;tenant&gt;/&lt;run&gt;/&lt;epoch&gt;/&lt;call&gt; HTTP/1.1
 * Authorization: Bearer &lt;the instance's enrolment secret&gt;
 * Content-Type: application/json
 *
 * {"effect":"pure","reserveTokens":0,"step":{"name":"plan","occurrence":1}}
 * </pre>
 *
 * <p>A reply that did what was asked has status 200, {@code application/json} and a member {@code reply}. A
 * refusal has the status of its {@link Problem.Code} and is {@code application/problem+json} (RFC 9457); a 421
 * names the run's owner in {@code owner}. Everything else, a proxy's 502 among it, counts as a lost answer:
 * nothing is known, the same call is repeated. Whoever cannot prove the instance's secret is answered with
 * {@code unknown-instance}, whether the run exists or not.
 *
 * <p>Bodies are canonical JSON when written. When read, members that the protocol does not know are refused, but for
 * those of {@code enrol}, by which versions are agreed on; and payloads, salts, keys and signatures have one form: lower-case hexadecimal, or padded base64 for
 * {@code body} of an opening. A completion or an output is checked against the commitments of its own record
 * here; signatures, epochs and rights are the gateway's business. All methods are pure; messages hold no payload.
 */
public final class WireCodec {
    /** Media type of calls and of replies that are no refusal. */
    public static final String MEDIA_TYPE = "application/json";
    /** The longest call: two openings in base64 and what surrounds them. */
    public static final int MAX_CALL_BYTES = Opening.MAX_BYTES / 3 * 8 + 1024 * 1024;
    /** The longest reply: an input in base64 and some hundred thousand completed steps. */
    public static final int MAX_REPLY_BYTES = 64 * 1024 * 1024;

    private static final StrictJson.Bounds CALL_BOUNDS = StrictJson.Bounds.ofBytes(MAX_CALL_BYTES);
    private static final StrictJson.Bounds REPLY_BOUNDS = StrictJson.Bounds.ofBytes(MAX_REPLY_BYTES);

    private WireCodec() {}

    /** The body of {@code call}; its path is {@link CallPath#of}. */
    public static byte[] write(GatewayCall call) {
        return CallJson.of(call).bytes();
    }

    /**
     * Reads what {@link #write(GatewayCall)} wrote.
     *
     * @throws LanternException if the body is not the form of that call; answer {@link Problem.Code#INVALID} with
     *     its message
     */
    public static GatewayCall readCall(CallPath path, byte[] body) {
        return CallJson.read(path, StrictJson.parseObject(body, CALL_BOUNDS));
    }

    /** The status that carries {@code reply}. */
    public static int status(GatewayReply reply) {
        return reply instanceof GatewayReply.Refused refused
                ? refused.problem().code().status()
                : 200;
    }

    /** The media type that carries {@code reply}. */
    public static String mediaType(GatewayReply reply) {
        return reply instanceof GatewayReply.Refused ? ProblemJson.MEDIA_TYPE : MEDIA_TYPE;
    }

    /** The body of {@code reply}. */
    public static byte[] write(GatewayReply reply) {
        Json.Obj json =
                reply instanceof GatewayReply.Refused refused ? ProblemJson.of(refused.problem()) : ReplyJson.of(reply);
        return json.bytes();
    }

    /**
     * Reads what {@link #write(GatewayReply)} wrote.
     *
     * @throws LanternException if status and body are no reply of this protocol: nothing is known about the call
     */
    public static GatewayReply readReply(int status, byte[] body) {
        Json.Obj json = StrictJson.parseObject(body, REPLY_BOUNDS);
        if (status == 200) {
            return ReplyJson.read(json);
        }
        Problem problem = ProblemJson.read(json);
        if (problem.code().status() != status) {
            throw new LanternException(
                    "the gateway refused with code " + problem.code().wireName() + " under status " + status
                            + "; it belongs to status " + problem.code().status());
        }
        return new GatewayReply.Refused(problem);
    }
}
