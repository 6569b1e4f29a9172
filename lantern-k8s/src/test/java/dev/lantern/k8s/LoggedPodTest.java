package dev.lantern.k8s;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** Whether there is a log of the agent, and whether more of it will come. */
class LoggedPodTest {
    @Test
    void agent_has_a_log_once_its_container_ran() {
        assertThat(of("")).isEqualTo(new LoggedPod("p", false, false));
        assertThat(of("\"phase\": \"Pending\", \"containerStatuses\": [" + agent("waiting") + "]"))
                .isEqualTo(new LoggedPod("p", false, false));
        assertThat(of(
                        "\"phase\": \"Running\", \"containerStatuses\": [{\"name\": \"other\", \"state\": {\"terminated\": {}}}, "
                                + agent("running") + "]"))
                .isEqualTo(new LoggedPod("p", true, false));
        assertThat(of("\"phase\": \"Running\", \"containerStatuses\": [" + agent("terminated") + "]"))
                .as("the harness still drains")
                .isEqualTo(new LoggedPod("p", true, true));
    }

    @Test
    void pod_that_has_ended_writes_no_more_even_if_its_agent_never_ran() {
        assertThat(of("\"phase\": \"Failed\"")).isEqualTo(new LoggedPod("p", false, true));
        assertThat(of("\"phase\": \"Succeeded\", \"containerStatuses\": [" + agent("running") + "]"))
                .isEqualTo(new LoggedPod("p", true, true));
    }

    private static String agent(String state) {
        return "{\"name\": \"agent\", \"state\": {\"" + state + "\": {}}}";
    }

    private static LoggedPod of(String status) {
        return LoggedPod.of(Persisted.json("{\"metadata\": {\"name\": \"p\"}, \"status\": {" + status + "}}"));
    }
}
