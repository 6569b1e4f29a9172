package dev.lantern.k8s;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import com.google.gson.stream.JsonReader;
import com.google.gson.stream.JsonToken;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Reads a list object by object and keeps of each only what is wanted. */
final class PageReader<T> implements BodyReader<Page<T>> {
    private final String apiVersion;
    private final String kind;
    private final ItemReader<T> itemReader;

    /** Keeps of an object what is wanted. */
    @FunctionalInterface
    interface ItemReader<T> {
        T read(View object) throws UnreadableException;
    }

    /**
     * For lists of one kind.
     *
     * @param kind of the objects; their list's is that and {@code List}
     */
    PageReader(String apiVersion, String kind, ItemReader<T> itemReader) {
        this.apiVersion = apiVersion;
        this.kind = kind;
        this.itemReader = itemReader;
    }

    @Override
    public Page<T> read(JsonReader body, Room room) throws UnreadableException, IOException {
        JsonObject head = new JsonObject();
        List<Page.Item<T>> items = null;
        if (body.peek() != JsonToken.BEGIN_OBJECT) {
            throw new UnreadableException("the answer is no JSON object");
        }
        body.beginObject();
        while (body.hasNext()) {
            String member = body.nextName();
            if (head.has(member) || member.equals("items") && items != null) {
                throw new UnreadableException("the answer has " + member + " twice");
            }
            if (member.equals("items")) {
                items = items(body, room);
            } else {
                head.add(member, JsonParser.parseReader(body));
            }
        }
        body.endObject();
        End.of(body);
        return page(new View(head, "the list"), items);
    }

    private Page<T> page(View head, @Nullable List<Page.Item<T>> items) throws UnreadableException {
        Kinds.require(head, apiVersion, kind + "List");
        if (items == null) {
            throw new UnreadableException("the list has no items");
        }
        View metadata = head.child("metadata");
        return new Page<>(
                metadata.text("resourceVersion"),
                metadata.optionalText("continue").orElse(""),
                items);
    }

    private List<Page.Item<T>> items(JsonReader body, Room room) throws UnreadableException, IOException {
        if (body.peek() != JsonToken.BEGIN_ARRAY) {
            throw new UnreadableException("the items of the list are no list");
        }
        List<Page.Item<T>> items = new ArrayList<>();
        body.beginArray();
        while (body.hasNext()) {
            items.add(item(body, items.size()));
            room.refill();
        }
        body.endArray();
        return items;
    }

    private Page.Item<T> item(JsonReader body, int index) throws UnreadableException {
        if (!(JsonParser.parseReader(body) instanceof JsonObject object)) {
            throw new UnreadableException(kind + " " + index + " of the list is no object");
        }
        View item = new View(object, kind + " " + index + " of the list");
        // The objects of a list do not repeat their kind; one that does has to be right.
        if (item.has("kind") || item.has("apiVersion")) {
            Kinds.require(item, apiVersion, kind);
        }
        String name = item.child("metadata").text("name");
        View named = new View(object, kind + " " + name);
        View metadata = named.child("metadata");
        metadata.text("uid");
        // Over all namespaces two objects may have one name.
        String place = metadata.optionalText("namespace")
                .map(namespace -> namespace + "/")
                .orElse("");
        return new Page.Item<>(place + name, itemReader.read(named));
    }
}
