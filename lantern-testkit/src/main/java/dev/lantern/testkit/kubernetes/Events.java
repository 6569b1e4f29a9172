package dev.lantern.testkit.kubernetes;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/** Events of the cluster's own parts; the same thing said again is counted on the first. */
final class Events {
    private static final int REMEMBERED = 10_000;

    private final World world;
    private final Map<String, Key> said = new LinkedHashMap<>();

    Events(World world) {
        this.world = world;
    }

    void normal(Stored about, String component, String reason, String message) {
        say(about, "Normal", component, reason, message);
    }

    void warning(Stored about, String component, String reason, String message) {
        say(about, "Warning", component, reason, message);
    }

    void say(Stored about, String type, String component, String reason, String message) {
        String identity = about.uid() + "/" + reason + "/" + message;
        Optional<Stored> before = Optional.ofNullable(said.get(identity)).flatMap(world.store()::find);
        if (before.isPresent()) {
            ObjectNode event = before.get().tree();
            event.put("count", event.path("count").asLong() + 1);
            event.put("lastTimestamp", world.timestamp());
            world.store().put(before.get().key(), event);
            return;
        }
        if (said.size() == REMEMBERED) {
            said.clear();
        }
        String namespace =
                about.key().namespace().isEmpty() ? "default" : about.key().namespace();
        Key key = Key.of(
                Types.EVENTS,
                namespace,
                about.key().name() + "." + world.names().hex(16));
        said.put(identity, key);
        world.store().put(key, event(about, key, type, component, reason, message));
    }

    private ObjectNode event(Stored about, Key key, String type, String component, String reason, String message) {
        ObjectNode event = Trees.object();
        event.putObject("metadata")
                .put("name", key.name())
                .put("namespace", key.namespace())
                .put("uid", world.names().uid())
                .put("creationTimestamp", world.timestamp());
        ObjectNode involved = event.putObject("involvedObject")
                .put("kind", about.key().type().kind())
                .put("apiVersion", about.key().type().apiVersion())
                .put("name", about.key().name())
                .put("uid", about.uid())
                .put("resourceVersion", Long.toString(about.version()));
        if (!about.key().namespace().isEmpty()) {
            involved.put("namespace", about.key().namespace());
        }
        event.put("reason", reason);
        event.put("message", message);
        event.putObject("source").put("component", component);
        event.put("firstTimestamp", world.timestamp());
        event.put("lastTimestamp", world.timestamp());
        event.put("count", 1);
        event.put("type", type);
        event.putNull("eventTime");
        event.put("reportingComponent", component);
        event.put("reportingInstance", "");
        return event;
    }
}
