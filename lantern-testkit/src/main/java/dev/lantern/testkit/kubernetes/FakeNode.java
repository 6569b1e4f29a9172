package dev.lantern.testkit.kubernetes;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.function.Consumer;

/** A node of the fake cluster, moved by hand. Thread-safe; each call gives the node back. */
public final class FakeNode {
    private final World world;
    private final Nodes nodes;
    private final String name;

    FakeNode(World world, Nodes nodes, String name) {
        this.world = world;
        this.nodes = nodes;
        this.name = name;
    }

    /** What it is called. */
    public String name() {
        return name;
    }

    /** The machine has these runtime handlers, and its kubelet reports them; {@code ""} is the default one. */
    public FakeNode handlers(String... handlers) {
        world.locked(() -> nodes.handlers(name, List.of(handlers)));
        return this;
    }

    /** The kubelet stops reporting handlers; the machine keeps them. */
    public FakeNode silentAboutHandlers() {
        return change(node -> Trees.child(node, "status").remove("runtimeHandlers"));
    }

    /** Sets a label. */
    public FakeNode label(String key, String value) {
        return change(
                node -> Trees.child(Trees.child(node, "metadata"), "labels").put(key, value));
    }

    /** Adds a taint. */
    public FakeNode taint(String key, String value, String effect) {
        return change(node -> {
            ObjectNode taint = Trees.list(Trees.child(node, "spec"), "taints")
                    .addObject()
                    .put("key", key)
                    .put("effect", effect);
            if (!value.isEmpty()) {
                taint.put("value", value);
            }
            if (effect.equals("NoExecute")) {
                taint.put("timeAdded", world.timestamp());
            }
        });
    }

    /** The machine is cut off: 40 s later the node is not ready, and its pods stay as they were last seen. */
    public FakeNode lose() {
        world.locked(() -> nodes.lose(name));
        return this;
    }

    /** The machine is back, with its pods. */
    public FakeNode recover() {
        world.locked(() -> nodes.recover(name));
        return this;
    }

    /** A boot id as after a restart of the machine. */
    public FakeNode reboot() {
        return change(node -> Trees.child(Trees.child(node, "status"), "nodeInfo")
                .put("bootID", world.names().uid()));
    }

    /** Changes the node object in any other way. */
    public FakeNode change(Consumer<ObjectNode> change) {
        world.locked(() -> nodes.change(name, change));
        return this;
    }

    /** The object goes; its machine is not seen again. */
    public void remove() {
        world.locked(() -> world.store().remove(Key.of(Types.NODES, name)));
    }
}
