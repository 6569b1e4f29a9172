package dev.lantern.core.spec;

import dev.lantern.core.spec.ProblemList.Unreadable;
import dev.lantern.core.spec.YamlNode.Entry;
import dev.lantern.core.spec.YamlNode.Mapping;
import dev.lantern.core.spec.YamlNode.Refused;
import dev.lantern.core.spec.YamlNode.Scalar;
import dev.lantern.core.spec.YamlNode.Sequence;
import dev.lantern.core.spec.YamlNode.Type;
import dev.lantern.spec.AgentSpec;
import dev.lantern.spec.SpecPath;
import dev.lantern.spec.SpecProblem.Position;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.events.AliasEvent;
import org.snakeyaml.engine.v2.events.CollectionStartEvent;
import org.snakeyaml.engine.v2.events.DocumentStartEvent;
import org.snakeyaml.engine.v2.events.Event;
import org.snakeyaml.engine.v2.events.MappingStartEvent;
import org.snakeyaml.engine.v2.events.NodeEvent;
import org.snakeyaml.engine.v2.events.ScalarEvent;
import org.snakeyaml.engine.v2.exceptions.Mark;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;
import org.snakeyaml.engine.v2.nodes.Tag;
import org.snakeyaml.engine.v2.parser.ParserImpl;
import org.snakeyaml.engine.v2.resolver.CoreScalarResolver;
import org.snakeyaml.engine.v2.resolver.ScalarResolver;
import org.snakeyaml.engine.v2.scanner.StreamReader;

/**
 * Builds the value tree of one document out of the parser's events.
 *
 * <p>Events, because the limits must hold before a tree exists: depth and number of nodes are counted as they are
 * scanned, and an alias is refused where it stands, so nothing is ever expanded.
 */
final class YamlTree {
    private static final int MAX_DEPTH = 16;
    private static final int MAX_NODES = 20_000;
    private static final LoadSettings SETTINGS = LoadSettings.builder()
            .setCodePointLimit(AgentSpec.MAX_BYTES + 1)
            .setUseMarks(true)
            .build();
    private static final ScalarResolver CORE_SCHEMA = new CoreScalarResolver(false);

    private final Iterator<Event> events;
    private final ProblemList problems;
    private SpecPath path = SpecPath.DOCUMENT;
    private Position position;
    private int nodes;
    private int depth;

    private YamlTree(Iterator<Event> events, ProblemList problems) {
        this.events = events;
        this.problems = problems;
        this.position = problems.position(1, 1);
    }

    /** The root of the only document in {@code text}. */
    static YamlNode read(String text, ProblemList problems) throws Unreadable {
        Iterator<Event> events = new ParserImpl(SETTINGS, new StreamReader(SETTINGS, text));
        return new YamlTree(events, problems).document();
    }

    private YamlNode document() throws Unreadable {
        next();
        Event start = next();
        if (!(start instanceof DocumentStartEvent document)) {
            throw refuse("an empty document", "one agent spec", "begin with apiVersion: lantern.dev/v1");
        }
        if (document.getSpecVersion().isPresent() || !document.getTags().isEmpty()) {
            throw refuse("a YAML directive", "a document without directives", "remove the lines that begin with %");
        }
        YamlNode root = node(next());
        next();
        if (next() instanceof DocumentStartEvent) {
            throw refuse("a second document", "one document in a file", "move it to a file of its own");
        }
        return root;
    }

    private YamlNode node(Event event) throws Unreadable {
        Position at = position;
        problems.place(path, at);
        if (++nodes > MAX_NODES) {
            throw refuse("more than " + MAX_NODES + " values", "at most " + MAX_NODES + " values", "");
        }
        if (event instanceof AliasEvent) {
            problems.report(path, at, "an alias", "values written out", "repeat the value here");
            return new Refused(at);
        }
        boolean decorated = isDecorated((NodeEvent) event);
        YamlNode node = event instanceof ScalarEvent scalar ? scalar(at, scalar) : collection(at, event);
        return decorated ? new Refused(at) : node;
    }

    private static YamlNode scalar(Position at, ScalarEvent event) {
        return new Scalar(at, event.isPlain() ? type(event.getValue()) : Type.TEXT, event.getValue());
    }

    private static Type type(String plain) {
        Tag tag = CORE_SCHEMA.resolve(plain, true);
        if (tag.equals(Tag.NULL)) {
            return Type.NOTHING;
        }
        if (tag.equals(Tag.BOOL)) {
            return Type.BOOLEAN;
        }
        if (tag.equals(Tag.INT)) {
            return Type.INTEGER;
        }
        return tag.equals(Tag.FLOAT) ? Type.DECIMAL : Type.TEXT;
    }

    private YamlNode collection(Position at, Event event) throws Unreadable {
        if (++depth > MAX_DEPTH) {
            throw refuse("more than " + MAX_DEPTH + " levels", "at most " + MAX_DEPTH + " levels", "");
        }
        SpecPath here = path;
        YamlNode node =
                event instanceof MappingStartEvent ? new Mapping(at, entries(here)) : new Sequence(at, items(here));
        path = here;
        depth--;
        return node;
    }

    private List<YamlNode> items(SpecPath list) throws Unreadable {
        List<YamlNode> items = new ArrayList<>();
        for (Event event = next(); !isEnd(event); event = next()) {
            path = list.item(items.size());
            items.add(node(event));
            path = list;
        }
        return items;
    }

    private List<Entry> entries(SpecPath mapping) throws Unreadable {
        List<Entry> entries = new ArrayList<>();
        Map<String, Position> seen = new LinkedHashMap<>();
        for (Event event = next(); !isEnd(event); event = next()) {
            Position at = position;
            Optional<String> key = key(event);
            path = key.map(mapping::field).orElse(mapping);
            // The value of a key that is refused is read all the same: for its problems, and to get behind it.
            YamlNode value = node(next());
            if (key.isPresent() && isFirst(key.get(), at, seen)) {
                entries.add(new Entry(at, key.get(), value));
            }
            path = mapping;
        }
        return entries;
    }

    private boolean isFirst(String key, Position at, Map<String, Position> seen) {
        Position first = seen.putIfAbsent(key, at);
        if (first != null) {
            String place = first.line() + ":" + first.column();
            problems.report(
                    path,
                    at,
                    "the key a second time (first at " + place + ")",
                    "each key once",
                    "remove one of the two");
        }
        return first == null;
    }

    /** The key's text, or empty after reporting that it is none. */
    private Optional<String> key(Event event) throws Unreadable {
        if (event instanceof AliasEvent || !(event instanceof ScalarEvent scalar)) {
            problems.report(path, position, "a key that is no text", "texts as keys", "");
            if (!(event instanceof AliasEvent)) {
                node(event);
            }
            return Optional.empty();
        }
        nodes++;
        if (isDecorated(scalar)) {
            return Optional.empty();
        }
        if (scalar.isPlain() && scalar.getValue().equals("<<")) {
            problems.report(path, position, "a merge key", "members written out", "repeat the members here");
            return Optional.empty();
        }
        if (scalar.isPlain() && type(scalar.getValue()) != Type.TEXT) {
            problems.report(
                    path,
                    position,
                    "the key " + Excerpt.of(scalar.getValue()) + ", which YAML reads as no text",
                    "texts as keys",
                    "write it in quotes");
            return Optional.empty();
        }
        return Optional.of(scalar.getValue());
    }

    /** Reports what a node may not carry; whether it does. */
    private boolean isDecorated(NodeEvent event) {
        event.getAnchor()
                .ifPresent(anchor -> problems.report(
                        path,
                        position,
                        "the anchor &" + Excerpt.of(anchor.getValue()),
                        "values without anchors",
                        "remove it"));
        Optional<String> tag =
                event instanceof ScalarEvent scalar ? scalar.getTag() : ((CollectionStartEvent) event).getTag();
        tag.ifPresent(name -> problems.report(
                path, position, "the tag " + Excerpt.of(name), "values without tags", "remove it; quotes make a text"));
        return event.getAnchor().isPresent() || tag.isPresent();
    }

    private static boolean isEnd(Event event) {
        return event.getEventId() == Event.ID.SequenceEnd || event.getEventId() == Event.ID.MappingEnd;
    }

    private Event next() throws Unreadable {
        try {
            Event event = events.next();
            event.getStartMark().ifPresent(mark -> position = position(mark));
            return event;
        } catch (MarkedYamlEngineException e) {
            // Not kept as the cause: its message quotes the line, which may hold what must not reach a log.
            e.getProblemMark().or(e::getContextMark).ifPresent(mark -> position = position(mark));
            throw refuse("a syntax error: " + Excerpt.of(String.valueOf(e.getProblem())), "YAML 1.2", "");
        } catch (YamlEngineException e) {
            throw refuse("a syntax error", "YAML 1.2", "");
        }
    }

    private Position position(Mark mark) {
        return problems.position(mark.getLine() + 1, mark.getColumn() + 1);
    }

    private Unreadable refuse(String found, String allowed, String fix) {
        return problems.unreadable(path, position, found, allowed, fix);
    }
}
