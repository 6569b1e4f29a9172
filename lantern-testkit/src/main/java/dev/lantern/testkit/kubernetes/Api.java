package dev.lantern.testkit.kubernetes;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;

/** Requests for resources, each handed to the part that can answer it. */
final class Api {
    private final World world;
    private final Reads reads;
    private final Writes writes;
    private final Deletes deletes;
    private final PodSubresources pods;
    private final Reviews reviews;
    private final Tokens tokens;
    private final Namespaces namespaces;

    Api(
            World world,
            Reads reads,
            Writes writes,
            Deletes deletes,
            PodSubresources pods,
            Reviews reviews,
            Tokens tokens,
            Namespaces namespaces) {
        this.world = world;
        this.reads = reads;
        this.writes = writes;
        this.deletes = deletes;
        this.pods = pods;
        this.reviews = reviews;
        this.tokens = tokens;
        this.namespaces = namespaces;
    }

    Reply answer(Route route, ApiRequest request, User user) {
        String verb =
                route.verb(request.method(), request.query().flag("watch")).orElseThrow(Statuses::methodNotAllowed);
        if (!route.type().stored() && !verb.equals("create")) {
            throw Statuses.methodNotAllowed();
        }
        Writes.Author author = new Writes.Author(
                user.name(), request.manager(), request.query().dryRun());
        return switch (verb) {
            case "get" -> get(route, request.query());
            case "list" -> reads.list(route, request.query());
            case "watch" -> new Reply.Stream(200, "application/json", reads.watch(route, request.query()));
            case "create" -> create(route, body(request), author, user);
            case "update" -> stored(200, writes.update(settable(route), body(request), author));
            case "patch" -> stored(200, writes.patch(settable(route), request, author));
            case "delete" -> deletes.delete(reads.existing(settable(route)), options(request));
            default -> deleteAll(route, request);
        };
    }

    private Reply get(Route route, Query query) {
        return route.subresource().equals("log") ? pods.log(reads.existing(route), query) : reads.get(route);
    }

    private Reply create(Route route, ObjectNode body, Writes.Author author, User user) {
        ResourceType type = route.type();
        if (!type.stored()) {
            return Reply.json(201, reviews.answer(type, body, user));
        }
        return switch (route.subresource()) {
            case "" -> createdItself(route, body, author);
            case "binding" -> pods.bind(reads.existing(route), body);
            case "eviction" -> pods.evict(reads.existing(route), body, author.dryRun() || isDryRun(body));
            case "token" -> Reply.json(201, tokens.issue(reads.existing(route), body));
            default -> throw Statuses.methodNotAllowed();
        };
    }

    private Reply createdItself(Route route, ObjectNode body, Writes.Author author) {
        ResourceType type = route.type();
        if (!route.name().isEmpty()) {
            throw Statuses.methodNotAllowed();
        }
        if (type.namespaced() && route.namespace().isEmpty()) {
            throw Statuses.badRequest("an object of a namespaced type is created in a namespace");
        }
        Stored created = writes.create(type, route.namespace(), body, author);
        if (type.equals(Types.NAMESPACES) && !author.dryRun()) {
            namespaces.furnish(created.key().name());
        }
        return stored(201, created);
    }

    private static boolean isDryRun(ObjectNode eviction) {
        return Trees.texts(Trees.at(eviction, "deleteOptions", "dryRun")).anyMatch("All"::equals);
    }

    private Reply deleteAll(Route route, ApiRequest request) {
        Filter filter = Filter.of(route.type(), route.namespace(), "", request.query());
        Deletes.Options options = options(request);
        List<Stored> found = new ArrayList<>();
        for (Stored stored : world.store().all(route.type(), route.namespace())) {
            if (filter.matches(stored)) {
                found.add(stored);
                deletes.delete(stored, options);
            }
        }
        ObjectNode list = Trees.object()
                .put("kind", route.type().kind() + "List")
                .put("apiVersion", route.type().apiVersion());
        list.putObject("metadata")
                .put("resourceVersion", Long.toString(world.store().version()));
        found.forEach(stored -> Trees.list(list, "items").add(Trees.read(stored.json())));
        return Reply.json(200, list);
    }

    /** The resource itself, or a subresource that can be written to. */
    private static Route settable(Route route) {
        if (!List.of("", "status", "ephemeralcontainers", "resize").contains(route.subresource())) {
            throw Statuses.methodNotAllowed();
        }
        return route;
    }

    private static Deletes.Options options(ApiRequest request) {
        JsonNode body = request.body().length == 0 ? Trees.object() : Trees.received(request.body());
        return Deletes.Options.of(body, request.query());
    }

    private static ObjectNode body(ApiRequest request) {
        String type = request.mediaType();
        if (!type.isEmpty() && !type.equals("application/json")) {
            throw Statuses.unsupportedMediaType(type, "application/json");
        }
        if (Trees.received(request.body()) instanceof ObjectNode object) {
            return object;
        }
        throw Statuses.badRequest("the body is no JSON object");
    }

    private static Reply stored(int code, Stored stored) {
        return Reply.json(code, stored.typed());
    }
}
