package dev.lantern.k8s;

import com.google.gson.JsonObject;

/**
 * An object that an operator applies before the first run.
 *
 * @param comment what it is for, for whoever reads the file
 * @param object the object, with every default that the API server would fill in, so that it can be compared
 */
record Manifest(String comment, JsonObject object) {

    String kind() {
        return object.get("kind").getAsString();
    }

    String name() {
        return object.getAsJsonObject("metadata").get("name").getAsString();
    }
}
