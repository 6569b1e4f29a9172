package dev.lantern.k8s;

import com.google.gson.JsonObject;
import java.io.IOException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * Sees the objects of one kind: reads all of them, then follows what changes, and tells each difference once and in its
 * order. It outlives whatever happens to a watch: what it missed is found by the next list, which comes when the API
 * server has forgotten the watch's place, when something cannot be read, and now and then without a reason.
 *
 * <p>Of each object it holds what {@link Mirrored#kept} makes of it, of a list one part of 500 objects while it is read,
 * and of a watch one event.
 *
 * <p>{@link #run} is called once, by a thread that belongs to the mirror until it is closed; every sight is
 * told in that thread, which waits meanwhile. What the listener throws ends the mirror.
 */
final class Mirror<T> implements Runnable, AutoCloseable {
    private static final int EXPIRED = 410;
    /** A watch that stood for so long did not fail, even if nothing came. */
    private static final long STEADY = TimeUnit.SECONDS.toNanos(5);

    /** So many in a row that brought nothing, and something is wrong with watches as such. */
    private static final int FRUITLESS = 4;

    private final ApiServer server;
    private final Mirrored<T> mirrored;
    private final PageReader<Seen<T>> pages;
    private final Consumer<Sight<T>> listener;
    private final Pace pace;
    private final InstantSource clock;
    private final LongSupplier nanos;
    private final RandomGenerator random;
    private final BackOff pauses;
    private final CountDownLatch closing = new CountDownLatch(1);
    private final Object lock = new Object();
    private @Nullable Exchange current;

    private Map<String, Seen<T>> known = new TreeMap<>();
    /** From where changes can be followed; null when everything has to be read. */
    private @Nullable String version;

    private long listedAt;
    /** Watches since the last one that stood, or that brought anything. */
    private int fruitless;

    private Duration relist;
    private boolean clear;
    private boolean blind;
    private Optional<Duration> wanted = Optional.empty();

    /**
     * @param listener must not throw, and should not block
     * @param nanos what time has passed, as {@link System#nanoTime}
     */
    Mirror(
            ApiServer server,
            Mirrored<T> mirrored,
            Pace pace,
            InstantSource clock,
            LongSupplier nanos,
            RandomGenerator random,
            Consumer<Sight<T>> listener) {
        this.server = server;
        this.mirrored = mirrored;
        this.pages = new PageReader<>(mirrored.apiVersion(), mirrored.kind(), this::seen);
        this.pace = pace;
        this.clock = clock;
        this.nanos = nanos;
        this.random = random;
        this.listener = listener;
        this.relist = pace.relist();
        this.pauses = new BackOff(pace.leastPause(), pace.mostPause(), random);
    }

    /** Sees until it is closed. An interruption ends it as well, but only with the next thing that comes or times out. */
    @Override
    public void run() {
        try {
            boolean closed = isOver();
            while (!closed) {
                look();
                closed = closing.await(pause(), TimeUnit.NANOSECONDS);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void look() {
        if (version == null || nanos.getAsLong() - listedAt >= relist.toNanos()) {
            list();
        }
        if (version != null && !isOver()) {
            watch(version);
        }
    }

    /** Ends it, whatever it waits for. A sight that is being told is told to its end. Repeating it does nothing. */
    @Override
    public void close() {
        synchronized (lock) {
            closing.countDown();
            if (current != null) {
                current.cancel();
            }
        }
    }

    // -- everything

    private void list() {
        Map<String, Seen<T>> found = new TreeMap<>();
        @Nullable Page<Seen<T>> page = null;
        do {
            String whole = page == null ? "" : page.version();
            Get part = mirrored.part(page == null ? "" : page.next());
            Outcome<Page<Seen<T>>> outcome = exchange(part, pace.list()).whole(pages);
            if (!(outcome instanceof Outcome.Told<Page<Seen<T>>> told)) {
                failed(outcome, part);
                return;
            }
            page = told.body();
            Optional<String> wrong = add(page, whole, found);
            if (wrong.isPresent()) {
                blind(Why.unreadable(wrong.get()));
                return;
            }
        } while (!page.next().isEmpty());
        version = page.version();
        listedAt = nanos.getAsLong();
        relist = about(pace.relist());
        replace(found);
    }

    private static <T> Optional<String> add(Page<Seen<T>> page, String whole, Map<String, Seen<T>> found) {
        if (!whole.isEmpty() && !whole.equals(page.version())) {
            return Optional.of("the parts of the list are of two versions");
        }
        if (!whole.isEmpty() && page.items().isEmpty()) {
            return Optional.of("a part of the list is empty, so it may never end");
        }
        for (Page.Item<Seen<T>> item : page.items()) {
            if (found.put(item.value().key(), item.value()) != null) {
                return Optional.of("the list has " + item.name() + " twice");
            }
        }
        return Optional.empty();
    }

    private void replace(Map<String, Seen<T>> found) {
        List<Seen<T>> gone = new ArrayList<>(known.values());
        gone.removeIf(before -> found.containsKey(before.key()));
        gone.forEach(before -> went(before, before.kept()));
        found.values().forEach(this::put);
    }

    // -- what changes

    private void watch(String since) {
        long seconds = Math.max(1, about(pace.watch()).toSeconds());
        Get changes = mirrored.changes(since, seconds);
        long began = nanos.getAsLong();
        Outcome<Lines> outcome =
                exchange(changes, pace.silence().plusSeconds(seconds)).lines();
        if (!(outcome instanceof Outcome.Told<Lines> told)) {
            failed(outcome, changes);
            return;
        }
        if (fruitless < FRUITLESS) {
            clear();
        }
        try (Lines lines = told.body()) {
            fruitless++;
            follow(lines);
        }
        if (nanos.getAsLong() - began >= STEADY) {
            fruitful();
        }
        if (fruitless >= FRUITLESS && !isOver()) {
            // Then lists have to do, each after a longer pause.
            version = null;
            blind(
                    "watches end as soon as they begin, and nothing comes; see what stands between the API server and this"
                            + " host, and whether it lets answers through that take minutes");
        }
    }

    private void fruitful() {
        fruitless = 0;
        pauses.reset();
    }

    private void follow(Lines lines) {
        try {
            Optional<JsonObject> event = lines.next();
            while (event.isPresent() && !isOver() && take(new View(event.get(), "the event"))) {
                fruitful();
                clear();
                event = lines.next();
            }
        } catch (IOException e) {
            // A watch may break off at any time. The next one goes on from its place, and if it fails it says so.
            return;
        } catch (UnreadableException e) {
            version = null;
            blind(Why.unreadable(e.getMessage()));
        }
    }

    /** Whether the watch goes on. */
    private boolean take(View event) throws UnreadableException {
        String type = event.text("type");
        View object = event.child("object");
        if (type.equals("ERROR")) {
            version = null;
            error(object);
            return false;
        }
        Kinds.require(object, mirrored.apiVersion(), mirrored.kind());
        switch (type) {
            case "BOOKMARK" -> version = object.child("metadata").text("resourceVersion");
            case "ADDED", "MODIFIED" -> {
                Seen<T> now = seen(object);
                version = now.version();
                put(now);
            }
            case "DELETED" -> {
                Seen<T> last = seen(object);
                version = last.version();
                deleted(last);
            }
            default -> throw new UnreadableException("an event is of type " + Shown.quoted(type));
        }
        return true;
    }

    /** Forgotten is nothing to complain about; everything is read again. */
    private void error(View status) {
        JsonObject object = status.object();
        boolean forgotten = object.has("code") && object.get("code").toString().equals(Integer.toString(EXPIRED));
        if (!forgotten) {
            String said = object.has("message") ? object.get("message").toString() : "nothing";
            blind("the API server ended the watch, saying " + Refusals.oneLine(said) + "; see its own health and log");
        }
    }

    private void deleted(Seen<T> last) {
        Seen<T> before = known.get(last.key());
        if (before != null && before.uid().equals(last.uid())) {
            went(before, last.kept());
        }
    }

    // -- what is held

    private Seen<T> seen(View object) throws UnreadableException {
        View metadata = object.child("metadata");
        String key = metadata.optionalText("namespace").orElse("") + "/" + metadata.text("name");
        String uid = metadata.text("uid");
        String of = metadata.text("resourceVersion");
        Seen<T> before = known.get(key);
        // The same object is held once, also while a second list of it is being read.
        return before != null && before.uid().equals(uid) && before.version().equals(of)
                ? before
                : new Seen<>(key, uid, of, mirrored.kept().read(object));
    }

    private void put(Seen<T> now) {
        Seen<T> before = known.put(now.key(), now);
        if (before == null) {
            listener.accept(new Sight.Came<>(now.kept()));
        } else if (!before.uid().equals(now.uid())) {
            listener.accept(new Sight.Went<>(before.kept()));
            listener.accept(new Sight.Came<>(now.kept()));
        } else if (!before.isSameAs(now)) {
            listener.accept(new Sight.Changed<>(before.kept(), now.kept()));
        }
    }

    private void went(Seen<T> before, T last) {
        known.remove(before.key());
        listener.accept(new Sight.Went<>(last));
    }

    // -- what goes wrong

    private void failed(Outcome<?> outcome, Get get) {
        if (isOver()) {
            return;
        }
        if (outcome instanceof Outcome.Refused<?> refused) {
            wanted = refused.retryAfter();
            if (refused.code() == EXPIRED || !refused.mayPass()) {
                version = null;
            }
            if (refused.code() != EXPIRED) {
                blind(Why.of(refused, get));
            }
        } else if (outcome instanceof Outcome.Lost<?> lost) {
            blind(lost.why());
        }
    }

    private void blind(String why) {
        clear = false;
        if (!blind) {
            blind = true;
            listener.accept(new Sight.Blind<>(why));
        }
    }

    private void clear() {
        blind = false;
        if (!clear) {
            clear = true;
            listener.accept(new Sight.Clear<>());
        }
    }

    // -- time

    private Exchange exchange(Get get, Duration whole) {
        Exchange next = server.exchange(get, pace.silence(), whole, clock.instant());
        synchronized (lock) {
            current = next;
            if (closing.getCount() == 0) {
                next.cancel();
            }
        }
        return next;
    }

    private long pause() {
        long pause = pauses.next().toNanos();
        long asked = wanted.map(Duration::toNanos).orElse(0L);
        wanted = Optional.empty();
        return Math.max(pause, Math.min(asked, pace.mostPause().toNanos()));
    }

    private boolean isOver() {
        return closing.getCount() == 0 || Thread.currentThread().isInterrupted();
    }

    /** Give or take a tenth, so that many of them do not come at once. */
    private Duration about(Duration duration) {
        return Duration.ofNanos((long) (duration.toNanos() * (0.9 + 0.2 * random.nextDouble())));
    }
}
