package dev.lantern.testkit.kubernetes;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Which fields can be selected by. A selector on another one is refused, as by the real server. */
final class Fields {
    /** Not selectable: controllers ask for it without reading the object. */
    static final String DELETING = "(deleting)";

    /** Not selectable, likewise: a Job counts it before it may go. */
    static final String TRACKED = "(tracked)";

    /** Not selectable, likewise: it keeps others away from its node. */
    static final String UNSOCIAL = "(unsocial)";

    private static final List<String> OF_EVENTS = List.of(
            "involvedObject.kind",
            "involvedObject.namespace",
            "involvedObject.name",
            "involvedObject.uid",
            "reason",
            "type");
    private static final List<String> OF_PODS =
            List.of("spec.nodeName", "status.phase", "spec.restartPolicy", "spec.serviceAccountName");
    private static final List<String> OF_NODES = List.of("spec.unschedulable");
    private static final List<String> OF_NAMESPACES = List.of("status.phase");

    private Fields() {}

    static Map<String, String> of(Key key, ObjectNode tree) {
        Map<String, String> fields = new LinkedHashMap<>();
        fields.put("metadata.name", key.name());
        if (key.type().namespaced()) {
            fields.put("metadata.namespace", key.namespace());
        }
        for (String path : own(key.type())) {
            fields.put(path, Trees.text(tree, path.split("\\.")));
        }
        if (tree.path("metadata").has("deletionTimestamp")) {
            fields.put(DELETING, "true");
        }
        if (Trees.texts(Trees.at(tree, "metadata", "finalizers")).anyMatch(JobController.TRACKING::equals)) {
            fields.put(TRACKED, "true");
        }
        if (Trees.at(tree, "spec", "affinity").has("podAntiAffinity")) {
            fields.put(UNSOCIAL, "true");
        }
        return fields;
    }

    static boolean selectable(ResourceType type, String field) {
        return field.equals("metadata.name")
                || (type.namespaced() && field.equals("metadata.namespace"))
                || own(type).contains(field);
    }

    private static List<String> own(ResourceType type) {
        if (type.equals(Types.PODS)) {
            return OF_PODS;
        }
        if (type.equals(Types.EVENTS)) {
            return OF_EVENTS;
        }
        if (type.equals(Types.NODES)) {
            return OF_NODES;
        }
        return type.equals(Types.NAMESPACES) ? OF_NAMESPACES : List.of();
    }
}
