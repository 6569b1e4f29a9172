package dev.lantern.testkit.kubernetes;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Optional;

/**
 * As much of {@code /openapi/v3} as makes {@code kubectl} leave validation to the server: every type has a patch with a
 * parameter {@code fieldValidation}. Schemas are not published; none is known.
 */
final class OpenApi {
    private static final String ROOT = "/openapi/v3";

    private OpenApi() {}

    static Optional<Reply> answer(String path) {
        if (path.equals(ROOT)) {
            return Optional.of(Reply.json(200, index()));
        }
        return path.startsWith(ROOT + "/")
                ? document(path.substring(ROOT.length() + 1)).map(found -> Reply.json(200, found))
                : Optional.empty();
    }

    private static ObjectNode index() {
        ObjectNode index = Trees.object();
        ObjectNode paths = index.putObject("paths");
        for (ResourceType type : Types.all()) {
            paths.putObject(base(type)).put("serverRelativeURL", ROOT + "/" + base(type));
        }
        return index;
    }

    private static Optional<ObjectNode> document(String base) {
        ObjectNode document = Trees.object().put("openapi", "3.0.0");
        document.putObject("info").put("title", "Kubernetes").put("version", "unversioned");
        ObjectNode paths = document.putObject("paths");
        for (ResourceType type : Types.all()) {
            if (base(type).equals(base)) {
                String namespace = type.namespaced() ? "namespaces/{namespace}/" : "";
                ObjectNode patch = paths.putObject("/" + base + "/" + namespace + type.plural() + "/{name}")
                        .putObject("patch");
                Trees.list(patch, "parameters").add(parameter());
                patch.putObject("x-kubernetes-group-version-kind")
                        .put("group", type.group())
                        .put("version", type.version())
                        .put("kind", type.kind());
            }
        }
        return paths.isEmpty() ? Optional.empty() : Optional.of(document);
    }

    private static ObjectNode parameter() {
        ObjectNode parameter = Trees.object().put("name", "fieldValidation").put("in", "query");
        parameter.putObject("schema").put("type", "string");
        return parameter;
    }

    private static String base(ResourceType type) {
        return (type.group().isEmpty() ? "api/" : "apis/") + type.apiVersion();
    }
}
