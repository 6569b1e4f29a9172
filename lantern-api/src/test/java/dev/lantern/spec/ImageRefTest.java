package dev.lantern.spec;

import static dev.lantern.spec.Refusals.refusalOf;
import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ImageRefTest {
    private static final String HEX = "0123456789abcdef".repeat(4);

    @ParameterizedTest
    @ValueSource(
            strings = {"a", "demos/hello", "registry.example.com/a/b-c/d_e", "localhost:5000/x", "10.0.0.1:5000/x/y__z"
            })
    void a_digest_pins(String name) {
        ImageRef image = ImageRef.parse(name + "@sha256:" + HEX);

        assertThat(image.pinned()).isTrue();
        assertThat(image.name()).isEqualTo(name);
        assertThat(image.digest().orElseThrow().hex()).isEqualTo(HEX);
        assertThat(image).hasToString(name + "@sha256:" + HEX);
    }

    @Test
    void a_tag_does_not_pin() {
        ImageRef image = ImageRef.parse("localhost:5000/demo:v1.2");

        assertThat(image.pinned()).isFalse();
        assertThat(image.name()).isEqualTo("localhost:5000/demo");
        assertThat(image.tag()).contains("v1.2");
        assertThat(image.digest()).isEmpty();
    }

    @Test
    void a_tag_beside_a_digest_is_dropped() {
        assertThat(ImageRef.parse("demo:v1@sha256:" + HEX)).isEqualTo(ImageRef.parse("demo@sha256:" + HEX));
        assertThat(ImageRef.parse("demo:v1@sha256:" + HEX).tag()).isEmpty();
    }

    @Test
    void says_what_to_do() {
        assertThat(refusalOf(() -> ImageRef.parse("demo"))).contains("found \"demo\"", "add @sha256:");
        assertThat(refusalOf(() -> ImageRef.parse("demo@sha256:0000...0001")))
                .contains("abbreviated; write all 64 digits");
        assertThat(refusalOf(() -> ImageRef.parse("demo@sha256:abc"))).contains("the digest has 3 digits");
        assertThat(refusalOf(() -> ImageRef.parse("demo@sha256:" + HEX.toUpperCase(java.util.Locale.ROOT))))
                .contains("lower case");
        assertThat(refusalOf(() -> ImageRef.parse("demo@sha512:" + HEX))).contains("only sha256");
        assertThat(refusalOf(() -> ImageRef.parse("Demo:v1"))).contains("image names are lower case");
        assertThat(refusalOf(() -> ImageRef.parse("docker://demo:v1"))).contains("remove the scheme");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                ":",
                "@",
                "a@",
                "a:",
                "/a:1",
                "a//b:1",
                "a/:1",
                "a b:1",
                "a:1\n",
                "a@b@sha256:0",
                "-a:1",
                "a_:1",
                "a:",
                "é:1",
                "a:-x"
            })
    void refuses_other_forms(String text) {
        assertThat(refusalOf(() -> ImageRef.parse(text))).contains("allowed: an image pinned by digest");
    }

    @Test
    void a_long_hostile_name_is_refused_without_searching_it() {
        assertThat(refusalOf(() -> ImageRef.parse("a-".repeat(100_000)))).contains("(200000 characters)");
    }
}
