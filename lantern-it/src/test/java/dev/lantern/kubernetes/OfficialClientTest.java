package dev.lantern.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.google.gson.JsonParser;
import com.google.gson.reflect.TypeToken;
import dev.lantern.testkit.kubernetes.FakeKubernetes;
import dev.lantern.testkit.kubernetes.FakePod;
import dev.lantern.testkit.kubernetes.Fault;
import dev.lantern.testkit.kubernetes.RequestMatcher;
import io.kubernetes.client.custom.V1Patch;
import io.kubernetes.client.openapi.ApiClient;
import io.kubernetes.client.openapi.ApiException;
import io.kubernetes.client.openapi.apis.BatchV1Api;
import io.kubernetes.client.openapi.apis.CoreV1Api;
import io.kubernetes.client.openapi.apis.VersionApi;
import io.kubernetes.client.openapi.models.V1Container;
import io.kubernetes.client.openapi.models.V1Job;
import io.kubernetes.client.openapi.models.V1JobSpec;
import io.kubernetes.client.openapi.models.V1ObjectMeta;
import io.kubernetes.client.openapi.models.V1Pod;
import io.kubernetes.client.openapi.models.V1PodList;
import io.kubernetes.client.openapi.models.V1PodSchedulingGate;
import io.kubernetes.client.openapi.models.V1PodSpec;
import io.kubernetes.client.openapi.models.V1PodTemplateSpec;
import io.kubernetes.client.util.Config;
import io.kubernetes.client.util.PatchUtils;
import io.kubernetes.client.util.Watch;
import java.io.IOException;
import java.io.StringReader;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The typed client reads what the fake writes, over TLS and with a kubeconfig of its own. */
class OfficialClientTest {
    private final FakeKubernetes kubernetes = FakeKubernetes.builder().tls().start();
    private ApiClient client;
    private CoreV1Api core;

    @BeforeEach
    void connect() throws IOException {
        client = Config.fromConfig(new StringReader(kubernetes.kubeconfig()));
        core = new CoreV1Api(client);
    }

    @AfterEach
    void close() {
        client.getHttpClient().dispatcher().executorService().shutdown();
        client.getHttpClient().connectionPool().evictAll();
        kubernetes.close();
    }

    @Test
    void types_of_the_client_hold_what_the_fake_has() throws ApiException {
        kubernetes.addNode("n1").handlers("", "runsc");

        assertThat(new VersionApi(client).getCode().execute().getGitVersion()).isEqualTo("v1.36.0");
        assertThat(core.listNode().execute().getItems().get(0).getStatus().getRuntimeHandlers())
                .extracting(handler -> handler.getName())
                .containsExactly("", "runsc");
        assertThat(core.readNamespace("default").execute().getStatus().getPhase())
                .isEqualTo("Active");
    }

    @Test
    void job_is_created_ungated_and_ends_under_a_watch() throws Exception {
        kubernetes.addNode("n1");
        new BatchV1Api(client).createNamespacedJob("default", job()).execute();
        kubernetes.settle();
        V1PodList pods = core.listNamespacedPod("default")
                .labelSelector("batch.kubernetes.io/job-name=run")
                .execute();
        V1Pod pod = pods.getItems().get(0);
        assertThat(pod.getStatus().getConditions().get(0).getReason()).isEqualTo("SchedulingGated");

        try (Watch<V1Pod> watch = Watch.createWatch(
                client,
                core.listNamespacedPod("default")
                        .watch(true)
                        .resourceVersion(pods.getMetadata().getResourceVersion())
                        .buildCall(null),
                new TypeToken<Watch.Response<V1Pod>>() {}.getType())) {
            String patch = "{\"metadata\":{\"resourceVersion\":\""
                    + pod.getMetadata().getResourceVersion() + "\"},\"spec\":{\"schedulingGates\":null}}";
            assertThat(patched(pod, patch).getSpec().getSchedulingGates()).isNullOrEmpty();
            ApiException late = catchThrowableOfType(ApiException.class, () -> patched(pod, patch));
            assertThat(late.getCode()).isEqualTo(409);
            assertThat(reason(late)).isEqualTo("Conflict");
            kubernetes.settle();
            FakePod running = kubernetes.pod("default", pod.getMetadata().getName());
            running.exit("agent", 0);

            assertThat(phases(watch)).endsWith("Running", "Succeeded");
        }
    }

    @Test
    void name_that_is_taken_and_a_pod_that_is_not_there_are_told_apart() throws ApiException {
        new BatchV1Api(client).createNamespacedJob("default", job()).execute();

        ApiException taken = catchThrowableOfType(
                ApiException.class,
                () -> new BatchV1Api(client)
                        .createNamespacedJob("default", job())
                        .execute());
        ApiException absent = catchThrowableOfType(
                ApiException.class,
                () -> core.readNamespacedPod("none", "default").execute());

        assertThat(taken.getCode()).isEqualTo(409);
        assertThat(reason(taken)).isEqualTo("AlreadyExists");
        assertThat(absent.getCode()).isEqualTo(404);
    }

    @Test
    void pages_are_followed_and_logs_are_read() throws Exception {
        kubernetes.addNode("n1");
        for (String name : List.of("a", "b", "c")) {
            V1Pod pod = new V1Pod().metadata(new V1ObjectMeta().name(name)).spec(spec());
            core.createNamespacedPod("default", pod).execute();
        }
        kubernetes.settle();
        kubernetes.pod("default", "a").log("agent", "hello");

        V1PodList first = core.listNamespacedPod("default").limit(2).execute();
        V1PodList second = core.listNamespacedPod("default")
                .limit(2)
                ._continue(first.getMetadata().getContinue())
                .execute();

        assertThat(first.getItems()).hasSize(2);
        assertThat(second.getItems())
                .singleElement()
                .satisfies(pod -> assertThat(pod.getMetadata().getName()).isEqualTo("c"));
        assertThat(core.readNamespacedPodLog("a", "default").execute()).isEqualTo("hello\n");
    }

    @Test
    void answer_that_is_cut_off_is_an_error_and_not_a_short_list() {
        kubernetes.inject(RequestMatcher.any().verb("list"), Fault.cutAfter(40));

        // A syntax error of its JSON reader, and no ApiException: who reads lists catches more than that.
        assertThatThrownBy(() -> core.listNamespacedPod("default").execute()).hasRootCauseInstanceOf(IOException.class);
    }

    private V1Pod patched(V1Pod pod, String patch) throws ApiException {
        return PatchUtils.patch(
                V1Pod.class,
                () -> core.patchNamespacedPod(pod.getMetadata().getName(), "default", new V1Patch(patch))
                        .buildCall(null),
                V1Patch.PATCH_FORMAT_JSON_MERGE_PATCH,
                client);
    }

    private static List<String> phases(Watch<V1Pod> watch) {
        List<String> phases = new java.util.ArrayList<>();
        while (!phases.contains("Succeeded")) {
            phases.add(watch.next().object.getStatus().getPhase());
        }
        return phases;
    }

    private static String reason(ApiException refused) {
        return JsonParser.parseString(refused.getResponseBody())
                .getAsJsonObject()
                .get("reason")
                .getAsString();
    }

    private static V1Job job() {
        return new V1Job()
                .metadata(new V1ObjectMeta().name("run"))
                .spec(new V1JobSpec()
                        .backoffLimit(0)
                        .template(new V1PodTemplateSpec()
                                .spec(spec().restartPolicy("Never")
                                        .addSchedulingGatesItem(new V1PodSchedulingGate().name("lantern.dev/gate")))));
    }

    private static V1PodSpec spec() {
        return new V1PodSpec().addContainersItem(new V1Container().name("agent").image("registry.example/agent:1"));
    }
}
