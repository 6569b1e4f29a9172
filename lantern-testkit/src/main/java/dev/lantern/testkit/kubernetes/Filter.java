package dev.lantern.testkit.kubernetes;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Which resources of one type a list or a watch is about. Immutable. */
final class Filter {
    private final ResourceType type;
    private final String namespace;
    private final Selector labels;
    private final List<Selector.Requirement> fields;

    private Filter(ResourceType type, String namespace, Selector labels, List<Selector.Requirement> fields) {
        this.type = type;
        this.namespace = namespace;
        this.labels = labels;
        this.fields = fields;
    }

    static Filter of(ResourceType type, String namespace, String name, Query query) {
        List<Selector.Requirement> fields = new ArrayList<>(fields(type, query.text("fieldSelector")));
        if (!name.isEmpty()) {
            fields.add(new Selector.Requirement("metadata.name", Selector.Operator.IN, List.of(name)));
        }
        return new Filter(type, namespace, Selector.ofQuery(query.text("labelSelector")), List.copyOf(fields));
    }

    ResourceType type() {
        return type;
    }

    String namespace() {
        return namespace;
    }

    boolean matches(@Nullable Stored stored) {
        return stored != null
                && stored.key().type().equals(type)
                && (namespace.isEmpty() || stored.key().namespace().equals(namespace))
                && labels.matches(stored.labels())
                && fields.stream().allMatch(field -> field.holdsFor(stored.fields()));
    }

    private static List<Selector.Requirement> fields(ResourceType type, String text) {
        List<Selector.Requirement> requirements = Selector.ofQuery(text).requirements();
        for (Selector.Requirement requirement : requirements) {
            boolean compared = requirement.operator() == Selector.Operator.IN
                    || requirement.operator() == Selector.Operator.NOT_IN;
            if (!compared || !Fields.selectable(type, requirement.key())) {
                throw Statuses.badRequest(
                        "Unable to find \"" + type.group() + "/" + type.version() + ", Resource=" + type.plural()
                                + "\" that match label selector \"\", field selector \"" + text
                                + "\": field label not supported: " + requirement.key());
            }
        }
        return requirements;
    }
}
