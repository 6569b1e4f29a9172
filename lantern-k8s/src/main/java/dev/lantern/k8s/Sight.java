package dev.lantern.k8s;

/**
 * What a {@link Mirror} has seen.
 *
 * @param <T> what is kept of an object
 */
sealed interface Sight<T> {

    /** An object that was not there before. */
    record Came<T>(T now) implements Sight<T> {}

    /** The same object, changed; of several changes perhaps only what came of them. */
    record Changed<T>(T before, T now) implements Sight<T> {}

    /**
     * The object is no more.
     *
     * @param last as it was deleted, or as it was seen last
     */
    record Went<T>(T last) implements Sight<T> {}

    /** Everything there is has been told, and what changes is followed. Told in the beginning and after {@link Blind}. */
    record Clear<T>() implements Sight<T> {}

    /**
     * What changes is not followed at present, which says nothing about the objects. It is told later.
     *
     * @param why what happened, and what to do about it
     */
    record Blind<T>(String why) implements Sight<T> {}
}
