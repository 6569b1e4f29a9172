package dev.lantern.testkit.kubernetes;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Everything between the socket and the resources: who asks, whether they may, what a test wants to go wrong, and who
 * is still reading.
 */
final class Front {
    private static final Logger LOG = LoggerFactory.getLogger(Front.class);
    private static final int MAX_SEEN = 200_000;
    private static final String BEARER = "Bearer ";

    private final World world;
    private final Tokens tokens;
    private final Authorizer authorizer;
    private final Discovery discovery;
    private final Api api;
    private final List<Injection> injections = new ArrayList<>();
    private final List<SeenRequest> seen = new ArrayList<>();
    private final Map<Wire, Feed> readers = new LinkedHashMap<>();

    Front(World world, Tokens tokens, Authorizer authorizer, Discovery discovery, Api api) {
        this.world = world;
        this.tokens = tokens;
        this.authorizer = authorizer;
        this.discovery = discovery;
        this.api = api;
    }

    void arrive(Wire wire, Supplier<ApiRequest> reading) {
        world.locked(() -> {
            try {
                arrive(wire, reading.get());
            } catch (StatusException e) {
                wire.whole(e.reply(), Delivery.PLAIN, world.now());
            }
        });
    }

    void gone(Wire wire) {
        world.locked(() -> {
            wire.lost();
            readers.remove(wire);
        });
    }

    void ready(Wire wire) {
        world.locked(() -> {
            Feed feed = readers.get(wire);
            if (feed != null) {
                pull(wire, feed);
            }
        });
    }

    /** Gives every reader what is new. */
    void pullAll() {
        new LinkedHashMap<>(readers).forEach(this::pull);
    }

    Injection inject(RequestMatcher requests, Fault fault, long times) {
        Injection injection = new Injection(world, requests, fault, times);
        injections.add(injection);
        return injection;
    }

    List<SeenRequest> seen() {
        return List.copyOf(seen);
    }

    void forgetSeen() {
        seen.clear();
    }

    int openWatches() {
        return (int) readers.values().stream().filter(Watch.class::isInstance).count();
    }

    private void arrive(Wire wire, ApiRequest request) {
        Optional<User> user = authenticated(request);
        SeenRequest asked = SeenRequest.of(request, user.map(User::name).orElse(""));
        if (seen.size() == MAX_SEEN) {
            seen.subList(0, MAX_SEEN / 2).clear();
        }
        seen.add(asked);
        Optional<Injection> injection =
                injections.stream().filter(candidate -> candidate.takes(asked)).findFirst();
        if (injection.isEmpty()) {
            send(wire, answer(request, asked, user), Delivery.PLAIN);
            return;
        }
        Fault.What what = injection.get().fault().what();
        if (what instanceof Fault.What.Instead instead) {
            send(wire, instead.reply(), Delivery.PLAIN);
        } else if (what instanceof Fault.What.Held) {
            injection.get().hold(() -> send(wire, answer(request, asked, user), Delivery.PLAIN));
        } else if (what instanceof Fault.What.Cut) {
            wire.cut();
        } else if (what instanceof Fault.What.AnswerLost) {
            answer(request, asked, user);
            wire.cut();
        } else if (what instanceof Fault.What.Page page) {
            Query narrower =
                    Query.parse("limit=" + page.items() + "&" + request.query().raw());
            ApiRequest paged =
                    new ApiRequest(request.method(), request.path(), narrower, request.headers(), request.body());
            send(wire, answer(paged, asked, user), Delivery.PLAIN);
        } else if (what instanceof Fault.What.Delivered delivered) {
            if (!delivered.delivery().cut()) {
                injection.get().stall(wire);
            }
            send(wire, answer(request, asked, user), delivered.delivery());
        }
    }

    private Reply answer(ApiRequest request, SeenRequest asked, Optional<User> known) {
        try {
            if (known.isEmpty() && !Authorizer.isPublic(request.path())) {
                throw Statuses.unauthorized();
            }
            User user =
                    known.orElse(new User("system:anonymous", "", List.of("system:unauthenticated"), Trees.object()));
            Optional<Route> route = Route.of(request.path());
            if (!authorizer.allows(user, asked)) {
                throw authorizer.refusal(user, asked, route);
            }
            accepts(request);
            if (route.isPresent()) {
                return api.answer(route.get(), request, user);
            }
            return discovery.answer(request.path()).orElseThrow(Statuses::noSuchPath);
        } catch (StatusException e) {
            return e.reply();
        } catch (RuntimeException | AssertionError e) {
            // A hook of the test that throws, or an object of a shape that nobody expected: the client reads 500.
            LOG.warn("{} failed", asked, e);
            return Statuses.internal(String.valueOf(e.getMessage())).reply();
        }
    }

    private static void accepts(ApiRequest request) {
        String accept = request.header("accept");
        if (!accept.isEmpty()
                && !accept.contains("json")
                && !accept.contains("*/*")
                && !accept.contains("text/plain")) {
            throw Statuses.notAcceptable();
        }
        boolean keys = request.path().equals("/openid/v1/jwks");
        if (keys && !accept.isEmpty() && !accept.contains(Discovery.KEYS) && !accept.contains("*/*")) {
            throw Statuses.notAcceptable();
        }
    }

    private Optional<User> authenticated(ApiRequest request) {
        String authorization = request.header("authorization");
        return authorization.startsWith(BEARER)
                ? tokens.user(authorization.substring(BEARER.length()).strip())
                : Optional.empty();
    }

    private void send(Wire wire, Reply reply, Delivery delivery) {
        if (reply instanceof Reply.Whole whole) {
            wire.whole(whole, delivery, world.now());
        } else if (reply instanceof Reply.Stream stream) {
            wire.stream(stream, delivery, world.now());
            if (!wire.isOver()) {
                readers.put(wire, stream.feed());
                pull(wire, stream.feed());
            }
        }
    }

    private void pull(Wire wire, Feed feed) {
        feed.pull(wire);
        wire.flush();
        if (wire.isOver()) {
            readers.remove(wire);
        }
    }
}
