package dev.lantern.agent.wire;

import dev.lantern.value.LanternException;
import dev.lantern.value.internal.Json;
import java.time.Duration;

/**
 * What a harness found when it tried the fence, before anything of the agent ran: whether the gateway answered, round after
 * round, while an address that is forbidden did not.
 *
 * @param holds whether it held for long enough at a stretch
 * @param forbidden the address that must not answer, {@code host:port}
 * @param rounds how many rounds held at a stretch, at the end
 * @param stretch how long that stretch was; whole milliseconds
 * @param said what went wrong in the last round that did not hold; empty if every one did
 */
public record FenceReport(boolean holds, String forbidden, int rounds, Duration stretch, String said) {
    private static final int LONGEST = 512;
    private static final int MOST = 1_000_000;

    public FenceReport {
        if (forbidden.length() > LONGEST || said.length() > LONGEST || rounds < 0 || stretch.isNegative()) {
            throw new LanternException(
                    "a fence report has texts of at most " + LONGEST + " characters and counts nothing below 0");
        }
        stretch = Duration.ofMillis(stretch.toMillis());
    }

    /** Its form on the wire and in the journal. */
    public Json.Obj json() {
        return Json.object()
                .put("holds", holds)
                .put("forbidden", forbidden)
                .put("rounds", rounds)
                .put("stretchMillis", stretch.toMillis())
                .put("said", said)
                .build();
    }

    /** @throws LanternException if it is not of that form */
    public static FenceReport of(Json.Obj json) {
        json.requireOnly("holds", "forbidden", "rounds", "stretchMillis", "said");
        return new FenceReport(
                json.bool("holds"),
                json.text("forbidden"),
                Members.integer(json, "rounds", 0, MOST),
                Duration.ofMillis(Members.integer(json, "stretchMillis", 0, Integer.MAX_VALUE)),
                json.text("said"));
    }
}
