package dev.lantern.k8s;

/**
 * What is held of an object.
 *
 * @param key {@code namespace/name}
 * @param uid of the object
 * @param version of the object
 * @param kept what is wanted of it
 */
record Seen<T>(String key, String uid, String version, T kept) {

    boolean isSameAs(Seen<T> other) {
        return uid.equals(other.uid) && version.equals(other.version);
    }
}
