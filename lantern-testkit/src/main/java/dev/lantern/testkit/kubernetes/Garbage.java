package dev.lantern.testkit.kubernetes;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.function.Predicate;

/** What is done about the objects that an object owns when it goes. */
final class Garbage implements Controller {
    private final World world;
    private final Writes writes;
    private final Deletes deletes;

    Garbage(World world, Writes writes, Deletes deletes) {
        this.world = world;
        this.writes = writes;
        this.deletes = deletes;
    }

    @Override
    public void step() {
        for (String owner : world.store().owners()) {
            if (world.store().byUid(owner).isEmpty()) {
                world.store().dependentsOf(owner).forEach(this::ownerless);
            }
        }
        for (ResourceType type : Types.all()) {
            if (!type.equals(Types.EVENTS)) {
                world.store().all(type).stream().filter(Stored::isDeleting).forEach(this::going);
            }
        }
    }

    /** In the background: the owner is gone, so they go; from those with another owner only the reference does. */
    private void ownerless(Stored dependent) {
        boolean owned = dependent.owners().stream()
                .anyMatch(uid -> world.store().byUid(uid).isPresent());
        if (owned) {
            dropReferences(dependent, uid -> world.store().byUid(uid).isEmpty());
        } else if (!dependent.isDeleting()) {
            deletes.delete(dependent, Deletes.Options.BACKGROUND);
        }
    }

    private void going(Stored owner) {
        ObjectNode tree = owner.tree();
        List<String> finalizers =
                Trees.texts(Trees.at(tree, "metadata", "finalizers")).toList();
        List<Stored> dependents = world.store().dependentsOf(owner.uid());
        if (finalizers.contains(Deletes.ORPHAN)) {
            dependents.forEach(dependent -> dropReferences(dependent, owner.uid()::equals));
            finish(owner, tree, Deletes.ORPHAN);
        } else if (finalizers.contains(Deletes.FOREGROUND)) {
            // All at once: a dependent that nothing holds is gone while another one still stops.
            dependents.stream()
                    .filter(dependent -> !dependent.isDeleting())
                    .forEach(dependent -> deletes.delete(dependent, Deletes.Options.BACKGROUND));
            boolean blocked = world.store().dependentsOf(owner.uid()).stream()
                    .anyMatch(dependent -> blocks(dependent, owner.uid()));
            if (!blocked) {
                finish(owner, tree, Deletes.FOREGROUND);
            }
        }
    }

    private static boolean blocks(Stored dependent, String owner) {
        return Trees.objects(Trees.at(dependent.tree(), "metadata", "ownerReferences"))
                .anyMatch(reference -> reference.path("uid").asText().equals(owner)
                        && reference.path("blockOwnerDeletion").asBoolean());
    }

    private void dropReferences(Stored dependent, Predicate<String> owner) {
        ObjectNode tree = dependent.tree();
        Trees.removeFrom(
                Trees.child(tree, "metadata"),
                "ownerReferences",
                reference -> owner.test(reference.path("uid").asText()));
        writes.direct(dependent.key(), tree);
    }

    private void finish(Stored owner, ObjectNode tree, String finalizer) {
        Trees.removeFrom(
                Trees.child(tree, "metadata"),
                "finalizers",
                (JsonNode found) -> found.asText().equals(finalizer));
        writes.direct(owner.key(), tree);
    }
}
