package dev.lantern.gate;

/**
 * Where an admitted instance is to run.
 *
 * @param handler the boundary that it gets; never weaker than its class demands
 */
public record Placement(HandlerKind handler) {}
