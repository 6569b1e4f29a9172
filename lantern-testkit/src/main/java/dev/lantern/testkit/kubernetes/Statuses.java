package dev.lantern.testkit.kubernetes;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** {@code Status} objects, worded as Kubernetes words them: clients read the text as well as the code. */
final class Statuses {
    private Statuses() {}

    /** One field that is not as it should be. */
    record Cause(String reason, String message, String field) {
        @Override
        public String toString() {
            return field + ": " + message;
        }
    }

    static ObjectNode success(ResourceType type, String name, String uid) {
        ObjectNode status = head("Success");
        ObjectNode details = details(status, type, name);
        details.put("uid", uid);
        return status;
    }

    static StatusException notFound(ResourceType type, String name) {
        return failure(404, "NotFound", type.qualified() + " \"" + name + "\" not found", type, name);
    }

    static StatusException noSuchPath() {
        return failure(404, "NotFound", "the server could not find the requested resource");
    }

    static StatusException alreadyExists(ResourceType type, String name) {
        return failure(409, "AlreadyExists", type.qualified() + " \"" + name + "\" already exists", type, name);
    }

    static StatusException modified(ResourceType type, String name) {
        return conflict(
                type,
                name,
                "the object has been modified; please apply your changes to the latest version and try again");
    }

    static StatusException conflict(ResourceType type, String name, String why) {
        return failure(
                409,
                "Conflict",
                "Operation cannot be fulfilled on " + type.qualified() + " \"" + name + "\": " + why,
                type,
                name);
    }

    static StatusException forbidden(ResourceType type, String name, String why) {
        String what = name.isEmpty() ? type.qualified() : type.qualified() + " \"" + name + "\"";
        return failure(403, "Forbidden", what + " is forbidden: " + why, type, name);
    }

    static StatusException forbiddenPath(String user, String verb, String path) {
        return failure(403, "Forbidden", "forbidden: User \"" + user + "\" cannot " + verb + " path \"" + path + "\"");
    }

    /** What a ValidatingAdmissionPolicy answers: always the words of a 403, under the code that its reason has. */
    static StatusException denied(ResourceType type, String name, String policy, String reason, String message) {
        StatusException denied = failure(
                codeOf(reason),
                reason,
                type.qualified() + " \"" + name + "\" is forbidden: ValidatingAdmissionPolicy '" + policy
                        + "' with binding '" + policy + "' denied request: " + message,
                type,
                name);
        Trees.list(Trees.child(denied.status(), "details"), "causes")
                .addObject()
                .put("message", message);
        return denied;
    }

    /** The code of a reason that a policy can give. */
    static int codeOf(String reason) {
        return switch (reason) {
            case "Unauthorized" -> 401;
            case "Forbidden" -> 403;
            case "RequestEntityTooLarge" -> 413;
            case "Invalid" -> 422;
            default -> throw new IllegalArgumentException("no policy can give this reason: " + reason);
        };
    }

    static StatusException invalid(ResourceType type, String name, List<Cause> causes) {
        String text = causes.size() == 1
                ? causes.get(0).toString()
                : causes.stream().map(Cause::toString).collect(Collectors.joining(", ", "[", "]"));
        StatusException invalid =
                failure(422, "Invalid", type.kindAndGroup() + " \"" + name + "\" is invalid: " + text, type, name);
        ObjectNode details = Trees.child(invalid.status(), "details");
        details.put("kind", type.kind());
        ArrayNode list = Trees.list(details, "causes");
        for (Cause cause : causes) {
            list.addObject()
                    .put("reason", cause.reason())
                    .put("message", cause.message())
                    .put("field", cause.field());
        }
        return invalid;
    }

    static StatusException badRequest(String message) {
        return failure(400, "BadRequest", message);
    }

    static StatusException unauthorized() {
        return failure(401, "Unauthorized", "Unauthorized");
    }

    static StatusException methodNotAllowed() {
        return failure(405, "MethodNotAllowed", "the server does not allow this method on the requested resource");
    }

    static StatusException notAcceptable() {
        return failure(
                406,
                "NotAcceptable",
                "only the following media types are accepted: application/json, application/json;stream=watch");
    }

    static StatusException unsupportedMediaType(String found, String accepted) {
        return failure(
                415,
                "UnsupportedMediaType",
                "the body of the request was in an unknown format - accepted media types include: " + accepted
                        + " (found: " + found + ")");
    }

    static StatusException patchDoesNotApply() {
        return failure(422, "Invalid", "the server rejected our request due to an error in our request");
    }

    static StatusException expired(String message) {
        return failure(410, "Expired", message);
    }

    /** A version from the future: another API server, or one before a restore, gave it. */
    static StatusException versionTooLarge(long asked, long current) {
        StatusException timeout =
                failure(504, "Timeout", "Too large resource version: " + asked + ", current: " + current);
        ObjectNode details = Trees.child(timeout.status(), "details");
        Trees.list(details, "causes")
                .addObject()
                .put("reason", "ResourceVersionTooLarge")
                .put("message", "Too large resource version");
        details.put("retryAfterSeconds", 1);
        return timeout;
    }

    /** A disruption budget answers 429 and does not say when to come back. */
    static StatusException disruptionBudget(ResourceType type, String name, String message) {
        StatusException full = failure(
                429,
                "TooManyRequests",
                "Cannot evict pod as it would violate the pod's disruption budget.",
                type,
                name);
        ObjectNode details = Trees.child(full.status(), "details");
        details.removeAll();
        Trees.list(details, "causes")
                .addObject()
                .put("reason", "DisruptionBudget")
                .put("message", message);
        return full;
    }

    static StatusException internal(String message) {
        return failure(500, "InternalError", "Internal error occurred: " + message);
    }

    static StatusException failure(int code, String reason, String message) {
        return failure(code, reason, message, Map.of());
    }

    static StatusException failure(int code, String reason, String message, Map<String, String> headers) {
        ObjectNode status = head("Failure");
        status.put("message", message);
        status.put("reason", reason);
        status.putObject("details");
        status.put("code", code);
        return new StatusException(code, status, headers);
    }

    private static StatusException failure(int code, String reason, String message, ResourceType type, String name) {
        ObjectNode status = head("Failure");
        status.put("message", message);
        status.put("reason", reason);
        details(status, type, name);
        status.put("code", code);
        return new StatusException(code, status, Map.of());
    }

    private static ObjectNode head(String outcome) {
        ObjectNode status = Trees.object();
        status.put("kind", "Status");
        status.put("apiVersion", "v1");
        status.putObject("metadata");
        status.put("status", outcome);
        return status;
    }

    private static ObjectNode details(ObjectNode status, ResourceType type, String name) {
        ObjectNode details = status.putObject("details");
        if (!name.isEmpty()) {
            details.put("name", name);
        }
        if (!type.group().isEmpty()) {
            details.put("group", type.group());
        }
        details.put("kind", type.plural());
        return details;
    }
}
