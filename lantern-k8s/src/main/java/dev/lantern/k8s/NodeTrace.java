package dev.lantern.k8s;

import dev.lantern.gate.NodeId;

/**
 * What is held of a node.
 *
 * @param id which one, in which of its lives
 * @param ready whether its kubelet says that it is well; false as well when nobody hears of it
 */
record NodeTrace(NodeId id, boolean ready) {

    static NodeTrace read(View node) throws UnreadableException {
        View metadata = node.child("metadata");
        View status = node.child("status");
        boolean ready = false;
        for (View condition : status.children("conditions")) {
            ready |= condition.text("type").equals("Ready")
                    && condition.text("status").equals("True");
        }
        NodeId id = new NodeId(
                metadata.text("name"),
                metadata.text("uid"),
                status.child("nodeInfo").optionalText("bootID").orElse(""));
        return new NodeTrace(id, ready);
    }
}
