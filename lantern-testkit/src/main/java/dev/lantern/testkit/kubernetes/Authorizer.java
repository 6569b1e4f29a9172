package dev.lantern.testkit.kubernetes;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Who may do what: the administrator everything, the others what roles and bindings in the store grant them, and
 * nobody what a test forbids.
 */
final class Authorizer {
    private static final List<String> PUBLIC = List.of("/version", "/readyz", "/livez", "/healthz");
    private static final List<String> DISCOVERY = List.of("/api", "/apis", "/openapi", "/openid", "/.well-known");

    private final Store store;
    private final List<RequestMatcher> forbidden = new ArrayList<>();

    Authorizer(Store store) {
        this.store = store;
    }

    void forbid(RequestMatcher requests) {
        forbidden.add(requests);
    }

    void forbidNothing() {
        forbidden.clear();
    }

    /** Whether anybody may ask, known or not. */
    static boolean isPublic(String path) {
        return PUBLIC.stream().anyMatch(prefix -> path.equals(prefix) || path.startsWith(prefix + "/"));
    }

    boolean allows(User user, SeenRequest request) {
        if (forbidden.stream().anyMatch(matcher -> matcher.matches(request))) {
            return false;
        }
        if (user.isMaster()) {
            return true;
        }
        return request.resource().isEmpty()
                ? isPublic(request.path()) || isDiscovery(request.path())
                : isSelfReview(request) || rules(user, request.namespace()).anyMatch(rule -> grants(rule, request));
    }

    /** The words of the refusal. */
    StatusException refusal(User user, SeenRequest request, Optional<Route> route) {
        if (route.isEmpty()) {
            return Statuses.forbiddenPath(user.name(), request.verb(), request.path());
        }
        ResourceType type = route.get().type();
        String subresource = route.get().subresource();
        String plural = subresource.isEmpty() ? type.plural() : type.plural() + "/" + subresource;
        String where = request.namespace().isEmpty()
                ? "at the cluster scope"
                : "in the namespace \"" + request.namespace() + "\"";
        return Statuses.forbidden(
                type,
                request.name(),
                "User \"" + user.name() + "\" cannot " + request.verb() + " resource \"" + plural + "\" in API group \""
                        + type.group() + "\" " + where);
    }

    /** Every rule that is bound to a user, in a namespace and in the cluster. */
    Stream<JsonNode> rules(User user, String namespace) {
        Stream<JsonNode> cluster = bound(Types.CLUSTER_ROLE_BINDINGS, "", user);
        return namespace.isEmpty() ? cluster : Stream.concat(cluster, bound(Types.ROLE_BINDINGS, namespace, user));
    }

    private Stream<JsonNode> bound(ResourceType bindings, String namespace, User user) {
        return store.all(bindings, namespace).stream()
                .map(Stored::tree)
                .filter(binding -> Trees.objects(binding.path("subjects"))
                        .anyMatch(subject -> isSubject(subject, user, namespace)))
                .flatMap(binding -> role(binding.path("roleRef"), namespace).stream())
                .flatMap(role -> Trees.objects(role.path("rules")));
    }

    private Optional<JsonNode> role(JsonNode reference, String namespace) {
        String name = reference.path("name").asText();
        Key key = reference.path("kind").asText().equals("ClusterRole")
                ? Key.of(Types.CLUSTER_ROLES, name)
                : Key.of(Types.ROLES, namespace, name);
        return store.find(key).map(Stored::tree);
    }

    private static boolean isSubject(JsonNode subject, User user, String namespace) {
        String name = subject.path("name").asText();
        return switch (subject.path("kind").asText()) {
            case "User" -> name.equals(user.name());
            case "Group" -> user.groups().contains(name);
            case "ServiceAccount" ->
                user.name()
                        .equals("system:serviceaccount:"
                                + subject.path("namespace").asText(namespace) + ":" + name);
            default -> false;
        };
    }

    private static boolean grants(JsonNode rule, SeenRequest request) {
        String resource = request.resource();
        int slash = resource.indexOf('/');
        String qualified = slash < 0 ? resource : resource.substring(0, slash);
        int dot = qualified.indexOf('.');
        String group = dot < 0 ? "" : qualified.substring(dot + 1);
        String plural =
                (dot < 0 ? qualified : qualified.substring(0, dot)) + (slash < 0 ? "" : resource.substring(slash));
        List<String> names = Trees.texts(rule.path("resourceNames")).toList();
        return lists(rule.path("verbs"), request.verb())
                && lists(rule.path("apiGroups"), group)
                && lists(rule.path("resources"), plural)
                && (names.isEmpty() || names.contains(request.name()));
    }

    private static boolean lists(JsonNode list, String what) {
        return Trees.texts(list).anyMatch(item -> item.equals("*") || item.equals(what));
    }

    private static boolean isDiscovery(String path) {
        return DISCOVERY.stream().anyMatch(prefix -> path.equals(prefix) || path.startsWith(prefix + "/"));
    }

    private static boolean isSelfReview(SeenRequest request) {
        return request.verb().equals("create")
                && (request.resource().equals(Types.ACCESS_REVIEWS.qualified())
                        || request.resource().equals(Types.RULES_REVIEWS.qualified()));
    }
}
