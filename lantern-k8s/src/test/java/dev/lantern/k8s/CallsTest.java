package dev.lantern.k8s;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.gson.JsonObject;
import dev.lantern.testkit.kubernetes.FakeKubernetes;
import dev.lantern.testkit.kubernetes.Fault;
import dev.lantern.testkit.kubernetes.Injection;
import dev.lantern.testkit.kubernetes.RequestMatcher;
import dev.lantern.value.LanternException;
import java.time.Duration;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Calls about one object: what is told when it goes well, when it is refused, and when nobody knows. */
class CallsTest {
    private static final String MAPS = "/api/v1/namespaces/agents/configmaps";
    private static final String PODS = "/api/v1/namespaces/agents/pods";
    private static final Rule RULE = Rule.namespace("agents", "", "configmaps", "create");
    /** Too short for a second pause, long enough for an answer even here. */
    private static final Duration BRIEFLY = Duration.ofSeconds(2);

    private static final RequestMatcher CREATE = RequestMatcher.any().verb("create");
    private static final RequestMatcher PATCH = RequestMatcher.any().verb("patch");
    private static final RequestMatcher DELETE = RequestMatcher.any().verb("delete");
    private static final RequestMatcher GET = RequestMatcher.any().verb("get");

    private FakeKubernetes kubernetes;
    private Calls calls;

    @BeforeEach
    void start() {
        kubernetes = FakeKubernetes.start();
        kubernetes.addNamespace("agents");
        calls = calls(kubernetes.token());
    }

    @AfterEach
    void stop() {
        kubernetes.close();
    }

    @Test
    void object_is_created_read_changed_and_deleted() {
        assertThat(name(done(change(create("a"))))).isEqualTo("a");
        JsonObject read = done(read("a"));
        assertThat(read.getAsJsonObject("data").get("k").getAsString()).isEqualTo("v");

        JsonObject changed = done(change(patch("a", version(read))));

        assertThat(changed.getAsJsonObject("data").get("k").getAsString()).isEqualTo("w");
        done(change(delete("a", uid(read))));
        assertThat(read("a")).isEqualTo(new Result.Gone());
    }

    @Test
    void dry_run_answers_with_the_object_and_leaves_none() {
        assertThat(name(done(change(create("a").dryRun())))).isEqualTo("a");

        assertThat(kubernetes.find("configmaps", "agents", "a")).isEmpty();
        assertThat(kubernetes.count(CREATE.query("dryRun=All"))).isEqualTo(1);
    }

    @Test
    void second_creation_of_a_name_is_told_that_it_stands() {
        change(create("a"));

        assertThat(change(create("a"))).isEqualTo(new Result.AlreadyThere());
    }

    @Test
    void of_two_patches_of_one_version_the_second_loses() {
        String version = version(done(change(create("a"))));
        done(change(patch("a", version)));

        assertThat(change(patch("a", version))).isInstanceOf(Result.Conflict.class);
    }

    @Test
    void deletion_leaves_another_object_of_that_name_alone() {
        change(create("a"));

        assertThat(change(delete("a", "00000000-0000-4000-8000-000000000000")))
                .isInstanceOfSatisfying(
                        Result.Conflict.class,
                        conflict -> assertThat(conflict.said()).contains("Precondition failed: UID in precondition"));
        assertThat(kubernetes.find("configmaps", "agents", "a")).isPresent();
    }

    @Test
    void deletion_of_a_job_takes_its_pod_with_it() {
        kubernetes.addNode("n1");
        String jobs = "/apis/batch/v1/namespaces/agents/jobs";
        JsonObject job = done(change(Change.create(jobs, Persisted.json("""
                {"apiVersion": "batch/v1", "kind": "Job", "metadata": {"name": "j"}, "spec": {"template": {"spec":
                  {"restartPolicy": "Never", "containers": [{"name": "agent", "image": "i"}]}}}}
                """), RULE)));
        kubernetes.settle();
        assertThat(kubernetes.pods("agents")).hasSize(1);

        done(change(Change.delete(jobs, "j", uid(job), RULE)));
        kubernetes.advance(Duration.ofMinutes(2));

        assertThat(kubernetes.pods("agents")).isEmpty();
    }

    @Test
    void what_is_not_there_is_gone() {
        assertThat(read("a")).isEqualTo(new Result.Gone());
        assertThat(change(patch("a", "1"))).isEqualTo(new Result.Gone());
        assertThat(change(delete("a", "u"))).isEqualTo(new Result.Gone());
    }

    @Test
    void missing_answer_of_something_else_than_the_api_server_is_not_taken_for_a_missing_object() {
        kubernetes.inject(RequestMatcher.any(), Fault.status(404));

        assertThat(read("a")).isInstanceOf(Result.Refused.class);
        assertThat(change(delete("a", "u"))).isInstanceOf(Result.Refused.class);
    }

    @Test
    void refusal_comes_with_what_the_api_server_said_and_with_the_missing_rule() {
        kubernetes.addNamespace("hosts");
        Calls stranger = calls(kubernetes.token("hosts", "default"));

        Result refused = stranger.change(create("a"), Clusters.PATIENCE);

        assertThat(refused).isInstanceOfSatisfying(Result.Refused.class, it -> {
            assertThat(it.code()).isEqualTo(403);
            assertThat(it.why())
                    .startsWith("POST " + MAPS + "/a: refused (403: ")
                    .contains("cannot create resource \"configmaps\"")
                    .endsWith("give this host's user the rule {apiGroups: [\"\"], resources: [\"configmaps\"], verbs:"
                            + " [\"create\"]} in namespace agents");
        });
    }

    @Test
    void refusal_of_a_policy_comes_back_from_the_dry_run_as_a_sentence() {
        kubernetes.validate("lantern-pods", "Forbidden", (request, pod) -> Optional.of("no pod without the gate"));

        Result refused = change(Change.create(PODS, Persisted.json("""
                {"apiVersion": "v1", "kind": "Pod", "metadata": {"name": "p"}, "spec": {"containers": [{"name": "c",
                  "image": "i"}]}}
                """), RULE).dryRun());

        assertThat(refused)
                .isInstanceOfSatisfying(
                        Result.Refused.class,
                        it -> assertThat(it.why())
                                .contains("POST " + PODS + "/p (dry run): refused (403: ", "no pod without the gate"));
    }

    @Test
    void what_fails_in_passing_is_sent_again() {
        for (Fault fault : new Fault[] {
            Fault.tooManyRequests(), Fault.tooManyRequests(Duration.ofSeconds(1)), Fault.status(500), Fault.cut()
        }) {
            kubernetes.forgetRequests();
            kubernetes.inject(GET, fault, 1);
            assertThat(read("a")).isEqualTo(new Result.Gone());
            assertThat(kubernetes.count(GET)).isEqualTo(2);
        }
        kubernetes.inject(CREATE, Fault.status(503), 3);
        done(change(create("a")));
    }

    @Test
    void creation_whose_answer_was_lost_stands_when_it_is_sent_again() {
        kubernetes.inject(CREATE, Fault.answerLost(), 1);

        assertThat(change(create("a"))).isEqualTo(new Result.AlreadyThere());
    }

    @Test
    void patch_whose_answer_was_lost_conflicts_with_itself() {
        String version = version(done(change(create("a"))));
        kubernetes.inject(PATCH, Fault.answerLost(), 1);

        assertThat(change(patch("a", version))).isInstanceOf(Result.Conflict.class);
        assertThat(done(read("a")).getAsJsonObject("data").get("k").getAsString())
                .isEqualTo("w");
    }

    @Test
    void deletion_whose_answer_was_lost_finds_nothing_more() {
        String uid = uid(done(change(create("a"))));
        kubernetes.inject(DELETE, Fault.answerLost(), 1);

        assertThat(change(delete("a", uid))).isEqualTo(new Result.Gone());
    }

    @Test
    void refusal_after_a_lost_answer_does_not_say_that_nothing_was_done() {
        kubernetes.inject(CREATE, Fault.answerLost(), 1);
        kubernetes.inject(CREATE, Fault.status(403));

        assertThat(change(create("a")))
                .isInstanceOfSatisfying(
                        Result.Unknown.class,
                        it -> assertThat(it.why())
                                .contains("refused (403: a fault of the test: 403)")
                                .endsWith("; a try before this one may have been carried out"));
        assertThat(kubernetes.find("configmaps", "agents", "a")).isPresent();
    }

    @Test
    void refusal_of_a_read_is_certain_whatever_was_before() {
        kubernetes.inject(GET, Fault.status(503), 1);
        kubernetes.inject(GET, Fault.status(403));

        assertThat(read("a")).isInstanceOf(Result.Refused.class);
    }

    @Test
    void overload_until_the_deadline_is_a_refusal_for_nothing_was_done() {
        kubernetes.inject(CREATE, Fault.tooManyRequests(Duration.ofDays(1)));

        assertThat(change(create("a")))
                .isInstanceOfSatisfying(
                        Result.Refused.class,
                        it -> assertThat(it.why()).endsWith("it wants to be asked again in 86400 s); try later"));
        assertThat(kubernetes.count(CREATE)).isEqualTo(1);
    }

    @Test
    void failure_until_the_deadline_leaves_it_unknown() {
        kubernetes.inject(CREATE, Fault.status(500));

        assertThat(calls.change(create("a"), BRIEFLY))
                .isInstanceOfSatisfying(
                        Result.Unknown.class,
                        it -> assertThat(it.why())
                                .startsWith(
                                        "POST " + MAPS + "/a: the API server failed (500: a fault of the test: 500)"));
        assertThat(kubernetes.count(CREATE)).isGreaterThan(1);
    }

    @Test
    void creations_that_cross_in_one_quota_are_sent_again() {
        kubernetes.inject(CREATE, Fault.status(409), 1);

        done(change(create("a")));
    }

    @Test
    void silence_is_waited_for_until_the_deadline_and_not_longer() {
        kubernetes.inject(CREATE, Fault.hold());

        assertThat(calls.change(create("a"), BRIEFLY))
                .isInstanceOfSatisfying(
                        Result.Unknown.class,
                        it -> assertThat(it.why()).startsWith("POST " + MAPS + "/a: no answer within 2000 ms"));
    }

    @Test
    void answer_that_is_no_json_leaves_it_unknown() {
        kubernetes.inject(CREATE, Fault.body("<html>login</html>"));

        assertThat(calls.change(create("a"), BRIEFLY)).isInstanceOf(Result.Unknown.class);
    }

    @Test
    void interrupted_call_is_given_up_at_once() throws Exception {
        Injection held = kubernetes.inject(CREATE, Fault.hold());

        assertThat(interrupted(held)).isTrue();
    }

    @Test
    void interrupted_pause_is_given_up_at_once() throws Exception {
        Injection overloaded = kubernetes.inject(CREATE, Fault.tooManyRequests(Duration.ofHours(1)));

        assertThat(interrupted(overloaded)).isTrue();
    }

    private boolean interrupted(Injection injection) throws Exception {
        FutureTask<Boolean> call = new FutureTask<>(() -> {
            assertThatThrownBy(() -> calls.change(create("a"), Duration.ofDays(1)))
                    .isInstanceOf(LanternException.class)
                    .hasMessage("POST " + MAPS + "/a at the API server " + kubernetes.url()
                            + ": gave up, the thread was interrupted; whether it was carried out is not known");
            return Thread.currentThread().isInterrupted();
        });
        Thread thread = new Thread(call, "call");
        thread.start();
        injection.awaitHit();
        thread.interrupt();
        return call.get(1, TimeUnit.MINUTES);
    }

    @Test
    void change_that_could_not_be_sent_twice_cannot_be_made() {
        JsonObject nameless = Persisted.json("{\"metadata\": {\"generateName\": \"a-\"}}");

        assertThatThrownBy(() -> Change.create(MAPS, nameless, RULE)).hasMessage("there is no metadata.name");
        assertThatThrownBy(() -> Change.patch(MAPS, "a", Persisted.json("{\"data\": {}}"), RULE))
                .hasMessage("there is no metadata.resourceVersion");
        assertThatThrownBy(() -> Change.delete(MAPS, "a", "", RULE)).hasMessage("a deletion names the UID it is about");
    }

    @Test
    void change_does_not_show_what_it_carries() {
        assertThat(create("a").dryRun()).hasToString("POST " + MAPS + "/a (dry run)");
        assertThat(delete("a", "u")).hasToString("DELETE " + MAPS + "/a");
    }

    private Result change(Change change) {
        return calls.change(change, Clusters.PATIENCE);
    }

    private Result read(String name) {
        return calls.read(
                Get.of(MAPS + "/" + name, Rule.namespace("agents", "", "configmaps", "get")), name, Clusters.PATIENCE);
    }

    private Calls calls(String token) {
        return new Calls(
                new ApiServer(Clusters.client(kubernetes.kubeconfig(token))), kubernetes.clock(), new Random(1));
    }

    private static Change create(String name) {
        return Change.create(
                MAPS,
                Persisted.json("{\"apiVersion\": \"v1\", \"kind\": \"ConfigMap\", \"metadata\": {\"name\": \"" + name
                        + "\"}, \"data\": {\"k\": \"v\"}}"),
                RULE);
    }

    private static Change patch(String name, String version) {
        return Change.patch(
                MAPS,
                name,
                Persisted.json("{\"metadata\": {\"resourceVersion\": \"" + version + "\"}, \"data\": {\"k\": \"w\"}}"),
                RULE);
    }

    private static Change delete(String name, String uid) {
        return Change.delete(MAPS, name, uid, RULE);
    }

    private static JsonObject done(Result result) {
        assertThat(result).isInstanceOf(Done.class);
        return ((Done) result).tree();
    }

    private static String name(JsonObject object) {
        return metadata(object, "name");
    }

    private static String uid(JsonObject object) {
        return metadata(object, "uid");
    }

    private static String version(JsonObject object) {
        return metadata(object, "resourceVersion");
    }

    private static String metadata(JsonObject object, String member) {
        return object.getAsJsonObject("metadata").get(member).getAsString();
    }
}
