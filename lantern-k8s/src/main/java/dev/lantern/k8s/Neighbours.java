package dev.lantern.k8s;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Who stands on which node, but for those that belong to it. One thread at a time. */
final class Neighbours {
    private final Map<String, Map<String, Neighbour>> byNode = new TreeMap<>();

    /** Whether somebody is on that node that was not. */
    boolean put(Neighbour pod) {
        return !pod.node().isEmpty()
                && byNode.computeIfAbsent(pod.node(), none -> new TreeMap<>()).put(pod.uid(), pod) == null;
    }

    void remove(Neighbour pod) {
        Map<String, Neighbour> here = byNode.get(pod.node());
        if (here != null && here.remove(pod.uid()) != null && here.isEmpty()) {
            byNode.remove(pod.node());
        }
    }

    /** All but this one. */
    List<Neighbour> on(String node, String exceptUid) {
        return byNode.getOrDefault(node, Map.of()).values().stream()
                .filter(pod -> !pod.uid().equals(exceptUid))
                .toList();
    }
}
