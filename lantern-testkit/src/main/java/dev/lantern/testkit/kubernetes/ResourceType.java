package dev.lantern.testkit.kubernetes;

import java.util.List;

/**
 * One kind of resource that the fake serves.
 *
 * @param group empty for the core group
 * @param stored false for reviews, which are answered and forgotten
 */
record ResourceType(
        String group,
        String version,
        String plural,
        String singular,
        String kind,
        boolean namespaced,
        boolean stored,
        List<String> shortNames,
        List<String> subresources)
        implements Comparable<ResourceType> {

    /** {@code v1}, {@code batch/v1}. */
    String apiVersion() {
        return group.isEmpty() ? version : group + "/" + version;
    }

    /** {@code pods}, {@code jobs.batch}: how error texts and tests name it. */
    String qualified() {
        return group.isEmpty() ? plural : plural + "." + group;
    }

    /** {@code Pod}, {@code Job.batch}: how the text of an invalid object names it. */
    String kindAndGroup() {
        return group.isEmpty() ? kind : kind + "." + group;
    }

    boolean hasStatus() {
        return subresources.contains("status");
    }

    @Override
    public int compareTo(ResourceType other) {
        int groups = group.compareTo(other.group);
        return groups != 0 ? groups : plural.compareTo(other.plural);
    }
}
