package dev.lantern.k8s;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonObject;
import dev.lantern.testkit.kubernetes.FakeKubernetes;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Random;
import java.util.concurrent.FutureTask;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import okhttp3.HttpUrl;
import okhttp3.Response;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The same calls and the same mirror on a fake and where {@code LANTERN_TEST_KUBECONFIG} names a cluster. */
class MirrorOnClusterTest {
    private static final Duration MINUTE = Duration.ofMinutes(1);

    @Test
    void changes_are_made_and_seen_on_the_fake() throws Exception {
        try (FakeKubernetes kubernetes = FakeKubernetes.start();
                TestApiServer cluster = TestApiServer.of(kubernetes.kubeconfig())) {
            changes_are_made_and_seen(cluster);
        }
    }

    @Test
    @Tag("long")
    void changes_are_made_and_seen_on_a_cluster() throws Exception {
        try (TestApiServer cluster = TestApiServer.open("calls and mirror on a real API server")) {
            changes_are_made_and_seen(cluster);
        }
    }

    private static void changes_are_made_and_seen(TestApiServer cluster) throws Exception {
        String namespace = cluster.mark() + "-mirror";
        cluster.make("/api/v1/namespaces", Persisted.json("""
                {"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": "%s"}}
                """.formatted(namespace)));
        String maps = "/api/v1/namespaces/" + namespace + "/configmaps";
        Rule rule = Rule.namespace(namespace, "", "configmaps", "list");
        Calls calls = new Calls(cluster.server(), InstantSource.system(), new Random(1));
        Change first = Change.create(maps, map("a"), rule);
        done(calls, first.dryRun());
        JsonObject created = done(calls, first);
        assertThat(calls.change(first, MINUTE)).isEqualTo(new Result.AlreadyThere());
        LinkedBlockingQueue<Sight<String>> sights = new LinkedBlockingQueue<>();
        Mirror<String> mirror = mirror(cluster.server(), maps, rule, sights);
        FutureTask<Void> running = new FutureTask<>(mirror, null);
        new Thread(running, "mirror").start();
        try {
            told(sights, new Sight.Came<>("a=v"), new Sight.Clear<>());

            String version = metadata(created, "resourceVersion");
            Change patch = Change.patch(maps, "a", Persisted.json("""
                    {"metadata": {"resourceVersion": "%s"}, "data": {"k": "w"}}
                    """.formatted(version)), rule);
            done(calls, patch);
            assertThat(calls.change(patch, MINUTE)).isInstanceOf(Result.Conflict.class);
            told(sights, new Sight.Changed<>("a=v", "a=w"));

            done(calls, Change.create(maps, map("b"), rule));
            told(sights, new Sight.Came<>("b=v"));

            Change stranger = Change.delete(maps, "a", "00000000-0000-4000-8000-000000000000", rule);
            assertThat(calls.change(stranger, MINUTE)).isInstanceOf(Result.Conflict.class);
            Change delete = Change.delete(maps, "a", metadata(created, "uid"), rule);
            done(calls, delete);
            told(sights, new Sight.Went<>("a=w"));
            assertThat(calls.change(delete, MINUTE)).isEqualTo(new Result.Gone());
            assertThat(calls.read(Get.of(maps + "/a", rule), "a", MINUTE)).isEqualTo(new Result.Gone());
            assertThat(calls.read(Get.of(maps + "/b", rule), "b", MINUTE)).isInstanceOf(Done.class);
        } finally {
            mirror.close();
            running.get(1, TimeUnit.MINUTES);
        }
    }

    @Test
    void place_that_is_forgotten_costs_a_list_on_the_fake() throws Exception {
        try (FakeKubernetes kubernetes = FakeKubernetes.start();
                TestApiServer cluster = TestApiServer.of(kubernetes.kubeconfig())) {
            place_that_is_forgotten_costs_a_list(cluster, kubernetes::compact);
        }
    }

    @Test
    @Tag("long")
    void place_that_is_forgotten_costs_a_list_on_a_cluster() throws Exception {
        try (TestApiServer cluster = TestApiServer.open("watches from a forgotten place on a real API server")) {
            place_that_is_forgotten_costs_a_list(cluster, () -> {});
        }
    }

    /** The first watch asks for changes since the very first version, which no API server remembers for long. */
    private static void place_that_is_forgotten_costs_a_list(TestApiServer cluster, Runnable forget) throws Exception {
        String namespace = cluster.mark() + "-forgotten";
        cluster.make("/api/v1/namespaces", Persisted.json("""
                {"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": "%s"}}
                """.formatted(namespace)));
        String maps = "/api/v1/namespaces/" + namespace + "/configmaps";
        Rule rule = Rule.namespace(namespace, "", "configmaps", "list");
        Calls calls = new Calls(cluster.server(), InstantSource.system(), new Random(1));
        done(calls, Change.create(maps, map("a"), rule));
        forget.run();
        AtomicInteger lists = new AtomicInteger();
        AtomicInteger watches = new AtomicInteger();
        ApiServer server = cluster.server(chain -> {
            HttpUrl url = chain.request().url();
            boolean watch = url.queryParameter("watch") != null;
            if ((watch ? watches : lists).incrementAndGet() > 1 || !watch) {
                return chain.proceed(chain.request());
            }
            HttpUrl old =
                    url.newBuilder().setQueryParameter("resourceVersion", "1").build();
            Response response =
                    chain.proceed(chain.request().newBuilder().url(old).build());
            return response.newBuilder().request(chain.request()).build();
        });
        LinkedBlockingQueue<Sight<String>> sights = new LinkedBlockingQueue<>();
        Mirror<String> mirror = mirror(server, maps, rule, sights);
        FutureTask<Void> running = new FutureTask<>(mirror, null);
        new Thread(running, "mirror").start();
        try {
            told(sights, new Sight.Came<>("a=v"), new Sight.Clear<>());
            done(calls, Change.create(maps, map("b"), rule));
            told(sights, new Sight.Came<>("b=v"));

            cluster.await("a second list", lists::get, count -> count >= 2);
        } finally {
            mirror.close();
            running.get(1, TimeUnit.MINUTES);
        }
    }

    private static Mirror<String> mirror(
            ApiServer server, String maps, Rule rule, LinkedBlockingQueue<Sight<String>> sights) {
        // Short watches: the place is handed on from one to the next meanwhile.
        Pace pace = new Pace(Duration.ofSeconds(2), MINUTE, MINUTE, MINUTE, Duration.ofMillis(50), MINUTE);
        return new Mirror<>(
                server,
                new Mirrored<>(
                        Get.of(maps, rule).with("labelSelector", "lantern=yes"),
                        "v1",
                        "ConfigMap",
                        map -> map.child("metadata").text("name") + "="
                                + map.child("data").text("k")),
                pace,
                InstantSource.system(),
                System::nanoTime,
                new Random(1),
                sights::add);
    }

    private static JsonObject map(String name) {
        return Persisted.json("""
                {"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "%s", "labels": {"lantern": "yes"}},
                 "data": {"k": "v"}}
                """.formatted(name));
    }

    private static JsonObject done(Calls calls, Change change) {
        Result result = calls.change(change, MINUTE);
        assertThat(result).isInstanceOf(Done.class);
        return ((Done) result).tree();
    }

    private static String metadata(JsonObject object, String member) {
        return object.getAsJsonObject("metadata").get(member).getAsString();
    }

    @SafeVarargs
    private static void told(LinkedBlockingQueue<Sight<String>> sights, Sight<String>... expected)
            throws InterruptedException {
        for (Sight<String> sight : expected) {
            assertThat(sights.poll(1, TimeUnit.MINUTES)).isEqualTo(sight);
        }
    }
}
