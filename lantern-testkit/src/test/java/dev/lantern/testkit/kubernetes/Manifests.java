package dev.lantern.testkit.kubernetes;

/** Objects that tests create. */
final class Manifests {
    private Manifests() {}

    static String configMap(String name) {
        return "{'apiVersion':'v1','kind':'ConfigMap','metadata':{'name':'%s'},'data':{'a':'b'}}"
                .formatted(name)
                .replace('\'', '"');
    }

    /** With one container named agent. */
    static String pod(String name, String specFields) {
        return "{'apiVersion':'v1','kind':'Pod','metadata':{'name':'%s'},'spec':{'containers':[{'name':'agent','image':'registry.example/agent:1'}]%s}}"
                .formatted(name, specFields.isEmpty() ? "" : "," + specFields)
                .replace('\'', '"');
    }

    /** With one container named agent, run once. */
    static String job(String name, String specFields, String podFields) {
        return ("{'apiVersion':'batch/v1','kind':'Job','metadata':{'name':'%s','namespace':'default','labels':{'app':'it'}},"
                        + "'spec':{'backoffLimit':0%s,'template':{'metadata':{'labels':{'app':'it'}},'spec':{'restartPolicy':'Never',"
                        + "'automountServiceAccountToken':false,'containers':[{'name':'agent','image':'registry.example/agent:1'}]%s}}}}")
                .formatted(
                        name, specFields.isEmpty() ? "" : "," + specFields, podFields.isEmpty() ? "" : "," + podFields)
                .replace('\'', '"');
    }

    static String runtimeClass(String name, String fields) {
        return "{'apiVersion':'node.k8s.io/v1','kind':'RuntimeClass','metadata':{'name':'%s'}%s}"
                .formatted(name, "," + fields)
                .replace('\'', '"');
    }
}
