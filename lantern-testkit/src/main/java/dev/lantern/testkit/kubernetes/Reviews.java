package dev.lantern.testkit.kubernetes;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;

/** Resources that are questions: they are answered and not stored. */
final class Reviews {
    private static final List<String> VERBS =
            List.of("get", "list", "watch", "create", "update", "patch", "delete", "deletecollection");

    private final Authorizer authorizer;
    private final Tokens tokens;

    Reviews(Authorizer authorizer, Tokens tokens) {
        this.authorizer = authorizer;
        this.tokens = tokens;
    }

    ObjectNode answer(ResourceType type, ObjectNode review, User user) {
        ObjectNode answer = ask(type, review, user);
        answer.put("kind", type.kind());
        answer.put("apiVersion", type.apiVersion());
        Trees.child(answer, "metadata");
        return answer;
    }

    private ObjectNode ask(ResourceType type, ObjectNode review, User user) {
        if (type.equals(Types.TOKEN_REVIEWS)) {
            return tokens.review(review);
        }
        return type.equals(Types.ACCESS_REVIEWS) ? access(review, user) : rules(review, user);
    }

    private ObjectNode access(ObjectNode review, User user) {
        JsonNode spec = review.path("spec");
        JsonNode resource = spec.path("resourceAttributes");
        boolean allowed =
                authorizer.allows(user, spec.has("resourceAttributes") ? asked(resource, user) : path(spec, user));
        ObjectNode answer = review.deepCopy();
        answer.putObject("status").put("allowed", allowed);
        return answer;
    }

    private static SeenRequest asked(JsonNode resource, User user) {
        String group = resource.path("group").asText();
        String subresource = resource.path("subresource").asText();
        String qualified =
                resource.path("resource").asText() + (group.isEmpty() || group.equals("*") ? "" : "." + group);
        return new SeenRequest(
                "",
                "",
                "",
                resource.path("verb").asText(),
                subresource.isEmpty() ? qualified : qualified + "/" + subresource,
                resource.path("namespace").asText(),
                resource.path("name").asText(),
                user.name());
    }

    private static SeenRequest path(JsonNode spec, User user) {
        JsonNode asked = spec.path("nonResourceAttributes");
        return new SeenRequest(
                "", asked.path("path").asText(), "", asked.path("verb").asText(), "", "", "", user.name());
    }

    /** For the administrator, what is left of everything; for others, what is bound to them. */
    private ObjectNode rules(ObjectNode review, User user) {
        String namespace = Trees.text(review, "spec", "namespace");
        ObjectNode answer = review.deepCopy();
        ObjectNode status = answer.putObject("status");
        ArrayNode rules = status.putArray("resourceRules");
        if (user.isMaster()) {
            Types.all().forEach(type -> everythingAllowed(type, namespace, user, rules));
        } else {
            authorizer.rules(user, namespace).forEach(rules::add);
        }
        status.putArray("nonResourceRules");
        status.put("incomplete", false);
        return answer;
    }

    private void everythingAllowed(ResourceType type, String namespace, User user, ArrayNode rules) {
        String where = type.namespaced() ? namespace : "";
        List<String> verbs = VERBS.stream()
                .filter(verb -> authorizer.allows(
                        user, new SeenRequest("", "", "", verb, type.qualified(), where, "", user.name())))
                .toList();
        if (!verbs.isEmpty()) {
            ObjectNode rule = rules.addObject();
            verbs.forEach(Trees.list(rule, "verbs")::add);
            Trees.list(rule, "apiGroups").add(type.group());
            Trees.list(rule, "resources").add(type.plural());
        }
    }
}
