package dev.lantern.testkit.kubernetes;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;

/** Who asks. */
record User(String name, String uid, List<String> groups, ObjectNode extra) {
    private static final String MASTERS = "system:masters";

    static User admin() {
        return new User("kubernetes-admin", "", List.of(MASTERS, "system:authenticated"), Trees.object());
    }

    /** A part of the cluster itself. */
    static User controller(String name) {
        return new User(
                "system:serviceaccount:kube-system:" + name,
                "",
                List.of(MASTERS, "system:serviceaccounts", "system:authenticated"),
                Trees.object());
    }

    /** Whom no rule binds. */
    boolean isMaster() {
        return groups.contains(MASTERS);
    }
}
