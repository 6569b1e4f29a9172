package dev.lantern.k8s;

/**
 * Which objects are mirrored, and what is kept of each.
 *
 * @param get lists them, with their selector
 * @param apiVersion of the objects
 * @param kind of the objects
 * @param kept keeps of an object what is wanted; it is all that is held of thousands of them
 */
record Mirrored<T>(Get get, String apiVersion, String kind, PageReader.ItemReader<T> kept) {
    private static final String PART = "500";

    /** A part of the list. */
    Get part(String next) {
        Get part = get.with("limit", PART);
        return next.isEmpty() ? part : part.with("continue", next);
    }

    /** What changes after that version. */
    Get changes(String version, long seconds) {
        Rule list = get.rule();
        return new Get(get.path(), get.query(), new Rule(list.group(), list.resource(), "watch", list.where()))
                .with("watch", "true")
                .with("allowWatchBookmarks", "true")
                .with("resourceVersion", version)
                .with("timeoutSeconds", Long.toString(seconds));
    }
}
