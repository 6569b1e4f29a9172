package dev.lantern.testkit.kubernetes;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The paths by which clients find out what there is. */
final class Discovery {
    private static final List<String> STORED_VERBS =
            List.of("create", "delete", "deletecollection", "get", "list", "patch", "update", "watch");

    /** Of the keys, which are no mere JSON: who asks for that gets 406. */
    static final String KEYS = "application/jwk-set+json";

    private final String version;
    private final Tokens tokens;

    Discovery(String version, Tokens tokens) {
        this.version = version;
        this.tokens = tokens;
    }

    Optional<Reply> answer(String path) {
        return switch (path) {
            case "/version", "/version/" -> Optional.of(Reply.json(200, version()));
            case "/readyz", "/livez", "/healthz" -> Optional.of(Reply.text(200, "ok"));
            case "/api", "/api/" -> Optional.of(Reply.json(200, versions()));
            case "/apis", "/apis/" -> Optional.of(Reply.json(200, groups()));
            case "/openid/v1/jwks" -> Optional.of(new Reply.Whole(200, KEYS, Map.of(), Trees.write(tokens.jwks())));
            case "/.well-known/openid-configuration" -> Optional.of(Reply.json(200, openId()));
            default -> OpenApi.answer(path).or(() -> resources(path));
        };
    }

    private ObjectNode version() {
        String[] parts = version.substring(1).split("\\.");
        return Trees.object()
                .put("major", parts[0])
                .put("minor", parts[1])
                .put("gitVersion", version)
                .put("gitCommit", "")
                .put("gitTreeState", "clean")
                .put("buildDate", "")
                .put("goVersion", "")
                .put("compiler", "gc")
                .put("platform", "linux/amd64");
    }

    private static ObjectNode versions() {
        ObjectNode versions = Trees.object().put("kind", "APIVersions");
        versions.putArray("versions").add("v1");
        versions.putArray("serverAddressByClientCIDRs");
        return versions;
    }

    private static ObjectNode groups() {
        ObjectNode list = Trees.object().put("kind", "APIGroupList").put("apiVersion", "v1");
        ArrayNode groups = list.putArray("groups");
        groupNames().forEach(name -> groups.add(group(name)));
        return list;
    }

    private static List<String> groupNames() {
        return Types.all().stream()
                .map(ResourceType::group)
                .filter(name -> !name.isEmpty())
                .distinct()
                .sorted()
                .toList();
    }

    private static ObjectNode group(String name) {
        ObjectNode group = Trees.object().put("name", name);
        group.putArray("versions").add(groupVersion(name));
        group.set("preferredVersion", groupVersion(name));
        return group;
    }

    private static ObjectNode groupVersion(String group) {
        return Trees.object().put("groupVersion", group + "/v1").put("version", "v1");
    }

    private static Optional<Reply> resources(String path) {
        String[] parts = path.split("/");
        if (path.equals("/api/v1")) {
            return Optional.of(Reply.json(200, resources("", "v1")));
        }
        if (parts.length == 3 && parts[1].equals("apis") && groupNames().contains(parts[2])) {
            return Optional.of(
                    Reply.json(200, group(parts[2]).put("kind", "APIGroup").put("apiVersion", "v1")));
        }
        if (parts.length == 4
                && parts[1].equals("apis")
                && parts[3].equals("v1")
                && groupNames().contains(parts[2])) {
            return Optional.of(Reply.json(200, resources(parts[2], parts[2] + "/v1")));
        }
        return Optional.empty();
    }

    private static ObjectNode resources(String group, String groupVersion) {
        ObjectNode list = Trees.object()
                .put("kind", "APIResourceList")
                .put("apiVersion", "v1")
                .put("groupVersion", groupVersion);
        ArrayNode resources = list.putArray("resources");
        Types.all().stream().filter(type -> type.group().equals(group)).forEach(type -> describe(type, resources));
        return list;
    }

    private static void describe(ResourceType type, ArrayNode resources) {
        ObjectNode itself = resources
                .addObject()
                .put("name", type.plural())
                .put("singularName", type.singular())
                .put("namespaced", type.namespaced())
                .put("kind", type.kind());
        (type.stored() ? STORED_VERBS : List.of("create")).forEach(Trees.list(itself, "verbs")::add);
        type.shortNames().forEach(name -> Trees.list(itself, "shortNames").add(name));
        for (String subresource : type.subresources()) {
            ObjectNode below = resources
                    .addObject()
                    .put("name", type.plural() + "/" + subresource)
                    .put("singularName", "")
                    .put("namespaced", type.namespaced())
                    .put("kind", kind(type, subresource));
            verbs(subresource).forEach(Trees.list(below, "verbs")::add);
        }
    }

    private static String kind(ResourceType type, String subresource) {
        return switch (subresource) {
            case "eviction" -> "Eviction";
            case "token" -> "TokenRequest";
            case "binding" -> "Binding";
            default -> type.kind();
        };
    }

    private static List<String> verbs(String subresource) {
        return switch (subresource) {
            case "log" -> List.of("get");
            case "eviction", "token", "binding" -> List.of("create");
            default -> List.of("get", "patch", "update");
        };
    }

    private static ObjectNode openId() {
        ObjectNode configuration =
                Trees.object().put("issuer", Tokens.ISSUER).put("jwks_uri", Tokens.ISSUER + "/openid/v1/jwks");
        configuration.putArray("response_types_supported").add("id_token");
        configuration.putArray("subject_types_supported").add("public");
        configuration.putArray("id_token_signing_alg_values_supported").add("RS256");
        return configuration;
    }
}
