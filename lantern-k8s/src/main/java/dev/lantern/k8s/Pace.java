package dev.lantern.k8s;

import java.time.Duration;

/**
 * How patient a {@link Mirror} is. All of it is finite.
 *
 * @param watch after how long the API server is to end a watch; give or take a tenth
 * @param silence how long nothing may come; bookmarks come about once a minute
 * @param list how long a part of a list may take
 * @param relist how often everything is read anew, in case a watch missed something
 * @param leastPause between two requests
 * @param mostPause between two requests of which nothing came
 */
record Pace(Duration watch, Duration silence, Duration list, Duration relist, Duration leastPause, Duration mostPause) {
    static final Pace USUAL = new Pace(
            Duration.ofSeconds(240),
            Duration.ofSeconds(150),
            Duration.ofSeconds(60),
            Duration.ofMinutes(30),
            Duration.ofMillis(200),
            Duration.ofSeconds(30));
}
