package dev.lantern.k8s;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import dev.lantern.spec.Quantity;
import dev.lantern.substrate.InstanceRef;
import dev.lantern.value.LanternException;
import dev.lantern.value.RunRef;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

class NamesTest {
    private static final Path VECTORS = Path.of("../formats/kubernetes-name.json");

    @Test
    void names_are_those_of_the_golden_vectors() throws IOException {
        JsonObject file = JsonParser.parseString(Files.readString(VECTORS)).getAsJsonObject();

        int checked = 0;
        for (JsonElement element : file.getAsJsonArray("cases")) {
            JsonObject vector = element.getAsJsonObject();
            InstanceKey key = key(
                    vector.get("installation").getAsString(),
                    vector.get("tenant").getAsString(),
                    vector.get("run").getAsString(),
                    vector.get("epoch").getAsInt());
            assertThat(key.jobName()).isEqualTo(vector.get("job").getAsString());
            assertThat(key.loopbackToken()).isEqualTo(vector.get("loopback").getAsString());
            checked++;
        }
        assertThat(checked).isGreaterThanOrEqualTo(5);
    }

    @Test
    void name_tells_apart_where_one_id_ends_and_the_next_begins() {
        assertThat(List.of(
                        key("installation", "a", "bc", 1).jobName(),
                        key("installation", "ab", "c", 1).jobName(),
                        key("installation", "a", "bc", 2).jobName(),
                        key("installatiom", "a", "bc", 1).jobName()))
                .doesNotHaveDuplicates()
                .allSatisfy(name -> assertThat(name).matches("ln-[a-z2-7]{26}"));
    }

    @Test
    void installation_that_would_be_no_label_is_refused() {
        for (String bad : List.of("", "short", "Upper-case-id", "-begins-with-a-dash", "x".repeat(64))) {
            assertThatThrownBy(() -> key(bad, "t", "r", 1))
                    .isInstanceOf(LanternException.class)
                    .hasMessageContaining("installation id is 8 to 63");
        }
        assertThatThrownBy(() -> key("installation", "t", "r", 0)).hasMessage("epochs count from 1, found 0");
    }

    @Test
    void base32_is_that_of_rfc_4648_in_lower_case() {
        assertThat(InstanceKey.base32("foobar".getBytes(StandardCharsets.US_ASCII), 9))
                .isEqualTo("mzxw6ytbo");
        assertThat(InstanceKey.base32(new byte[] {(byte) 0xff, (byte) 0xff}, 3)).isEqualTo("777");
    }

    @Test
    void id_that_fits_is_its_own_label() {
        assertThat(Marks.label("acme")).isEqualTo("acme");
        assertThat(Marks.label("x".repeat(63))).isEqualTo("x".repeat(63));
    }

    @Test
    void id_that_does_not_fit_is_a_digest_that_no_id_can_pass_for() {
        String hashed = Marks.label("x".repeat(64));

        assertThat(hashed).matches("sha256-[a-z2-7]{51}").hasSizeLessThanOrEqualTo(63);
        assertThat(Marks.label(hashed)).isNotEqualTo(hashed).matches("sha256-[a-z2-7]{51}");
        assertThat(Marks.label("x".repeat(65))).isNotEqualTo(hashed);
    }

    @Test
    void amounts_are_written_as_the_api_server_writes_them_back() {
        assertThat(List.of("500m", "1500m", "2", "1000", "9000", "4096", "256Mi", "1024Mi", "5000000000", "1500Ki"))
                .extracting(text -> Amount.of(Quantity.parse(text)))
                .containsExactly("500m", "1500m", "2", "1k", "9k", "4096", "256Mi", "1Gi", "5G", "1500Ki");
        assertThat(Amount.of(0)).isEqualTo("0");
    }

    @Test
    void tolerations_are_merged_as_the_runtime_class_plugin_does() {
        Toleration lost = Toleration.ofLostNode("not-ready", 300);
        Toleration longer = Toleration.ofLostNode("not-ready", 600);
        Toleration gpu = Toleration.exists("gpu");
        Toleration gpuOnce = new Toleration(
                Optional.of("gpu"), "Equal", Optional.of("a100"), Optional.of("NoSchedule"), OptionalLong.empty());
        Toleration everything =
                new Toleration(Optional.empty(), "Exists", Optional.empty(), Optional.empty(), OptionalLong.empty());

        assertThat(Toleration.merged(List.of(lost), List.of(lost, gpu))).containsExactly(lost, gpu);
        assertThat(Toleration.merged(List.of(gpuOnce, lost), List.of(gpu))).containsExactly(lost, gpu);
        assertThat(Toleration.merged(List.of(gpu), List.of(gpuOnce))).containsExactly(gpu);
        Toleration gpuOther =
                new Toleration(gpuOnce.key(), "Equal", Optional.of("h100"), Optional.empty(), OptionalLong.empty());
        Toleration gpuWider =
                new Toleration(gpuOnce.key(), "Equal", gpuOnce.value(), Optional.empty(), OptionalLong.empty());
        assertThat(Toleration.merged(List.of(gpuOnce), List.of(gpuOther))).containsExactly(gpuOnce, gpuOther);
        assertThat(Toleration.merged(List.of(gpuOnce), List.of(gpuWider))).containsExactly(gpuWider);
        assertThat(Toleration.merged(List.of(gpuWider), List.of(gpu))).containsExactly(gpu);
        assertThat(Toleration.merged(List.of(lost), List.of(longer))).containsExactly(longer);
        assertThat(Toleration.merged(List.of(longer), List.of(lost))).containsExactly(longer);
        assertThat(Toleration.merged(List.of(lost, gpuOnce), List.of(everything)))
                .containsExactly(everything);
    }

    @Test
    void class_without_a_name_or_uid_is_refused() {
        assertThatThrownBy(() -> PinnedClass.of("", "uid")).hasMessageContaining("has 0 characters");
        assertThatThrownBy(() -> PinnedClass.of("x".repeat(64), "uid")).hasMessageContaining("has 64 characters");
        assertThat(PinnedClass.of("x".repeat(63), "uid").name()).hasSize(63);
        assertThatThrownBy(() -> PinnedClass.of("gvisor", "")).hasMessageContaining("no UID to pin it by");
    }

    private static InstanceKey key(String installation, String tenant, String run, int epoch) {
        return new InstanceKey(installation, new InstanceRef(new RunRef(tenant, run), epoch));
    }
}
