package dev.lantern.k8s;

import com.google.gson.JsonObject;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** The last events about each Job and its pod. One thread at a time. */
final class Sayings {
    /** Of one Job and its pod; what keeps a pod from starting is said again and again. */
    private static final int KEPT = 4;

    private final Map<String, Map<String, Said>> byPlace = new TreeMap<>();

    /**
     * An event that stands.
     *
     * @param saying what it says
     * @param first when it was seen first
     * @param last when it was seen last: it is counted up each time it is said again
     */
    private record Said(Saying saying, long first, long last) {}

    void put(Saying saying, long now) {
        Map<String, Said> here = byPlace.computeIfAbsent(saying.place(), none -> new LinkedHashMap<>());
        Said before = here.remove(saying.id());
        here.put(saying.id(), new Said(saying, before == null ? now : before.first(), now));
        if (here.size() > KEPT) {
            here.remove(here.keySet().iterator().next());
        }
    }

    void remove(Saying saying) {
        Map<String, Said> here = byPlace.get(saying.place());
        if (here != null && here.remove(saying.id()) != null && here.isEmpty()) {
            byPlace.remove(saying.place());
        }
    }

    /** What was said of a Job and its pod, the latest last. */
    List<JsonObject> of(String place) {
        return insisted(place, 0);
    }

    /** What was said again after so many nanoseconds. */
    List<JsonObject> insisted(String place, long nanos) {
        List<JsonObject> events = new ArrayList<>();
        for (Said said : byPlace.getOrDefault(place, Map.of()).values()) {
            if (said.last() - said.first() >= nanos) {
                events.add(said.saying().seen());
            }
        }
        return events;
    }
}
