package dev.lantern.k8s;

/** Where the objects of instances are, and what it takes to be allowed there. */
final class Paths {
    static final String BATCH = "batch";

    private Paths() {}

    static String jobs(String namespace) {
        return "/apis/batch/v1/namespaces/" + namespace + "/jobs";
    }

    static String pods(String namespace) {
        return "/api/v1/namespaces/" + namespace + "/pods";
    }

    static String claims(String namespace) {
        return "/api/v1/namespaces/" + namespace + "/persistentvolumeclaims";
    }

    static String events(String namespace) {
        return "/api/v1/namespaces/" + namespace + "/events";
    }

    static Get job(String namespace, String name) {
        return Get.of(jobs(namespace) + "/" + name, Rule.namespace(namespace, BATCH, "jobs", "get"));
    }

    static Get pod(String namespace, String name) {
        return Get.of(pods(namespace) + "/" + name, Rule.namespace(namespace, "", "pods", "get"));
    }

    /** The pods that bear an instance's mark. */
    static Get podsOf(String namespace, String installation, String job) {
        return Get.of(pods(namespace), Rule.namespace(namespace, "", "pods", "list"))
                .with("labelSelector", Marks.INSTALLATION + "=" + installation + "," + Marks.INSTANCE + "=" + job);
    }

    static Change deleteJob(String namespace, String name, String uid) {
        return Change.delete(jobs(namespace), name, uid, Rule.namespace(namespace, BATCH, "jobs", "delete"));
    }
}
