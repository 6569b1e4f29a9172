package dev.lantern.k8s;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * What can be seen at present. From what is not seen follows something only while everything is; what cannot be
 * seen for long is said once. One thread at a time.
 */
final class Eyes {
    private final Map<String, Eye> byName = new TreeMap<>();

    /** One mirror. */
    private static final class Eye {
        private boolean clear;
        private boolean saidSo;
        private long since;
        private String why = "it was not answered yet";
    }

    /** There is such a mirror, and it has told nothing yet. */
    void open(Kind kind, Optional<String> namespace, long now) {
        Eye eye = new Eye();
        eye.since = now;
        byName.put(name(kind, namespace), eye);
    }

    /** @return what to say of it, if it was said that it could not see */
    Optional<String> clear(Kind kind, Optional<String> namespace) {
        Eye eye = eye(kind, namespace);
        boolean said = eye.saidSo;
        eye.clear = true;
        eye.saidSo = false;
        return said ? Optional.of(name(kind, namespace) + " are watched again") : Optional.empty();
    }

    void blind(Kind kind, Optional<String> namespace, String why, long now) {
        Eye eye = eye(kind, namespace);
        eye.since = eye.clear ? now : eye.since;
        eye.clear = false;
        eye.why = why;
    }

    /** Whether everything of this kind in that namespace has been told, and what changes is followed. */
    boolean see(Kind kind, String namespace) {
        Eye everywhere = byName.get(name(kind, Optional.empty()));
        Eye here = everywhere == null ? byName.get(name(kind, Optional.of(namespace))) : everywhere;
        return here != null && here.clear;
    }

    boolean isClear(Kind kind, Optional<String> namespace) {
        return eye(kind, namespace).clear;
    }

    /** What has not been seen for that long and was not said yet. */
    List<String> sayBlind(Duration patience, long now) {
        List<String> lines = new ArrayList<>();
        byName.forEach((name, eye) -> {
            if (!eye.clear && !eye.saidSo && now - eye.since >= patience.toNanos()) {
                eye.saidSo = true;
                lines.add(name + " cannot be watched since " + patience.toSeconds() + " s or more: " + eye.why);
            }
        });
        return lines;
    }

    private Eye eye(Kind kind, Optional<String> namespace) {
        Eye eye = byName.get(name(kind, namespace));
        if (eye == null) {
            throw new IllegalStateException("nobody watches " + name(kind, namespace));
        }
        return eye;
    }

    private static String name(Kind kind, Optional<String> namespace) {
        return kind.words() + namespace.map(name -> " of namespace " + name).orElse("");
    }

    /** What is watched. */
    enum Kind {
        JOBS("Jobs"),
        PODS("pods"),
        NODES("nodes"),
        EVENTS("events"),
        CLASSES("RuntimeClasses"),
        POLICIES("NetworkPolicies"),
        NEIGHBOURS("pods of others");

        private final String words;

        Kind(String words) {
            this.words = words;
        }

        String words() {
            return words;
        }
    }
}
