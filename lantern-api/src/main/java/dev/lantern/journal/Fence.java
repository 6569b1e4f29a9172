package dev.lantern.journal;

/**
 * Who may write, as the writer believes: the host fences hosts, the epoch fences instances, the head fences
 * rivals. A backend compares all three with the run's row in the statement that inserts.
 *
 * @param host the writer's own incarnation, from {@link Journal#join}
 * @param epoch the run's newest epoch
 * @param head the head that the new events follow
 */
public record Fence(long host, int epoch, Head head) {}
