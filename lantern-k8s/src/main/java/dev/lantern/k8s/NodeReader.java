package dev.lantern.k8s;

import dev.lantern.gate.NodeFact;
import dev.lantern.gate.NodeId;
import dev.lantern.gate.Taint;
import dev.lantern.spec.InvalidSpecException;
import dev.lantern.spec.Quantity;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Reads a node and keeps what the gate asks about; images and addresses, most of a node's bytes, are let go. Nodes are
 * alike, so words that they share are held once. One thread at a time.
 */
final class NodeReader {
    private final Map<String, String> words = new TreeMap<>();

    NodeFact read(View node) throws UnreadableException {
        View metadata = node.child("metadata");
        View status = node.child("status");
        View info = status.child("nodeInfo");
        NodeId id = new NodeId(
                metadata.text("name"),
                metadata.text("uid"),
                info.optionalText("bootID").orElse(""));
        return new NodeFact(
                id,
                new NodeFact.Versions(
                        once(info.optionalText("kubeletVersion").orElse("unknown")),
                        once(info.optionalText("kernelVersion").orElse("unknown")),
                        once(info.optionalText("containerRuntimeVersion").orElse("unknown"))),
                labels(metadata),
                taints(node.child("spec")),
                Fitness.of(node),
                handlers(status),
                devices(status));
    }

    private SortedMap<String, String> labels(View metadata) throws UnreadableException {
        SortedMap<String, String> labels = new TreeMap<>();
        metadata.textsByName("labels").forEach((key, value) -> labels.put(once(key), once(value)));
        return labels;
    }

    private List<Taint> taints(View spec) throws UnreadableException {
        List<Taint> taints = new ArrayList<>();
        for (View taint : spec.children("taints")) {
            taints.add(new Taint(
                    once(taint.text("key")), once(taint.optionalText("value").orElse("")), once(taint.text("effect"))));
        }
        return taints;
    }

    private Optional<List<NodeFact.Handler>> handlers(View status) throws UnreadableException {
        List<NodeFact.Handler> handlers = new ArrayList<>();
        for (View handler : status.children("runtimeHandlers")) {
            handlers.add(new NodeFact.Handler(
                    once(handler.optionalText("name").orElse("")),
                    handler.child("features").flag("userNamespaces")));
        }
        return handlers.isEmpty() ? Optional.empty() : Optional.of(handlers);
    }

    /** What device plugins offer has a domain in its name; processor, memory and storage have none. */
    private SortedMap<String, Long> devices(View status) throws UnreadableException {
        SortedMap<String, Long> devices = new TreeMap<>();
        for (Map.Entry<String, String> entry : status.quantities("allocatable").entrySet()) {
            if (entry.getKey().contains("/")) {
                Optional<Long> whole = whole(entry.getValue());
                if (whole.isPresent()) {
                    devices.put(once(entry.getKey()), whole.get());
                }
            }
        }
        return devices;
    }

    /** Empty for a quantity that is no number of things: it offers none. */
    private static Optional<Long> whole(String quantity) {
        try {
            Quantity parsed = Quantity.parse(quantity);
            return parsed.isWhole() ? Optional.of(parsed.value().longValueExact()) : Optional.empty();
        } catch (InvalidSpecException e) {
            // The kubelet's own word, as everything here is: one node's nonsense must not hide the others.
            return Optional.empty();
        }
    }

    private String once(String word) {
        String known = words.putIfAbsent(word, word);
        return known == null ? word : known;
    }
}
