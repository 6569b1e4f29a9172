package dev.lantern.testkit.kubernetes;

import static java.util.Objects.requireNonNull;

import java.time.Duration;
import java.util.Map;

/**
 * What goes wrong with a request. Nothing here waits for a time: what is held is held until the test lets it go.
 * Immutable.
 */
public final class Fault {
    private final What what;

    private Fault(What what) {
        this.what = what;
    }

    /** What the front makes of it. */
    sealed interface What {
        /** The request is answered with this and not carried out. */
        record Instead(Reply.Whole reply) implements What {}

        /** Carried out when it is released, whether or not its client is still there. */
        record Held() implements What {}

        /** Not carried out; the connection is closed. */
        record Cut() implements What {}

        /** Carried out; the connection is closed without an answer. */
        record AnswerLost() implements What {}

        /** Carried out with a limit that its client did not ask for. */
        record Page(int items) implements What {}

        /** Carried out; the answer is spoilt on its way. */
        record Delivered(Delivery delivery) implements What {}
    }

    /** A {@code Status} of that code instead of an answer; the request is not carried out. */
    public static Fault status(int code) {
        String reason = switch (code) {
            case 401 -> "Unauthorized";
            case 403 -> "Forbidden";
            case 404 -> "NotFound";
            case 409 -> "Conflict";
            case 410 -> "Expired";
            case 422 -> "Invalid";
            case 429 -> "TooManyRequests";
            case 500 -> "InternalError";
            case 503 -> "ServiceUnavailable";
            case 504 -> "Timeout";
            default -> "";
        };
        return instead(Statuses.failure(code, reason, "a fault of the test: " + code));
    }

    /** 429 that does not say when to come back. */
    public static Fault tooManyRequests() {
        return status(429);
    }

    /** 429 with {@code Retry-After}. */
    public static Fault tooManyRequests(Duration retryAfter) {
        String seconds = Long.toString(retryAfter.toSeconds());
        StatusException full = Statuses.failure(
                429, "TooManyRequests", "Too many requests, please try again later.", Map.of("Retry-After", seconds));
        Trees.child(full.status(), "details").put("retryAfterSeconds", retryAfter.toSeconds());
        return instead(full);
    }

    /** 200 with this body, be it JSON or not; the request is not carried out. */
    public static Fault body(String body) {
        requireNonNull(body, "body");
        return new Fault(new What.Instead(new Reply.Whole(
                200, "application/json", Map.of(), body.getBytes(java.nio.charset.StandardCharsets.UTF_8))));
    }

    /**
     * The request is held, as by a network, and carried out when {@link Injection#release} is called, even if its
     * client has given up by then. Never released, it is silence.
     */
    public static Fault hold() {
        return new Fault(new What.Held());
    }

    /** The connection is closed; the request is not carried out. */
    public static Fault cut() {
        return new Fault(new What.Cut());
    }

    /** The request is carried out, and the connection closed without an answer. */
    public static Fault answerLost() {
        return new Fault(new What.AnswerLost());
    }

    /** The request is carried out, and the connection closed after so many bytes of the body. */
    public static Fault cutAfter(int bytes) {
        return new Fault(new What.Delivered(new Delivery(Duration.ZERO, bytes, true)));
    }

    /**
     * The request is carried out, and after so many bytes of the body nothing more comes on a connection that stays
     * open; {@link Injection#more} lets more through. Of a watch it makes a half-open one, of a list a slow one.
     */
    public static Fault stallAfter(int bytes) {
        return new Fault(new What.Delivered(new Delivery(Duration.ZERO, bytes, false)));
    }

    /** The list ends after so many items, with a {@code continue} that its client did not ask for. */
    public static Fault page(int items) {
        return new Fault(new What.Page(items));
    }

    /** The {@code Date} of the answer is off by that much. */
    public static Fault clockSkew(Duration skew) {
        requireNonNull(skew, "skew");
        return new Fault(new What.Delivered(new Delivery(skew, Long.MAX_VALUE, false)));
    }

    What what() {
        return what;
    }

    private static Fault instead(StatusException status) {
        return new Fault(new What.Instead(status.reply()));
    }
}
