package dev.lantern.testkit.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What the server makes of a pod's spec where its author wrote nothing, or wrote it otherwise. */
class PersistedPodTest {
    private static final String PODS = "/api/v1/namespaces/default/pods";

    private final FakeKubernetes kubernetes = FakeKubernetes.start();
    private final Client client = Client.of(kubernetes);

    @AfterEach
    void close() {
        kubernetes.close();
    }

    @Test
    void shortest_pod_becomes_a_full_one() {
        ObjectNode spec = spec(Manifests.pod("one", "'automountServiceAccountToken':false"));

        assertThat(spec).isEqualTo(Client.json("""
                                {"containers":[{"name":"agent","image":"registry.example/agent:1","resources":{},
                                  "terminationMessagePath":"/dev/termination-log","terminationMessagePolicy":"File",
                                  "imagePullPolicy":"IfNotPresent"}],
                                 "automountServiceAccountToken":false,"restartPolicy":"Always",
                                 "terminationGracePeriodSeconds":30,"dnsPolicy":"ClusterFirst","securityContext":{},
                                 "schedulerName":"default-scheduler","enableServiceLinks":true,
                                 "serviceAccountName":"default","serviceAccount":"default","priority":0,
                                 "preemptionPolicy":"PreemptLowerPriority",
                                 "tolerations":[
                                  {"key":"node.kubernetes.io/not-ready","operator":"Exists","effect":"NoExecute","tolerationSeconds":300},
                                  {"key":"node.kubernetes.io/unreachable","operator":"Exists","effect":"NoExecute","tolerationSeconds":300}]}
                                """));
    }

    @Test
    void token_of_the_service_account_is_mounted_unless_somebody_says_no() {
        ObjectNode spec = spec(Manifests.pod("one", ""));

        String volume = spec.at("/volumes/0/name").asText();
        assertThat(volume).matches("kube-api-access-[a-z0-9]{5}");
        assertThat(spec.at("/volumes/0/projected/sources/0/serviceAccountToken/expirationSeconds")
                        .asInt())
                .isEqualTo(3607);
        assertThat(spec.at("/containers/0/volumeMounts/0"))
                .isEqualTo(Client.json("{\"name\":\"" + volume
                        + "\",\"readOnly\":true,\"mountPath\":\"/var/run/secrets/kubernetes.io/serviceaccount\"}"));
    }

    @ParameterizedTest
    @CsvSource({
        "agent, Always",
        "agent:latest, Always",
        "registry.example:5000/agent, Always",
        "registry.example/agent:1, IfNotPresent",
        "registry.example/agent@sha256:0123, IfNotPresent",
        "registry.example/agent:1@sha256:0123, IfNotPresent"
    })
    void images_without_a_tag_are_pulled_always(String image, String policy) {
        ObjectNode spec = spec(Manifests.pod("one", "").replace("registry.example/agent:1", image));

        assertThat(spec.at("/containers/0/imagePullPolicy").asText()).isEqualTo(policy);
    }

    @Test
    void requests_default_to_limits_and_amounts_come_back_in_their_one_form() {
        ObjectNode spec = spec(
                Manifests.pod("one", "")
                        .replace(
                                "\"image\"",
                                "\"resources\":{\"limits\":{\"cpu\":\"0.5\",\"memory\":\"1024Mi\"},\"requests\":{\"cpu\":\"100m\"}},\"image\""));

        assertThat(spec.at("/containers/0/resources"))
                .isEqualTo(
                        Client.json(
                                "{\"limits\":{\"cpu\":\"500m\",\"memory\":\"1Gi\"},\"requests\":{\"cpu\":\"100m\",\"memory\":\"1Gi\"}}"));
    }

    @ParameterizedTest
    @CsvSource({
        "1000m, 1",
        "0.5, 500m",
        "1.5Gi, 1536Mi",
        "1024, 1024",
        "1024Ki, 1Mi",
        "1000Mi, 1000Mi",
        "1000k, 1M",
        "1e3, 1e3",
        "0, 0",
        "100, 100",
        "1.0, 1",
        "0.1Ki, 102400m",
        "1e4, 10e3",
        "0.25Gi, 256Mi",
        "100n, 100n"
    })
    void quantities_have_one_form(String given, String canonical) {
        assertThat(Quantities.canonical(given)).contains(canonical);
    }

    @Test
    void nothing_is_kept_of_nulls_and_empty_things() {
        ObjectNode spec = spec(Manifests.pod(
                        "one",
                        "'hostNetwork':false,'nodeSelector':{},'volumes':[{'name':'v'}],'hostname':null,'automountServiceAccountToken':false")
                .replace("\"image\"", "\"args\":[],\"tty\":false,\"env\":[{\"name\":\"E\",\"value\":\"\"}],\"image\""));

        assertThat(spec.has("hostNetwork")).isFalse();
        assertThat(spec.has("nodeSelector")).isFalse();
        assertThat(spec.has("hostname")).isFalse();
        assertThat(spec.path("volumes").path(0)).isEqualTo(Client.json("{\"name\":\"v\",\"emptyDir\":{}}"));
        JsonNode container = spec.at("/containers/0");
        assertThat(container.has("args")).isFalse();
        assertThat(container.has("tty")).isFalse();
        assertThat(container.at("/env/0")).isEqualTo(Client.json("{\"name\":\"E\"}"));
    }

    @Test
    void probes_and_volumes_are_completed() {
        ObjectNode spec = spec(
                Manifests.pod(
                                "one",
                                "'volumes':[{'name':'s','secret':{'secretName':'x'}},{'name':'t','projected':{'sources':[{'serviceAccountToken':{'path':'t','audience':'lantern'}}]}}]")
                        .replace(
                                "\"image\"",
                                "\"startupProbe\":{\"tcpSocket\":{\"port\":1},\"periodSeconds\":1},\"readinessProbe\":{\"httpGet\":{\"port\":2}},\"image\""));

        assertThat(spec.at("/containers/0/startupProbe"))
                .isEqualTo(
                        Client.json(
                                "{\"tcpSocket\":{\"port\":1},\"periodSeconds\":1,\"timeoutSeconds\":1,\"successThreshold\":1,\"failureThreshold\":3}"));
        assertThat(spec.at("/containers/0/readinessProbe/httpGet"))
                .isEqualTo(Client.json("{\"port\":2,\"path\":\"/\",\"scheme\":\"HTTP\"}"));
        assertThat(spec.at("/volumes/0/secret/defaultMode").asInt()).isEqualTo(420);
        assertThat(spec.at("/volumes/1/projected/sources/0/serviceAccountToken/expirationSeconds")
                        .asInt())
                .isEqualTo(3600);
    }

    @Test
    void unknown_fields_stay_as_no_schema_is_known() {
        assertThat(spec(Manifests.pod("one", "'fieldOfTomorrow':{'a':1}"))
                        .at("/fieldOfTomorrow/a")
                        .asInt())
                .isEqualTo(1);
    }

    private ObjectNode spec(String manifest) {
        Client.Answer created = client.post(PODS, manifest);
        assertThat(created.code()).as(created.text()).isEqualTo(201);
        return (ObjectNode) created.json().path("spec");
    }
}
