package dev.lantern.k8s;

import com.google.gson.JsonArray;
import com.google.gson.JsonNull;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.util.List;

/** What a real API server (1.36) makes of a template, without a webhook in between. */
final class Persisted {
    static final String JOB_UID = "9da050cd-2716-46d5-a472-6f2c9607c675";
    static final List<String> NODES = List.of("node-a", "node-b");
    static final Ungating UNGATING = new Ungating("663", NODES);

    private Persisted() {}

    static JsonObject job(JsonObject template) {
        JsonObject job = template.deepCopy();
        String name = job.getAsJsonObject("metadata").get("name").getAsString();
        common(job.getAsJsonObject("metadata"), JOB_UID);
        JsonObject spec = job.getAsJsonObject("spec");
        spec.add("selector", json("{\"matchLabels\":{\"batch.kubernetes.io/controller-uid\":\"" + JOB_UID + "\"}}"));
        labels(spec.getAsJsonObject("template").getAsJsonObject("metadata").getAsJsonObject("labels"), name);
        job.add("status", new JsonObject());
        return job;
    }

    static JsonObject held(JsonObject template) {
        JsonObject pod = JobTemplate.podOf(template);
        String name = template.getAsJsonObject("metadata").get("name").getAsString();
        JsonObject metadata = pod.getAsJsonObject("metadata");
        metadata.addProperty("name", name + "-62hn8");
        metadata.addProperty("generateName", name + "-");
        common(metadata, "ae31e658-8f58-47dc-a274-5a16e6c8a4ed");
        labels(metadata.getAsJsonObject("labels"), name);
        metadata.add("ownerReferences", JsonParser.parseString("""
                [{"apiVersion":"batch/v1","kind":"Job","name":"%s","uid":"%s","controller":true,"blockOwnerDeletion":true}]
                """.formatted(name, JOB_UID)));
        metadata.add("finalizers", Tree.strings("batch.kubernetes.io/job-tracking"));
        JsonObject spec = pod.getAsJsonObject("spec");
        spec.addProperty("priority", 0);
        spec.addProperty("preemptionPolicy", "PreemptLowerPriority");
        pod.add("status", json("{\"phase\":\"Pending\",\"qosClass\":\"Burstable\"}"));
        return pod;
    }

    static JsonObject letGo(JsonObject template) {
        JsonObject pod = held(template);
        merge(pod, UNGATING.patch());
        pod.getAsJsonObject("spec").remove("schedulingGates");
        pod.getAsJsonObject("metadata").addProperty("generation", 2);
        return pod;
    }

    static JsonObject bound(JsonObject template) {
        JsonObject pod = letGo(template);
        JsonObject metadata = pod.getAsJsonObject("metadata");
        metadata.getAsJsonObject("labels").addProperty("topology.kubernetes.io/zone", "eu-west-1a");
        metadata.getAsJsonObject("annotations").addProperty("cni.projectcalico.org/podIP", "10.1.2.3/32");
        pod.getAsJsonObject("spec").addProperty("nodeName", "node-b");
        pod.getAsJsonObject("status").addProperty("phase", "Running");
        return pod;
    }

    /** RFC 7386, as an API server does it. */
    static void merge(JsonObject target, JsonObject patch) {
        patch.entrySet().forEach(member -> {
            if (member.getValue() instanceof JsonNull) {
                target.remove(member.getKey());
            } else if (member.getValue() instanceof JsonObject change
                    && target.get(member.getKey()) instanceof JsonObject inner) {
                merge(inner, change);
            } else {
                target.add(member.getKey(), member.getValue().deepCopy());
            }
        });
    }

    private static void common(JsonObject metadata, String uid) {
        metadata.addProperty("uid", uid);
        metadata.addProperty("resourceVersion", "663");
        metadata.addProperty("generation", 1);
        metadata.addProperty("creationTimestamp", "2026-01-01T00:00:00Z");
        JsonArray managed = new JsonArray();
        managed.add(json("{\"manager\":\"kube-controller-manager\",\"operation\":\"Update\"}"));
        metadata.add("managedFields", managed);
    }

    private static void labels(JsonObject labels, String name) {
        labels.addProperty("batch.kubernetes.io/controller-uid", JOB_UID);
        labels.addProperty("batch.kubernetes.io/job-name", name);
        labels.addProperty("controller-uid", JOB_UID);
        labels.addProperty("job-name", name);
    }

    static JsonObject json(String text) {
        return JsonParser.parseString(text).getAsJsonObject();
    }
}
