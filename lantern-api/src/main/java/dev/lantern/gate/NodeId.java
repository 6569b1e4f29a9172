package dev.lantern.gate;

/**
 * Names one node in one of its lives.
 *
 * @param name {@code metadata.name}
 * @param uid {@code metadata.uid}: a node that was deleted and registered again has another
 * @param bootId {@code status.nodeInfo.bootID}: another after each start of its kernel
 */
public record NodeId(String name, String uid, String bootId) {}
