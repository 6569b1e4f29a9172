package dev.lantern.gate;

import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * A node as the cluster reports it. Most of it is the node's own word: its kubelet writes labels, conditions and
 * handlers.
 *
 * @param id which node
 * @param versions what it runs
 * @param labels its labels
 * @param taints its taints
 * @param unfit why no new pod goes there, one reason each: cordoned, not ready, short of memory; empty if it is fit
 * @param handlers the handlers it lists in {@code status.runtimeHandlers}; empty if it lists none, which tells nothing
 * @param devices whole numbers of {@code status.allocatable} beyond processor, memory and storage, such as
 *     {@code nvidia.com/gpu}
 */
public record NodeFact(
        NodeId id,
        Versions versions,
        SortedMap<String, String> labels,
        List<Taint> taints,
        List<String> unfit,
        Optional<List<Handler>> handlers,
        SortedMap<String, Long> devices) {
    public NodeFact {
        labels = Collections.unmodifiableSortedMap(new TreeMap<>(labels));
        taints = List.copyOf(taints);
        unfit = List.copyOf(unfit);
        handlers = handlers.filter(listed -> !listed.isEmpty()).map(List::copyOf);
        devices = Collections.unmodifiableSortedMap(new TreeMap<>(devices));
    }

    /**
     * What it runs.
     *
     * @param kubelet version of the kubelet
     * @param kernel version of the kernel
     * @param containerRuntime name and version of the container runtime
     */
    public record Versions(String kubelet, String kernel, String containerRuntime) {}

    /**
     * A handler that the node's container runtime has registered.
     *
     * @param name its name; the default handler's is empty
     * @param userNamespaces whether it supports {@code hostUsers: false}
     */
    public record Handler(String name, boolean userNamespaces) {}
}
