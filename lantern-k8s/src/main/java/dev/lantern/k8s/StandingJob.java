package dev.lantern.k8s;

import com.google.gson.JsonObject;

/**
 * An instance's Job as it stands, compared.
 *
 * @param request what it was made of
 * @param template the same as a tree
 * @param uid the UID under which it stands
 */
record StandingJob(PodRequest request, JsonObject template, String uid) {}
