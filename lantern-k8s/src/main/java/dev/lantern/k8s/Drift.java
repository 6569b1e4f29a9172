package dev.lantern.k8s;

import java.util.List;

/** What a difference means: the kinds of harm, the narrower before the wider. */
enum Drift {
    SANDBOX_SETTINGS("an annotation that reconfigures the sandbox or its runtime"),
    BOUNDARY("another boundary than the one that was admitted"),
    GATE("the gate that holds the pod until it was compared"),
    EPHEMERAL_CONTAINER("a container that was put into the running pod"),
    IMAGE("another program than the one that was admitted"),
    CONTAINERS("other containers than the harness and the agent"),
    PRIVILEGE("more rights on the node than the class allows"),
    TOKEN("a credential of the cluster inside the pod"),
    STORAGE("other volumes or mounts"),
    PROGRAM("another command, argument or variable"),
    LIFECYCLE("other probes, deadlines or restarts"),
    LIMITS("other limits"),
    PLACEMENT("other nodes than those that were verified"),
    NETWORK("another way into the network"),
    IDENTITY("another object, or another owner of it"),
    DELETION("the object is being deleted"),
    OTHER("a field that the template does not have or has otherwise");

    private static final List<String> SANDBOX_PREFIXES = List.of(
            "dev.gvisor.", "io.katacontainers.", "io.kubernetes.cri.", "io.kubernetes.cri-o.", "io.containerd.");

    private final String meaning;

    Drift(String meaning) {
        this.meaning = meaning;
    }

    String meaning() {
        return meaning;
    }

    /** Judged by where it is, in a Job's template or in a pod alike. */
    static Drift of(Delta delta) {
        List<String> path = delta.path();
        if (delta.under("spec", "template", "*")) {
            return of(new Delta(path.subList(2, path.size()), delta.expected(), delta.found()));
        }
        if (delta.under("metadata")) {
            return ofMetadata(delta);
        }
        if (delta.under("spec", "containers", "*") || delta.under("spec", "initContainers", "*")) {
            return ofContainer(delta);
        }
        return path.size() > 1 && path.get(0).equals("spec") ? ofSpec(delta, path.get(1)) : ofRoot(delta);
    }

    private static Drift ofRoot(Delta delta) {
        return delta.at("kind") || delta.at("apiVersion") ? IDENTITY : OTHER;
    }

    private static Drift ofMetadata(Delta delta) {
        if (delta.under("metadata", "annotations", "*")
                && SANDBOX_PREFIXES.stream()
                        .anyMatch(prefix -> delta.path().get(2).startsWith(prefix))) {
            return SANDBOX_SETTINGS;
        }
        boolean deletion =
                delta.at("metadata", "deletionTimestamp") || delta.at("metadata", "deletionGracePeriodSeconds");
        return deletion ? DELETION : IDENTITY;
    }

    private static Drift ofContainer(Delta delta) {
        if (delta.path().size() == 3) {
            return CONTAINERS;
        }
        return switch (delta.path().get(3)) {
            case "image", "imagePullPolicy" -> IMAGE;
            case "name" -> CONTAINERS;
            case "securityContext" -> PRIVILEGE;
            case "volumeMounts", "volumeDevices" -> STORAGE;
            case "command", "args", "env", "envFrom", "workingDir", "stdin", "stdinOnce", "tty" -> PROGRAM;
            case "resources", "resizePolicy" -> LIMITS;
            case "ports" -> NETWORK;
            case "startupProbe",
                    "livenessProbe",
                    "readinessProbe",
                    "lifecycle",
                    "restartPolicy",
                    "restartPolicyRules",
                    "terminationMessagePath",
                    "terminationMessagePolicy" -> LIFECYCLE;
            default -> OTHER;
        };
    }

    private static Drift ofSpec(Delta delta, String field) {
        return switch (field) {
            case "runtimeClassName", "overhead" -> BOUNDARY;
            case "schedulingGates" -> GATE;
            case "ephemeralContainers" -> EPHEMERAL_CONTAINER;
            case "containers", "initContainers" -> CONTAINERS;
            case "securityContext", "hostPID", "hostIPC", "hostUsers", "shareProcessNamespace", "os" -> PRIVILEGE;
            case "automountServiceAccountToken", "serviceAccountName", "serviceAccount", "imagePullSecrets" -> TOKEN;
            case "volumes" -> holdsToken(delta) ? TOKEN : STORAGE;
            case "nodeName",
                    "nodeSelector",
                    "affinity",
                    "tolerations",
                    "topologySpreadConstraints",
                    "schedulerName",
                    "priority",
                    "priorityClassName",
                    "preemptionPolicy" -> PLACEMENT;
            case "hostNetwork",
                    "dnsPolicy",
                    "dnsConfig",
                    "hostAliases",
                    "hostname",
                    "subdomain",
                    "setHostnameAsFQDN",
                    "enableServiceLinks",
                    "hostnameOverride" -> NETWORK;
            case "resources", "resourceClaims" -> LIMITS;
            case "activeDeadlineSeconds",
                    "terminationGracePeriodSeconds",
                    "restartPolicy",
                    "ttlSecondsAfterFinished",
                    "backoffLimit",
                    "suspend",
                    "parallelism",
                    "completions",
                    "completionMode",
                    "podReplacementPolicy" -> LIFECYCLE;
            default -> OTHER;
        };
    }

    private static boolean holdsToken(Delta delta) {
        return delta.path().contains("projected")
                || delta.found()
                        .map(value -> value.toString().contains("\"serviceAccountToken\""))
                        .orElse(false);
    }
}
