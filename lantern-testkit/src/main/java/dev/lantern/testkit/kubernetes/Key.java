package dev.lantern.testkit.kubernetes;

/**
 * Where a resource stands in the store; in the order in which lists come.
 *
 * @param namespace empty for what has none
 */
record Key(ResourceType type, String namespace, String name) implements Comparable<Key> {
    static Key of(ResourceType type, String namespace, String name) {
        return new Key(type, namespace, name);
    }

    static Key of(ResourceType type, String name) {
        return new Key(type, "", name);
    }

    @Override
    public int compareTo(Key other) {
        int types = type.compareTo(other.type);
        if (types != 0) {
            return types;
        }
        int namespaces = namespace.compareTo(other.namespace);
        return namespaces != 0 ? namespaces : name.compareTo(other.name);
    }

    @Override
    public String toString() {
        return type.qualified() + " " + (namespace.isEmpty() ? name : namespace + "/" + name);
    }
}
