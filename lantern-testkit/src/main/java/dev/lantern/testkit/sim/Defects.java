package dev.lantern.testkit.sim;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.ArrayList;
import java.util.List;

/** What must not happen and did. */
final class Defects {
    private static final int KEPT = 20;

    private final Timeline timeline;
    private final List<String> found = new ArrayList<>();

    Defects(Timeline timeline) {
        this.timeline = timeline;
    }

    void found(String defect) {
        timeline.note("DEFECT", () -> defect);
        if (found.size() < KEPT && !found.contains(defect)) {
            found.add(defect);
        }
    }

    /** A turn that throws is a defect; whoever had it goes on, as in a real process. */
    void guard(Life life, Runnable turn) {
        try {
            turn.run();
        } catch (RuntimeException e) {
            StringWriter trace = new StringWriter();
            e.printStackTrace(new PrintWriter(trace));
            found("a turn of " + life + " threw " + trace);
        }
    }

    List<String> list() {
        return List.copyOf(found);
    }
}
