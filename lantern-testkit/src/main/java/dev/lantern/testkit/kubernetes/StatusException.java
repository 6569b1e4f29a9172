package dev.lantern.testkit.kubernetes;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.lantern.value.LanternException;
import java.util.Map;

/** A request that is answered with a {@code Status} of failure. */
final class StatusException extends LanternException {
    private static final long serialVersionUID = 1;

    private final int code;
    private final transient ObjectNode status;
    private final transient Map<String, String> headers;

    StatusException(int code, ObjectNode status, Map<String, String> headers) {
        super(status.path("message").asText());
        this.code = code;
        this.status = status;
        this.headers = headers;
    }

    int code() {
        return code;
    }

    ObjectNode status() {
        return status;
    }

    Reply.Whole reply() {
        return Reply.json(code, status, headers);
    }
}
