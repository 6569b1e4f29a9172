package dev.lantern.k8s;

import java.util.ArrayList;
import java.util.List;

/** Why no new pod goes to a node, in words that follow "is". */
final class Fitness {
    /** Every reason that says so begins with it. */
    static final String NOT_READY = "not ready";

    private Fitness() {}

    static List<String> of(View node) throws UnreadableException {
        List<String> unfit = new ArrayList<>();
        if (node.child("metadata").has("deletionTimestamp")) {
            unfit.add("being deleted");
        }
        if (node.child("spec").flag("unschedulable")) {
            unfit.add("cordoned");
        }
        View status = node.child("status");
        conditions(status.children("conditions"), unfit);
        View info = status.child("nodeInfo");
        String system = info.optionalText("operatingSystem").orElse("");
        if (!system.isEmpty() && !system.equals("linux")) {
            unfit.add("a machine with " + system);
        }
        if (info.optionalText("bootID").orElse("").isEmpty()) {
            unfit.add("silent about its boot id");
        }
        return unfit;
    }

    private static void conditions(List<View> conditions, List<String> unfit) throws UnreadableException {
        String ready = NOT_READY + " (it does not say whether it is)";
        for (View condition : conditions) {
            String status = condition.text("status");
            switch (condition.text("type")) {
                case "Ready" -> ready = ready(status, condition);
                case "MemoryPressure" -> add(status, "short of memory", unfit);
                case "DiskPressure" -> add(status, "short of disk", unfit);
                case "PIDPressure" -> add(status, "short of process ids", unfit);
                case "NetworkUnavailable" -> add(status, "without a network", unfit);
                default -> {
                    // Others are those of node problem detectors and clouds; none of them keeps pods away by itself.
                }
            }
        }
        if (!ready.isEmpty()) {
            unfit.add(ready);
        }
    }

    private static String ready(String status, View condition) throws UnreadableException {
        if (status.equals("True")) {
            return "";
        }
        String reason = condition.optionalText("reason").orElse("");
        return NOT_READY + " (" + status + (reason.isEmpty() ? "" : ", " + reason) + ")";
    }

    /** False is well, Unknown is what a lost node says of everything: then it is not ready either. */
    private static void add(String status, String reason, List<String> unfit) {
        if (status.equals("True")) {
            unfit.add(reason);
        }
    }
}
