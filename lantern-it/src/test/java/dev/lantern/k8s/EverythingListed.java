package dev.lantern.k8s;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import com.google.gson.JsonPrimitive;
import io.kubernetes.client.openapi.ApiClient;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** All that an API server lists to somebody who may see everything: each resource of each version of each group. */
final class EverythingListed {
    private EverythingListed() {}

    /** Each list as it was sent, by its path and in the order of paths. */
    static Map<String, String> of(ApiClient client) {
        Map<String, String> lists = new TreeMap<>();
        for (String version : versions(client)) {
            for (JsonElement one : object(client, version).getAsJsonArray("resources")) {
                JsonObject resource = one.getAsJsonObject();
                JsonArray verbs = resource.getAsJsonArray("verbs");
                if (verbs.contains(new JsonPrimitive("list"))) {
                    String path = version + "/" + resource.get("name").getAsString();
                    lists.put(path, GatedCluster.read(client, path));
                }
            }
        }
        return lists;
    }

    private static List<String> versions(ApiClient client) {
        List<String> versions = new ArrayList<>();
        for (JsonElement version : object(client, "/api").getAsJsonArray("versions")) {
            versions.add("/api/" + version.getAsString());
        }
        for (JsonElement group : object(client, "/apis").getAsJsonArray("groups")) {
            for (JsonElement version : group.getAsJsonObject().getAsJsonArray("versions")) {
                versions.add(
                        "/apis/" + version.getAsJsonObject().get("groupVersion").getAsString());
            }
        }
        return versions;
    }

    private static JsonObject object(ApiClient client, String path) {
        return JsonParser.parseString(GatedCluster.read(client, path)).getAsJsonObject();
    }
}
