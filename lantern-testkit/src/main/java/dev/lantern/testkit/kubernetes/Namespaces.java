package dev.lantern.testkit.kubernetes;

import com.fasterxml.jackson.databind.node.ObjectNode;

/** What stands in every namespace from the start, and the end of namespaces with everything in them. */
final class Namespaces implements Controller {
    private final World world;
    private final Writes writes;
    private final Deletes deletes;

    Namespaces(World world, Writes writes, Deletes deletes) {
        this.world = world;
        this.writes = writes;
        this.deletes = deletes;
    }

    void add(String name, ObjectNode labels) {
        ObjectNode namespace = Trees.object();
        ObjectNode metadata = namespace.putObject("metadata").put("name", name);
        if (!labels.isEmpty()) {
            metadata.set("labels", labels);
        }
        writes.create(Types.NAMESPACES, "", namespace, Writes.Author.controller("fake"));
        furnish(name);
    }

    /** Done at once and not in a step, so that a pod can be created right after its namespace. */
    void furnish(String name) {
        ObjectNode account = Trees.object();
        account.putObject("metadata").put("name", "default");
        writes.create(Types.SERVICE_ACCOUNTS, name, account, Writes.Author.controller("service-account-controller"));
        ObjectNode root = Trees.object();
        root.putObject("metadata").put("name", "kube-root-ca.crt");
        root.putObject("data").put("ca.crt", "");
        Types.find("", "v1", "configmaps")
                .ifPresent(type ->
                        writes.create(type, name, root, Writes.Author.controller("root-ca-certificate-publisher")));
    }

    @Override
    public void step() {
        for (Stored namespace : world.store().all(Types.NAMESPACES)) {
            if (namespace.isDeleting() && empty(namespace.key().name())) {
                ObjectNode tree = namespace.tree();
                Trees.child(tree, "spec").remove("finalizers");
                writes.direct(namespace.key(), tree);
            }
        }
    }

    private boolean empty(String name) {
        boolean empty = true;
        for (ResourceType type : Types.all()) {
            if (type.namespaced()) {
                for (Stored stored : world.store().all(type, name)) {
                    if (!stored.isDeleting()) {
                        deletes.delete(stored, Deletes.Options.BACKGROUND);
                    }
                    empty &= !world.store().has(stored.key());
                }
            }
        }
        return empty;
    }
}
