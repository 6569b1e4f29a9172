package dev.lantern.k8s;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonObject;
import dev.lantern.testkit.kubernetes.FakeKubernetes;
import dev.lantern.testkit.kubernetes.Fault;
import dev.lantern.testkit.kubernetes.Injection;
import dev.lantern.testkit.kubernetes.RequestMatcher;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.FutureTask;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A mirror sees every difference once and in order, whatever becomes of its lists and watches. */
class MirrorTest {
    private static final Duration HOUR = Duration.ofHours(1);
    private static final Duration MINUTE = Duration.ofMinutes(1);
    private static final RequestMatcher LIST = RequestMatcher.any().verb("list").resource("configmaps");
    private static final RequestMatcher WATCH =
            RequestMatcher.any().verb("watch").resource("configmaps");

    private final AtomicLong nanos = new AtomicLong();
    private final AtomicInteger read = new AtomicInteger();
    private final LinkedBlockingQueue<Sight<String>> sights = new LinkedBlockingQueue<>();
    private final List<Mirror<String>> mirrors = new ArrayList<>();
    private FakeKubernetes kubernetes;
    private Calls calls;
    private FutureTask<Boolean> running;
    private Thread thread;

    @BeforeEach
    void start() {
        kubernetes = FakeKubernetes.start();
        kubernetes.addNamespace("agents");
        calls = new Calls(server(kubernetes.token()), kubernetes.clock(), new Random(1));
    }

    @AfterEach
    void stop() throws Exception {
        mirrors.forEach(Mirror::close);
        if (running != null) {
            running.get(1, TimeUnit.MINUTES);
        }
        kubernetes.close();
    }

    @Test
    void what_stands_is_told_and_then_what_changes_in_its_order() throws Exception {
        create("a", "1");
        create("b", "1");
        see();

        told(came("a=1"), came("b=1"), new Sight.Clear<>());
        change("a", "2");
        create("c", "1");
        delete("b");
        told(new Sight.Changed<>("a=1", "a=2"), came("c=1"), went("b=1"));
    }

    @Test
    void only_what_is_selected_is_seen_and_leaving_the_selection_is_going() throws Exception {
        create("a", "1");
        kubernetes.create("{\"apiVersion\": \"v1\", \"kind\": \"ConfigMap\", \"metadata\": {\"namespace\": \"agents\","
                + " \"name\": \"other\"}, \"data\": {\"k\": \"1\"}}");
        see();

        told(came("a=1"), new Sight.Clear<>());
        patch("a", "{\"labels\": {\"lantern\": null}}", "1");
        told(went("a=1"));
    }

    @Test
    void long_list_comes_in_parts() throws Exception {
        for (int i = 0; i < 1200; i++) {
            create("m%04d".formatted(i), "1");
        }
        see();

        for (int i = 0; i < 1200; i++) {
            told(came("m%04d=1".formatted(i)));
        }
        told(new Sight.Clear<>());
        assertThat(kubernetes.count(LIST)).isEqualTo(3);
    }

    @Test
    void watch_that_ends_in_time_goes_on_from_its_place() throws Exception {
        create("a", "1");
        see();
        told(came("a=1"), new Sight.Clear<>());
        watching(1);

        kubernetes.advance(Duration.ofSeconds(270));
        watching(2);
        change("a", "2");

        told(new Sight.Changed<>("a=1", "a=2"));
        assertThat(kubernetes.count(LIST)).isEqualTo(1);
    }

    @Test
    void bookmark_keeps_the_place_of_a_watch_to_which_nothing_comes() throws Exception {
        create("a", "1");
        see();
        told(came("a=1"), new Sight.Clear<>());
        watching(1);
        kubernetes.addNamespace("elsewhere");
        Injection held = kubernetes.inject(WATCH, Fault.hold(), 1);

        kubernetes.advance(Duration.ofSeconds(270));
        held.awaitHit();
        kubernetes.compact();
        held.release();
        change("a", "2");

        told(new Sight.Changed<>("a=1", "a=2"));
        assertThat(kubernetes.count(LIST)).isEqualTo(1);
    }

    @Test
    void restart_of_the_api_server_loses_no_change() throws Exception {
        create("a", "1");
        create("b", "1");
        see();
        told(came("a=1"), came("b=1"), new Sight.Clear<>());
        watching(1);
        Injection held = kubernetes.inject(WATCH, Fault.hold(), 1);

        kubernetes.restart();
        held.awaitHit();
        change("a", "2");
        delete("b");
        create("c", "1");
        kubernetes.compact();
        held.release();

        told(went("b=1"), new Sight.Changed<>("a=1", "a=2"), came("c=1"));
        assertThat(kubernetes.count(LIST)).as("410 as an event").isEqualTo(2);
    }

    @Test
    void place_that_is_forgotten_at_once_is_read_anew() throws Exception {
        create("a", "1");
        kubernetes.inject(WATCH, Fault.status(410), 1);
        see();
        told(came("a=1"), new Sight.Clear<>());
        watching(2);
        change("a", "2");

        told(new Sight.Changed<>("a=1", "a=2"));
        assertThat(kubernetes.count(LIST)).isEqualTo(2);
    }

    @Test
    void object_that_was_replaced_meanwhile_went_and_came() throws Exception {
        create("a", "1");
        Injection held = kubernetes.inject(WATCH, Fault.hold(), 1);
        see();
        told(came("a=1"));
        held.awaitHit();
        delete("a");
        create("a", "2");
        kubernetes.compact();
        held.release();

        told(new Sight.Clear<>(), went("a=1"), came("a=2"));
    }

    @Test
    void silent_connection_is_given_up() throws Exception {
        create("a", "1");
        Injection silent = kubernetes.inject(WATCH, Fault.stallAfter(0), 1);
        see(pace(Duration.ofSeconds(5), HOUR));
        told(came("a=1"), new Sight.Clear<>());
        silent.awaitHit();
        change("a", "2");

        told(new Sight.Changed<>("a=1", "a=2"));
    }

    @Test
    void line_that_is_cut_is_not_taken_and_comes_again() throws Exception {
        create("a", "1");
        Injection cut = kubernetes.inject(WATCH, Fault.cutAfter(50), 1);
        see();
        told(came("a=1"), new Sight.Clear<>());
        cut.awaitHit();
        change("a", "2");

        told(new Sight.Changed<>("a=1", "a=2"));
    }

    @Test
    void line_that_ends_too_early_makes_everything_be_read_anew() throws Exception {
        create("a", "1");
        kubernetes.inject(WATCH, Fault.body("{\"type\": \"ADDED\", \"obj"), 1);
        see();

        told(
                came("a=1"),
                new Sight.Clear<>(),
                new Sight.Blind<>(
                        "the answer cannot be relied on: a line of it is no complete JSON; see whether it is an"
                                + " API server that answers there, and of which version"),
                new Sight.Clear<>());
        assertThat(kubernetes.count(LIST)).isEqualTo(2);
    }

    @Test
    void line_that_no_object_can_be_as_large_as_is_not_held() throws Exception {
        create("a", "1");
        kubernetes.inject(WATCH, Fault.body("x".repeat(9 << 20)), 1);
        see();

        told(came("a=1"), new Sight.Clear<>());
        assertThat(blind()).contains("an object of it is larger than there is room for");
        told(new Sight.Clear<>());
    }

    @Test
    void where_no_watch_ever_stands_lists_have_to_do() throws Exception {
        create("a", "1");
        Injection broken = kubernetes.inject(WATCH, Fault.body(""));
        see();
        told(came("a=1"), new Sight.Clear<>());
        assertThat(blind()).startsWith("watches end as soon as they begin, and nothing comes");

        change("a", "2");
        told(new Sight.Changed<>("a=1", "a=2"));
        broken.release();
        watching(1);
        change("a", "3");

        told(new Sight.Changed<>("a=2", "a=3"), new Sight.Clear<>());
    }

    @Test
    void event_of_another_kind_or_type_is_not_taken() throws Exception {
        create("a", "1");
        kubernetes.inject(WATCH, Fault.body("{\"type\": \"ADDED\", \"object\": {\"kind\": \"Pod\"}}\n"), 1);
        see();

        told(came("a=1"), new Sight.Clear<>());
        assertThat(blind()).contains("the event, object is a Pod where a v1 ConfigMap was asked for");
        told(new Sight.Clear<>());
    }

    @Test
    void watch_that_the_api_server_ends_with_an_error_is_told() throws Exception {
        create("a", "1");
        kubernetes.inject(
                WATCH,
                Fault.body("{\"type\": \"ERROR\", \"object\": {\"kind\": \"Status\", \"code\": 500, \"message\":"
                        + " \"etcd is away\"}}\n"),
                1);
        see();

        told(came("a=1"), new Sight.Clear<>());
        assertThat(blind())
                .isEqualTo("the API server ended the watch, saying \"etcd is away\"; see its own health and log");
        told(new Sight.Clear<>());
    }

    @Test
    void what_a_watch_missed_is_found_by_the_next_list() throws Exception {
        create("a", "1");
        String old = kubernetes.find("configmaps", "agents", "a").orElseThrow().toString();
        change("a", "2");
        // Claims to be of now and is not.
        kubernetes.inject(
                LIST,
                Fault.body(
                        "{\"kind\": \"ConfigMapList\", \"apiVersion\": \"v1\", \"metadata\": {\"resourceVersion\": \""
                                + version("a") + "\"}, \"items\": [" + old + "]}"),
                1);
        see();
        told(came("a=1"), new Sight.Clear<>());
        watching(1);

        nanos.addAndGet(2 * HOUR.toNanos());
        kubernetes.advance(Duration.ofSeconds(270));

        told(new Sight.Changed<>("a=1", "a=2"));
        assertThat(kubernetes.count(LIST)).isEqualTo(2);
    }

    @Test
    void list_that_finds_nothing_new_tells_nothing_and_reads_nothing_twice() throws Exception {
        create("a", "1");
        create("b", "1");
        see();
        told(came("a=1"), came("b=1"), new Sight.Clear<>());
        watching(1);
        nanos.addAndGet(2 * HOUR.toNanos());

        kubernetes.advance(Duration.ofSeconds(270));
        watching(2);

        assertThat(kubernetes.count(LIST)).isEqualTo(2);
        assertThat(read).hasValue(2);
        assertThat(sights).isEmpty();
    }

    @Test
    void list_that_is_forgotten_while_it_is_read_is_read_again() throws Exception {
        for (String name : List.of("a", "b", "c")) {
            create(name, "1");
        }
        kubernetes.inject(LIST.query("continue="), Fault.status(410), 1);
        kubernetes.inject(LIST, Fault.page(2), 2);
        see();

        told(came("a=1"), came("b=1"), came("c=1"), new Sight.Clear<>());
    }

    @Test
    void blindness_is_told_once_until_it_is_over() throws Exception {
        create("a", "1");
        kubernetes.inject(LIST, Fault.status(503), 3);
        see();

        assertThat(blind()).startsWith("the API server failed (503: a fault of the test: 503)");
        told(came("a=1"), new Sight.Clear<>());
    }

    @Test
    void watch_that_is_refused_in_passing_goes_on_from_its_place() throws Exception {
        create("a", "1");
        kubernetes.inject(WATCH, Fault.tooManyRequests(Duration.ofSeconds(1)), 2);
        see();

        told(came("a=1"));
        assertThat(blind()).startsWith("the API server is overloaded");
        told(new Sight.Clear<>());
        assertThat(kubernetes.count(LIST)).isEqualTo(1);
        assertThat(kubernetes.count(WATCH)).isEqualTo(3);
    }

    @Test
    void missing_right_to_watch_names_the_rule() throws Exception {
        kubernetes.forbid(WATCH);
        see();

        assertThat(blind())
                .startsWith("this host may not ask (403: ")
                .endsWith("give its user the rule {apiGroups: [\"\"], resources: [\"configmaps\"], verbs: [\"watch\"]}"
                        + " in the whole cluster");
    }

    @Test
    void mirror_that_is_closed_ends_whatever_it_waits_for() throws Exception {
        Injection held = kubernetes.inject(LIST, Fault.hold(), 1);
        see();
        held.awaitHit();
        ends(mirrors.get(0)::close);

        Injection stalled = kubernetes.inject(WATCH, Fault.stallAfter(0), 1);
        see();
        stalled.awaitHit();
        ends(mirrors.get(1)::close);

        Injection failing = kubernetes.inject(LIST, Fault.status(503));
        see(new Pace(MINUTE, MINUTE, MINUTE, HOUR, HOUR, HOUR));
        failing.awaitHit();
        ends(mirrors.get(2)::close);
        assertThat(failing.hits()).as("an hour's pause").isEqualTo(1);
    }

    @Test
    void mirror_that_is_interrupted_ends_and_stays_interrupted() throws Exception {
        Injection failing = kubernetes.inject(LIST, Fault.status(503));
        see(new Pace(MINUTE, MINUTE, MINUTE, HOUR, HOUR, HOUR));
        failing.awaitHit();

        thread.interrupt();

        assertThat(running.get(1, TimeUnit.MINUTES)).isTrue();
    }

    @Test
    void mirror_that_was_closed_before_it_ran_asks_for_nothing() {
        Mirror<String> mirror = mirror(pace(MINUTE, HOUR));
        mirror.close();

        mirror.run();

        assertThat(kubernetes.count(LIST)).isZero();
    }

    // -- what is seen

    private void see() {
        see(pace(MINUTE, HOUR));
    }

    private void see(Pace pace) {
        Mirror<String> mirror = mirror(pace);
        running = new FutureTask<>(() -> {
            mirror.run();
            return Thread.currentThread().isInterrupted();
        });
        thread = new Thread(running, "mirror");
        thread.start();
    }

    private Mirror<String> mirror(Pace pace) {
        Get get = Get.of("/api/v1/configmaps", Rule.cluster("", "configmaps", "list"))
                .with("labelSelector", "lantern=yes");
        Mirrored<String> mirrored = new Mirrored<>(get, "v1", "ConfigMap", object -> {
            read.incrementAndGet();
            return object.child("metadata").text("name") + "="
                    + object.child("data").text("k");
        });
        Mirror<String> mirror = new Mirror<>(
                server(kubernetes.token()), mirrored, pace, kubernetes.clock(), nanos::get, new Random(1), sights::add);
        mirrors.add(mirror);
        return mirror;
    }

    private static Pace pace(Duration silence, Duration relist) {
        return new Pace(Duration.ofSeconds(240), silence, MINUTE, relist, Duration.ofMillis(1), Duration.ofSeconds(2));
    }

    private void ends(Runnable how) throws Exception {
        how.run();
        running.get(1, TimeUnit.MINUTES);
    }

    @SafeVarargs
    private void told(Sight<String>... expected) throws InterruptedException {
        for (Sight<String> sight : expected) {
            assertThat(sights.poll(1, TimeUnit.MINUTES)).isEqualTo(sight);
        }
    }

    private String blind() throws InterruptedException {
        Sight<String> sight = sights.poll(1, TimeUnit.MINUTES);
        assertThat(sight).isInstanceOf(Sight.Blind.class);
        return ((Sight.Blind<String>) sight).why();
    }

    /** Waits until so many watches were asked for and one is open. */
    private void watching(int count) {
        long end = System.nanoTime() + MINUTE.toNanos();
        while (kubernetes.count(WATCH) < count || kubernetes.openWatches() == 0) {
            assertThat(System.nanoTime())
                    .as("watches: %s", kubernetes.count(WATCH))
                    .isLessThan(end);
            Thread.onSpinWait();
        }
    }

    private static Sight<String> came(String now) {
        return new Sight.Came<>(now);
    }

    private static Sight<String> went(String last) {
        return new Sight.Went<>(last);
    }

    // -- what happens

    private void create(String name, String value) {
        kubernetes.create("{\"apiVersion\": \"v1\", \"kind\": \"ConfigMap\", \"metadata\": {\"namespace\": \"agents\","
                + " \"name\": \"" + name + "\", \"labels\": {\"lantern\": \"yes\"}}, \"data\": {\"k\": \"" + value
                + "\"}}");
    }

    private void change(String name, String value) {
        patch(name, "{}", value);
    }

    private void patch(String name, String metadata, String value) {
        JsonObject patch = Persisted.json("{\"metadata\": " + metadata + ", \"data\": {\"k\": \"" + value + "\"}}");
        patch.getAsJsonObject("metadata").addProperty("resourceVersion", version(name));
        done(Change.patch(MAPS, name, patch, RULE));
    }

    private void delete(String name) {
        done(Change.delete(MAPS, name, metadata(name, "uid"), RULE));
    }

    private static final String MAPS = "/api/v1/namespaces/agents/configmaps";
    private static final Rule RULE = Rule.namespace("agents", "", "configmaps", "patch");

    private void done(Change change) {
        assertThat(calls.change(change, Clusters.PATIENCE)).isInstanceOf(Done.class);
    }

    private String version(String name) {
        return metadata(name, "resourceVersion");
    }

    private String metadata(String name, String member) {
        return kubernetes
                .find("configmaps", "agents", name)
                .orElseThrow()
                .path("metadata")
                .path(member)
                .asText();
    }

    private ApiServer server(String token) {
        return new ApiServer(Clusters.client(kubernetes.kubeconfig(token)));
    }
}
