package dev.lantern.testkit.kubernetes;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/** Create, update and patch: from what a client sent to what is stored. */
final class Writes {
    private static final Pattern NAME =
            Pattern.compile("[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*");
    private static final int MAX_NAME = 253;

    /** Of these a client sees only what the server writes. */
    private static final List<String> SERVERS_OWN =
            List.of("uid", "creationTimestamp", "deletionTimestamp", "deletionGracePeriodSeconds", "generation");

    private final World world;
    private final Admission admission;

    Writes(World world, Admission admission) {
        this.world = world;
        this.admission = admission;
    }

    /** Who writes, and whether it counts. */
    record Author(String user, String manager, boolean dryRun) {
        static Author controller(String name) {
            return new Author(User.controller(name).name(), name, false);
        }
    }

    /** The object as stored, or as it would have been. */
    Stored create(ResourceType type, String namespace, ObjectNode given, Author author) {
        ObjectNode tree = given.deepCopy();
        checkType(type, tree);
        namespaceTakes(type, namespace, tree);
        ObjectNode metadata = Trees.child(tree, "metadata");
        if (!metadata.path("resourceVersion").asText().isEmpty()) {
            throw Statuses.badRequest("resourceVersion should not be set on objects to be created");
        }
        metadata.remove(SERVERS_OWN);
        metadata.remove(List.of("selfLink", "managedFields"));
        String name = nameOf(type, metadata);
        if (type.namespaced()) {
            metadata.put("namespace", namespace);
        }
        if (type.hasStatus() && !type.equals(Types.NODES) && !type.equals(Types.BUDGETS)) {
            tree.remove("status");
        }
        TypedRoundTrip.through(tree);
        Defaults.apply(type, tree);
        metadata.put("uid", world.names().uid());
        metadata.put("creationTimestamp", world.timestamp());
        if (hasGeneration(type)) {
            metadata.put("generation", 1);
        }
        tree = settled(type, namespace, tree, author);
        managed(tree, type, author, "");
        Key key = new Key(type, type.namespaced() ? namespace : "", name);
        if (world.store().has(key)) {
            throw Statuses.alreadyExists(type, name);
        }
        return author.dryRun() ? Stored.of(key, 0, tree) : world.store().put(key, tree);
    }

    /** A version in what is given is a condition. The subresource status changes the status, and nothing else does. */
    Stored update(Route route, ObjectNode given, Author author) {
        ResourceType type = route.type();
        Stored stored = world.store().find(route.key()).orElseThrow(() -> Statuses.notFound(type, route.name()));
        ObjectNode tree = given.deepCopy();
        checkType(type, tree);
        ObjectNode old = stored.tree();
        conditions(stored, Trees.child(tree, "metadata"));
        serversOwn(old, tree);
        boolean statusOnly = route.subresource().equals("status");
        if (statusOnly) {
            replace(tree, "spec", old.path("spec"));
        } else if (type.hasStatus()) {
            replace(tree, "status", old.path("status"));
        }
        TypedRoundTrip.through(tree);
        Defaults.apply(type, tree);
        if (type.equals(Types.PODS) && !statusOnly) {
            AdmissionRequest request = new AdmissionRequest(
                    "UPDATE", route.subresource(), route.namespace(), author.user(), author.dryRun(), Optional.of(old));
            tree = admission.update(request, old, tree);
        }
        if (!statusOnly) {
            Immutables.check(type, old, tree);
        }
        if (hasGeneration(type) && !old.path("spec").equals(tree.path("spec"))) {
            ObjectNode metadata = Trees.child(tree, "metadata");
            metadata.put("generation", metadata.path("generation").asLong() + 1);
        }
        if (same(old, tree)) {
            return stored;
        }
        managed(tree, type, author, route.subresource());
        if (author.dryRun()) {
            return Stored.of(route.key(), stored.version(), tree);
        }
        return put(route.key(), tree);
    }

    Stored patch(Route route, ApiRequest request, Author author) {
        Stored stored =
                world.store().find(route.key()).orElseThrow(() -> Statuses.notFound(route.type(), route.name()));
        return update(route, Patches.apply(request, stored.tree()), author);
    }

    /**
     * What a controller or a kubelet writes: past admission, and only if it changes anything. The tree is one that was
     * read from the store, so equal ones have equal bytes, and nothing is parsed to see that.
     */
    Optional<Stored> direct(Key key, ObjectNode tree) {
        Optional<Stored> stored = world.store().find(key);
        if (stored.isEmpty() || Arrays.equals(stored.get().json(), Stored.bytes(tree))) {
            return Optional.empty();
        }
        return Optional.of(put(key, tree));
    }

    /** An object that was being deleted and now has nothing left that holds it is gone, not written. */
    private Stored put(Key key, ObjectNode tree) {
        JsonNode metadata = tree.path("metadata");
        boolean held = !metadata.path("finalizers").isEmpty()
                || !Trees.at(tree, "spec", "finalizers").isEmpty() && key.type().equals(Types.NAMESPACES)
                || metadata.path("deletionGracePeriodSeconds").asLong() > 0;
        Stored written = world.store().put(key, tree);
        if (metadata.has("deletionTimestamp") && !held) {
            world.store().remove(key);
        }
        return written;
    }

    private void checkType(ResourceType type, ObjectNode tree) {
        String apiVersion = tree.path("apiVersion").asText(type.apiVersion());
        String kind = tree.path("kind").asText(type.kind());
        if (!apiVersion.equals(type.apiVersion()) || !kind.equals(type.kind())) {
            throw Statuses.badRequest(
                    kind + " in version \"" + apiVersion + "\" cannot be handled as a " + type.kind());
        }
        tree.put("kind", kind);
        tree.put("apiVersion", apiVersion);
    }

    private void namespaceTakes(ResourceType type, String namespace, ObjectNode tree) {
        if (!type.namespaced()) {
            return;
        }
        String own = Trees.text(tree, "metadata", "namespace");
        if (!own.isEmpty() && !own.equals(namespace)) {
            throw Statuses.badRequest(
                    "the namespace of the provided object does not match the namespace sent on the request");
        }
        Stored found = world.store()
                .find(Key.of(Types.NAMESPACES, namespace))
                .orElseThrow(() -> Statuses.notFound(Types.NAMESPACES, namespace));
        if (found.isDeleting()) {
            throw Statuses.forbidden(
                    type,
                    Trees.text(tree, "metadata", "name"),
                    "unable to create new content in namespace " + namespace + " because it is being terminated");
        }
    }

    private String nameOf(ResourceType type, ObjectNode metadata) {
        String name = metadata.path("name").asText();
        String prefix = metadata.path("generateName").asText();
        if (name.isEmpty() && !prefix.isEmpty()) {
            name = prefix + world.names().suffix();
            metadata.put("name", name);
        }
        if (name.isEmpty()) {
            throw Statuses.invalid(
                    type,
                    "",
                    List.of(new Statuses.Cause(
                            "FieldValueRequired",
                            "Required value: name or generateName is required",
                            "metadata.name")));
        }
        boolean anything = type.group().equals("rbac.authorization.k8s.io");
        if (!anything && (name.length() > MAX_NAME || !NAME.matcher(name).matches())) {
            throw Statuses.invalid(
                    type,
                    name,
                    List.of(new Statuses.Cause(
                            "FieldValueInvalid",
                            "Invalid value: \"" + name + "\": a lowercase RFC 1123 subdomain must consist of lower case"
                                    + " alphanumeric characters, '-' or '.', and must start and end with an alphanumeric"
                                    + " character",
                            "metadata.name")));
        }
        return name;
    }

    /** What a type makes of a new object. */
    private ObjectNode settled(ResourceType type, String namespace, ObjectNode tree, Author author) {
        if (type.equals(Types.PODS)) {
            AdmissionRequest request =
                    new AdmissionRequest("CREATE", "", namespace, author.user(), author.dryRun(), Optional.empty());
            ObjectNode pod = admission.create(request, tree);
            PodStatus.begin(pod, world.timestamp());
            return pod;
        }
        if (type.equals(Types.JOBS)) {
            Defaults.jobSelector(tree);
            PodRules.template(tree);
            tree.putObject("status");
        }
        if (type.equals(Types.CLAIMS)) {
            tree.putObject("status").put("phase", "Pending");
        }
        return tree;
    }

    private static void conditions(Stored stored, JsonNode metadata) {
        ResourceType type = stored.key().type();
        String name = stored.key().name();
        String givenName = metadata.path("name").asText(name);
        if (!givenName.equals(name)) {
            throw Statuses.badRequest(
                    "the name of the object (" + givenName + ") does not match the name on the URL (" + name + ")");
        }
        String uid = metadata.path("uid").asText();
        if (!uid.isEmpty() && !uid.equals(stored.uid())) {
            throw Statuses.conflict(
                    type,
                    name,
                    "Precondition failed: UID in precondition: " + uid + ", UID in object meta: " + stored.uid());
        }
        String version = metadata.path("resourceVersion").asText();
        if (!version.isEmpty() && !version.equals(Long.toString(stored.version()))) {
            throw Statuses.modified(type, name);
        }
    }

    private static void serversOwn(ObjectNode old, ObjectNode tree) {
        ObjectNode metadata = Trees.child(tree, "metadata");
        metadata.remove("managedFields");
        for (String field : SERVERS_OWN) {
            replace(metadata, field, Trees.at(old, "metadata", field));
        }
        for (String field : List.of("name", "namespace", "resourceVersion", "managedFields")) {
            replace(metadata, field, Trees.at(old, "metadata", field));
        }
    }

    private static void replace(ObjectNode tree, String field, JsonNode value) {
        if (value.isMissingNode()) {
            tree.remove(field);
        } else {
            tree.set(field, value.deepCopy());
        }
    }

    private static boolean hasGeneration(ResourceType type) {
        return type.equals(Types.PODS)
                || type.equals(Types.JOBS)
                || type.equals(Types.NETWORK_POLICIES)
                || type.group().equals("admissionregistration.k8s.io");
    }

    private static boolean same(ObjectNode old, ObjectNode now) {
        return contentOf(old).equals(contentOf(now));
    }

    /** Without what every write changes; shares what it has with the tree. */
    private static ObjectNode contentOf(ObjectNode tree) {
        ObjectNode metadata = Trees.object();
        tree.path("metadata").properties().forEach(field -> metadata.set(field.getKey(), field.getValue()));
        metadata.remove(List.of("resourceVersion", "managedFields"));
        ObjectNode content = Trees.object();
        content.setAll(tree);
        content.set("metadata", metadata);
        return content;
    }

    /** Who wrote last by which name; of the fields, only those at the top. */
    private void managed(ObjectNode tree, ResourceType type, Author author, String subresource) {
        ObjectNode metadata = Trees.child(tree, "metadata");
        Trees.removeFrom(
                metadata,
                "managedFields",
                entry -> entry.path("manager").asText().equals(author.manager())
                        && entry.path("subresource").asText().equals(subresource));
        ObjectNode entry = Trees.list(metadata, "managedFields")
                .addObject()
                .put("manager", author.manager())
                .put("operation", "Update")
                .put("apiVersion", type.apiVersion())
                .put("time", world.timestamp())
                .put("fieldsType", "FieldsV1");
        ObjectNode fields = entry.putObject("fieldsV1");
        String only = subresource.equals("status") ? "status" : "spec";
        if (tree.has(only)) {
            fields.putObject("f:" + only);
        }
        if (!subresource.isEmpty()) {
            entry.put("subresource", subresource);
        }
    }
}
