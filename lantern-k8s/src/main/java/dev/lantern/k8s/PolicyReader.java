package dev.lantern.k8s;

import com.google.gson.JsonObject;
import java.util.ArrayList;
import java.util.List;

/** Reads a NetworkPolicy: the whole of it, because one that was shipped is compared, and what it means for agents. */
final class PolicyReader {
    private PolicyReader() {}

    static Policy read(View policy) throws UnreadableException {
        View spec = policy.child("spec");
        List<String> allows = new ArrayList<>();
        for (String direction : List.of("ingress", "egress")) {
            if (!spec.children(direction).isEmpty()) {
                allows.add(direction);
            }
        }
        return new Policy(
                policy.child("metadata").text("name"),
                policy.object(),
                allows,
                AgentSelector.couldSelect(spec.child("podSelector")));
    }

    /**
     * A policy.
     *
     * @param name its name
     * @param object the whole of it
     * @param allows in which directions it allows anything; one that only denies takes nothing away from the others
     * @param couldSelectAgents whether there could be an agent's pod that it selects
     */
    record Policy(String name, JsonObject object, List<String> allows, boolean couldSelectAgents) {

        /** Policies add up, so this is all that widening takes. */
        boolean widens() {
            return couldSelectAgents && !allows.isEmpty();
        }

        String text() {
            return "NetworkPolicy " + name + " could select agents' pods and allows " + String.join(" and ", allows);
        }
    }
}
