package dev.lantern.substrate;

/**
 * Names what an instance is to a cluster, in one of the lives of that name.
 *
 * @param namespace {@code metadata.namespace}
 * @param name {@code metadata.name}
 * @param uid {@code metadata.uid}: a pod that was deleted and made again has another
 */
public record PodId(String namespace, String name, String uid) {}
