package dev.lantern.k8s;

import java.util.Collections;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * One request to read something.
 *
 * @param path from the root of the API server
 * @param query its parameters
 * @param rule what it takes to be allowed
 */
record Get(String path, SortedMap<String, String> query, Rule rule) {
    Get {
        query = Collections.unmodifiableSortedMap(new TreeMap<>(query));
    }

    static Get of(String path, Rule rule) {
        return new Get(path, new TreeMap<>(), rule);
    }

    Get with(String parameter, String value) {
        SortedMap<String, String> more = new TreeMap<>(query);
        more.put(parameter, value);
        return new Get(path, more, rule);
    }

    /** Who was asked what; without the query, which is different every time. */
    String source() {
        return "GET " + path;
    }
}
