package dev.lantern.k8s;

/**
 * What the host's user must be allowed for one request: a rule of RBAC.
 *
 * @param group the API group; empty is the core group
 * @param resource the resource, in the plural, or a path
 * @param verb what is done with it
 * @param where {@code in the cluster}, or the namespace
 */
record Rule(String group, String resource, String verb, String where) {

    static Rule cluster(String group, String resource, String verb) {
        return new Rule(group, resource, verb, "in the whole cluster");
    }

    static Rule namespace(String namespace, String group, String resource, String verb) {
        return new Rule(group, resource, verb, "in namespace " + namespace);
    }

    /** A path that is no resource. */
    static Rule path(String path) {
        return new Rule("", path, "get", "in the whole cluster");
    }

    /** As it stands in a Role, and where it has to hold. */
    @Override
    public String toString() {
        if (resource.startsWith("/")) {
            return "{nonResourceURLs: [\"" + resource + "\"], verbs: [\"" + verb + "\"]} " + where;
        }
        return "{apiGroups: [\"" + group + "\"], resources: [\"" + resource + "\"], verbs: [\"" + verb + "\"]} "
                + where;
    }
}
