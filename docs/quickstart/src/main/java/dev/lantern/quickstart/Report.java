package dev.lantern.quickstart;

/** The agent's output. */
public record Report(String summary, String team, String reply) {}
