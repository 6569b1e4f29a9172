package dev.lantern.gate;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TolerationTest {

    /** Kubernetes' own rules, for the taint team=data:NoSchedule. */
    @ParameterizedTest
    @CsvSource({
        "team, Equal,  data,  NoSchedule, true",
        "team, Equal,  data,  '',         true",
        "team, Equal,  data,  NoExecute,  false",
        "team, Equal,  other, NoSchedule, false",
        "team, Equal,  '',    NoSchedule, false",
        "crew, Equal,  data,  NoSchedule, false",
        "'',   Equal,  data,  NoSchedule, false",
        "team, Exists, '',    NoSchedule, true",
        "team, Exists, '',    '',         true",
        "crew, Exists, '',    '',         false",
        "'',   Exists, '',    '',         true",
        "'',   Exists, '',    NoExecute,  false",
        "team, Gt,     1,     NoSchedule, false",
        "team, '',     data,  NoSchedule, false"
    })
    void tolerates_what_kubernetes_says(String key, String operator, String value, String effect, boolean tolerated) {
        Taint taint = new Taint("team", "data", "NoSchedule");
        assertThat(new Toleration(key, operator, value, effect).tolerates(taint))
                .isEqualTo(tolerated);
    }

    @Test
    void only_preferences_do_not_repel() {
        assertThat(new Taint("a", "", "NoSchedule").repels()).isTrue();
        assertThat(new Taint("a", "", "NoExecute").repels()).isTrue();
        assertThat(new Taint("a", "", "SomethingNew").repels()).isTrue();
        assertThat(new Taint("a", "", "PreferNoSchedule").repels()).isFalse();
        assertThat(new Taint("a", "b", "NoSchedule")).hasToString("a=b:NoSchedule");
        assertThat(new Taint("a", "", "NoSchedule")).hasToString("a:NoSchedule");
    }
}
