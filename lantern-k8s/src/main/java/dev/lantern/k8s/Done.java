package dev.lantern.k8s;

import com.google.gson.JsonObject;

/**
 * It is done. Of a dry run, what would have come of it. Not in {@link Result}, where it would be public, and a tree of the
 * JSON library with it.
 *
 * @param tree the answer: the object as it is now, or a {@code Status} after a deletion
 */
record Done(JsonObject tree) implements Result {}
