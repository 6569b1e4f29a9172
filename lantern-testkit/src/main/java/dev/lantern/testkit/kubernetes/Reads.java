package dev.lantern.testkit.kubernetes;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/** Get, list and watch. */
final class Reads {
    private static final String TOO_OLD =
            "The provided continue parameter is too old to display a consistent list result. You can start a new list"
                    + " without the continue parameter, or use the continue token in this response to retrieve the remainder"
                    + " of the results. Continuing with the provided token results in an inconsistent list - objects that"
                    + " were created, modified, or deleted between the time the first chunk was returned and now may show up"
                    + " in the list.";

    private final World world;

    Reads(World world) {
        this.world = world;
    }

    Reply get(Route route) {
        return Reply.json(200, existing(route).typed());
    }

    Stored existing(Route route) {
        return world.store().find(route.key()).orElseThrow(() -> Statuses.notFound(route.type(), route.name()));
    }

    Reply list(Route route, Query query) {
        Filter filter = Filter.of(route.type(), route.namespace(), route.name(), query);
        String token = query.text("continue");
        return token.isEmpty() ? first(filter, query) : next(filter, query, token);
    }

    /** A watch from where the query says; whatever is older is sent first. */
    Watch watch(Route route, Query query) {
        Filter filter = Filter.of(route.type(), route.namespace(), route.name(), query);
        if (query.has("sendInitialEvents")) {
            throw Statuses.invalid(
                    new ResourceType("meta.k8s.io", "v1", "", "", "ListOptions", false, false, List.of(), List.of()),
                    "",
                    List.of(new Statuses.Cause(
                            "FieldValueForbidden",
                            "Forbidden: sendInitialEvents is forbidden for watch unless the WatchList feature gate is"
                                    + " enabled",
                            "sendInitialEvents")));
        }
        OptionalLong seconds = query.number("timeoutSeconds");
        @Nullable Instant until = seconds.isPresent() ? world.now().plusSeconds(seconds.getAsLong()) : null;
        long from = version(query);
        boolean bookmarks = query.flag("allowWatchBookmarks");
        if (from > 0) {
            notFromTheFuture(from);
            return new Watch(world, filter, from, List.of(), bookmarks, until);
        }
        List<Stored> standing = matching(filter, world.store().all(filter.type(), filter.namespace()));
        return new Watch(world, filter, world.store().version(), standing, bookmarks, until);
    }

    private Reply first(Filter filter, Query query) {
        long asked = version(query);
        notFromTheFuture(asked);
        long at = query.text("resourceVersionMatch").equals("Exact")
                ? asked
                : world.store().version();
        if (!world.store().history().readableAt(at)) {
            throw Statuses.expired("The resourceVersion for the provided list is too old.");
        }
        return page(filter, query, at, "");
    }

    private Reply next(Filter filter, Query query, String token) {
        Place place = Place.parse(token);
        if (place.version() < 0) {
            return page(filter, query, world.store().version(), place.after());
        }
        if (!world.store().history().readableAt(place.version())) {
            StatusException expired = Statuses.expired(TOO_OLD);
            Trees.child(expired.status(), "metadata").put("continue", new Place(-1, place.after()).token());
            throw expired;
        }
        return page(filter, query, place.version(), place.after());
    }

    private Reply page(Filter filter, Query query, long at, String after) {
        List<Stored> left = matching(filter, world.store().allAt(at, filter.type(), filter.namespace())).stream()
                .filter(stored -> place(stored).compareTo(after) > 0)
                .toList();
        long limit = query.number("limit").orElse(0);
        List<Stored> page = limit > 0 && left.size() > limit ? left.subList(0, (int) limit) : left;
        String continued = page.size() < left.size() ? new Place(at, place(page.get(page.size() - 1))).token() : "";
        return Reply.json(200, body(filter.type(), at, page, continued, left.size() - page.size()));
    }

    private static byte[] body(ResourceType type, long at, List<Stored> page, String continued, int remaining) {
        ByteArrayOutputStream body = new ByteArrayOutputStream();
        write(
                body,
                "{\"kind\":\"" + type.kind() + "List\",\"apiVersion\":\"" + type.apiVersion()
                        + "\",\"metadata\":{\"resourceVersion\":\"" + at + "\"");
        if (!continued.isEmpty()) {
            write(body, ",\"continue\":\"" + continued + "\",\"remainingItemCount\":" + remaining);
        }
        write(body, "},\"items\":[");
        String separator = "";
        for (Stored stored : page) {
            write(body, separator);
            body.writeBytes(stored.json());
            separator = ",";
        }
        write(body, "]}");
        return body.toByteArray();
    }

    private static void write(ByteArrayOutputStream body, String text) {
        body.writeBytes(text.getBytes(StandardCharsets.UTF_8));
    }

    private static List<Stored> matching(Filter filter, List<Stored> all) {
        return all.stream().filter(filter::matches).toList();
    }

    private static String place(Stored stored) {
        return stored.key().namespace() + "/" + stored.key().name();
    }

    private static long version(Query query) {
        return query.number("resourceVersion").orElse(0);
    }

    private void notFromTheFuture(long asked) {
        if (asked > world.store().version()) {
            throw Statuses.versionTooLarge(asked, world.store().version());
        }
    }

    /** Where a list goes on: a version, or -1 for "as it is now", and the last item that was seen. */
    private record Place(long version, String after) {
        String token() {
            String text = version + ":" + after;
            return Base64.getUrlEncoder().withoutPadding().encodeToString(text.getBytes(StandardCharsets.UTF_8));
        }

        static Place parse(String token) {
            try {
                String text = new String(Base64.getUrlDecoder().decode(token), StandardCharsets.UTF_8);
                int colon = text.indexOf(':');
                return new Place(Long.parseLong(text.substring(0, Math.max(0, colon))), text.substring(colon + 1));
            } catch (IllegalArgumentException e) {
                throw Statuses.badRequest("continue key is not valid: " + token);
            }
        }
    }
}
