package dev.lantern.k8s;

import static dev.lantern.k8s.Clusters.facts;
import static dev.lantern.k8s.Clusters.seen;
import static dev.lantern.k8s.Clusters.why;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.stream.JsonReader;
import dev.lantern.gate.NodeFact;
import dev.lantern.testkit.kubernetes.FakeKubernetes;
import dev.lantern.testkit.kubernetes.Fault;
import dev.lantern.testkit.kubernetes.Injection;
import dev.lantern.testkit.kubernetes.RequestMatcher;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Iterator;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A list is complete, or it is not told. */
class ListsTest {
    private static final RequestMatcher NODES =
            RequestMatcher.any().verb("list").resource("nodes");
    private static final RequestMatcher FIRST = NODES.query("limit=500");
    private static final RequestMatcher FURTHER = NODES.query("continue=");
    private static final String RELIED = "the answer cannot be relied on: ";
    private static final String VERSION = "; see whether it is an API server that answers there, and of which version";

    private FakeKubernetes kubernetes;

    @BeforeEach
    void start() {
        kubernetes = FakeKubernetes.start();
        Clusters.applyBaseline(kubernetes);
    }

    @AfterEach
    void stop() {
        kubernetes.close();
    }

    @Test
    void list_of_many_parts_is_read_to_its_end() {
        addNodes(1234);
        kubernetes.forgetRequests();

        List<NodeFact> nodes = seen(facts(kubernetes).nodes());

        assertThat(nodes).extracting(node -> node.id().name()).hasSize(1234).doesNotHaveDuplicates();
        assertThat(kubernetes.count(NODES)).isEqualTo(3);
        assertThat(kubernetes.count(FIRST)).isEqualTo(3);
    }

    @Test
    void nodes_take_no_more_memory_than_what_is_kept_of_them() throws Exception {
        // Ten thousand nodes of 20 kB each: as trees they would not fit into this JVM.
        String images = "\"images\": [" + "{\"names\": [\"registry.example/some/image@sha256:0\"]},".repeat(400)
                + "{\"sizeBytes\": 1}]";
        Stream<String> nodes = IntStream.range(0, 10_000)
                .mapToObj(i -> (i == 0 ? "" : ",") + "{\"metadata\": {\"name\": \"n" + i + "\", \"uid\": \"u" + i
                        + "\", \"labels\": {\"kubernetes.io/hostname\": \"n" + i + "\"}}, \"status\": {" + images
                        + "}}");
        Stream<String> list = Stream.of(
                        Stream.of("{\"kind\": \"NodeList\", \"apiVersion\": \"v1\","
                                + " \"metadata\": {\"resourceVersion\": \"1\"}, \"items\": ["),
                        nodes,
                        Stream.of("]}"))
                .flatMap(part -> part);
        BoundedStream bytes = new BoundedStream(new Lazy(list.iterator()), 1 << 20);

        Page<NodeFact> page = new PageReader<>("v1", "Node", new NodeReader()::read)
                .read(new JsonReader(ApiServer.utf8(bytes)), bytes);

        assertThat(page.items()).hasSize(10_000);
    }

    /** Texts as bytes, made when they are read. */
    private static final class Lazy extends InputStream {
        private final Iterator<String> texts;
        private byte[] current = {};
        private int at;

        Lazy(Iterator<String> texts) {
            this.texts = texts;
        }

        @Override
        public int read() {
            return fill() ? current[at++] : -1;
        }

        @Override
        public int read(byte[] into, int offset, int length) {
            if (!fill()) {
                return -1;
            }
            int count = Math.min(length, current.length - at);
            System.arraycopy(current, at, into, offset, count);
            at += count;
            return count;
        }

        private boolean fill() {
            while (at == current.length && texts.hasNext()) {
                current = texts.next().getBytes(StandardCharsets.US_ASCII);
                at = 0;
            }
            return at < current.length;
        }
    }

    @Test
    void server_may_make_the_parts_smaller_than_they_were_asked_for() {
        addNodes(7);
        kubernetes.inject(NODES, Fault.page(2));

        assertThat(seen(facts(kubernetes).nodes()))
                .extracting(node -> node.id().name())
                .containsExactly("n0", "n1", "n2", "n3", "n4", "n5", "n6");
    }

    @Test
    void list_that_is_forgotten_while_it_is_read_is_read_again_from_its_beginning() {
        addNodes(5);
        kubernetes.inject(FURTHER, Fault.status(410), 1);
        kubernetes.inject(NODES, Fault.page(2));
        kubernetes.forgetRequests();

        assertThat(seen(facts(kubernetes).nodes()))
                .extracting(node -> node.id().name())
                .containsExactly("n0", "n1", "n2", "n3", "n4");
        assertThat(kubernetes.count(NODES)).as("two parts, then three").isEqualTo(5);
    }

    @Test
    void list_that_is_forgotten_twice_is_untold() {
        addNodes(5);
        kubernetes.inject(FURTHER, Fault.status(410), 2);
        kubernetes.inject(NODES, Fault.page(2));

        assertThat(why(facts(kubernetes).nodes()))
                .isEqualTo("the API server forgot the list while it was read, twice; see whether etcd is compacted too"
                        + " often, or the API server is too slow");
    }

    @Test
    void list_whose_end_never_comes_is_untold_and_what_came_is_not_shown() {
        addNodes(5);
        kubernetes.inject(FURTHER, Fault.status(403));
        kubernetes.inject(NODES, Fault.page(2));

        assertThat(why(facts(kubernetes).nodes()))
                .isEqualTo("this host may not ask (403: a fault of the test: 403); give its user the rule"
                        + " {apiGroups: [\"\"], resources: [\"nodes\"], verbs: [\"list\"]} in the whole cluster");
    }

    @Test
    void parts_of_two_lists_are_none() {
        part("1", "more", "a");
        kubernetes.inject(FURTHER, Fault.body(list("2", "", "b")));

        assertThat(why(facts(kubernetes).nodes()))
                .isEqualTo("the parts of the list are of two versions, 1 and 2, which no API server gives; see what"
                        + " stands between it and this host");
    }

    @Test
    void name_that_comes_twice_makes_the_list_untold() {
        part("1", "more", "a");
        kubernetes.inject(FURTHER, Fault.body(list("1", "", "b", "a")));

        assertThat(why(facts(kubernetes).nodes())).isEqualTo("the list has a twice; see what answers there");
    }

    @Test
    void list_that_goes_on_without_anything_new_is_untold() {
        part("1", "more", "a");
        kubernetes.inject(FURTHER, Fault.body(list("1", "more")));

        assertThat(why(facts(kubernetes).nodes()))
                .isEqualTo("a part of the list is empty, so it may never end; see what answers there");
    }

    @Test
    void one_object_that_is_not_what_it_has_to_be_makes_the_list_untold() {
        assertUnreadable("{\"metadata\": {\"name\": \"a\"}}", "Node a, metadata has no uid");
        assertUnreadable("{\"metadata\": {\"uid\": \"u\"}}", "Node 0 of the list, metadata has no name");
        assertUnreadable(
                "{\"metadata\": {\"name\": \"\", \"uid\": \"u\"}}", "Node 0 of the list, metadata has no name");
        assertUnreadable(
                "{\"metadata\": {\"name\": 7, \"uid\": \"u\"}}", "Node 0 of the list, metadata: name is no text");
        assertUnreadable("{\"metadata\": []}", "Node 0 of the list: metadata is no object");
        assertUnreadable("7", "Node 0 of the list is no object");
        assertUnreadable("null", "Node 0 of the list is no object");
        assertUnreadable(
                "{\"kind\": \"Pod\", \"apiVersion\": \"v1\", \"metadata\": {\"name\": \"a\", \"uid\": \"u\"}}",
                "Node 0 of the list is a v1 Pod where a v1 Node was asked for");
        assertUnreadable(node("\"status\": []"), "Node a: status is no object");
        assertUnreadable(node("\"spec\": {\"taints\": {}}"), "Node a, spec: taints is no list");
        assertUnreadable(node("\"spec\": {\"taints\": [\"x\"]}"), "Node a, spec, taints[0] is no object");
        assertUnreadable(node("\"spec\": {\"taints\": [{\"key\": \"x\"}]}"), "Node a, spec, taints[0] has no effect");
        assertUnreadable(node("\"spec\": {\"unschedulable\": \"false\"}"), "Node a, spec: unschedulable is no boolean");
        assertUnreadable(
                node("\"status\": {\"conditions\": [{\"type\": \"Ready\"}]}"),
                "Node a, status, conditions[0] has no status");
        assertUnreadable(
                node("\"status\": {\"runtimeHandlers\": [{\"name\": true}]}"),
                "Node a, status, runtimeHandlers[0]: name is no text");
        assertUnreadable(
                node("\"status\": {\"allocatable\": {\"cpu\": {}}}"), "Node a, status: allocatable.cpu is no text");
    }

    @Test
    void list_without_what_makes_it_one_is_untold() {
        assertUntold(
                "{\"kind\": \"NodeList\", \"apiVersion\": \"v1\", \"metadata\": {\"resourceVersion\": \"1\"}}",
                "the list has no items");
        assertUntold(
                "{\"kind\": \"NodeList\", \"apiVersion\": \"v1\", \"metadata\": {\"resourceVersion\": \"1\"},"
                        + " \"items\": null}",
                "the items of the list are no list");
        assertUntold(
                "{\"kind\": \"NodeList\", \"apiVersion\": \"v1\", \"metadata\": {}, \"items\": []}",
                "the list, metadata has no resourceVersion");
        assertUntold(
                "{\"kind\": \"NodeList\", \"apiVersion\": \"v2\", \"metadata\": {}, \"items\": []}",
                "the list is a v2 NodeList where a v1 NodeList was asked for");
        assertUntold("{\"kind\": \"NodeList\", \"kind\": \"NodeList\"}", "the answer has kind twice");
        assertUntold("{\"items\": [], \"items\": []}", "the answer has items twice");
        assertUntold(list("1", "", "a") + "{}", "it is no complete JSON");
        assertUntold(list("1", "", "a").replace("}}]", "}"), "it is no complete JSON");
    }

    @Test
    void order_of_the_members_of_a_list_does_not_matter() {
        kubernetes.inject(
                NODES,
                Fault.body("{\"items\": [" + node("\"spec\": {}") + "], \"metadata\": {\"resourceVersion\": \"1\"},"
                        + " \"apiVersion\": \"v1\", \"kind\": \"NodeList\"}"));

        assertThat(seen(facts(kubernetes).nodes())).hasSize(1);
    }

    private void assertUnreadable(String node, String found) {
        assertUntold(
                "{\"kind\": \"NodeList\", \"apiVersion\": \"v1\", \"metadata\": {\"resourceVersion\": \"1\"},"
                        + " \"items\": [" + node + "]}",
                found);
    }

    private void assertUntold(String body, String found) {
        Injection injection = kubernetes.inject(NODES, Fault.body(body));

        assertThat(why(facts(kubernetes).nodes())).isEqualTo(RELIED + found + VERSION);
        injection.release();
    }

    private void part(String version, String next, String... names) {
        // The first to be asked for has no continue; the fault of those that have is put before this one.
        kubernetes.inject(NODES, Fault.body(list(version, next, names)), 1);
    }

    private static String list(String version, String next, String... names) {
        List<String> items = List.of(names).stream()
                .map(name -> "{\"metadata\": {\"name\": \"" + name + "\", \"uid\": \"u-" + name + "\"}}")
                .toList();
        return "{\"kind\": \"NodeList\", \"apiVersion\": \"v1\", \"metadata\": {\"resourceVersion\": \"" + version
                + "\", \"continue\": \"" + next + "\"}, \"items\": [" + String.join(", ", items) + "]}";
    }

    private static String node(String more) {
        return "{\"metadata\": {\"name\": \"a\", \"uid\": \"u\"}, " + more + "}";
    }

    private void addNodes(int count) {
        IntStream.range(0, count).forEach(i -> kubernetes.addNode("n" + i));
    }
}
