package dev.lantern.quickstart;

/**
 * The agent's input.
 *
 * @param outbox the file that stands for the world
 */
public record Ticket(String id, String outbox) {}
