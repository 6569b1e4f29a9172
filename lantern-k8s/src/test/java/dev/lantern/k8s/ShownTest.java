package dev.lantern.k8s;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonParser;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class ShownTest {

    @Test
    void names_and_numbers_are_shown_and_other_texts_are_counted() {
        assertThat(shown("'gvisor'", "spec", "runtimeClassName")).isEqualTo("\"gvisor\"");
        assertThat(shown("'acme'", "metadata", "labels", "lantern.dev/tenant")).isEqualTo("\"acme\"");
        assertThat(shown("'node-a'", "matchFields", "0", "values", "0")).isEqualTo("\"node-a\"");
        assertThat(shown("7", "spec", "unheardOf")).isEqualTo("\"7\"");
        assertThat(shown("true", "spec", "hostNetwork")).isEqualTo("\"true\"");
        assertThat(shown("'s3cret'", "spec", "containers", "0", "env", "0", "value"))
                .isEqualTo("a text of 6 characters");
        assertThat(shown("'s3cret'", "metadata", "annotations", "name")).isEqualTo("a text of 6 characters");
        assertThat(shown("'s3cret'", "labels")).isEqualTo("a text of 6 characters");
        assertThat(shown("'s3cret'")).isEqualTo("a text of 6 characters");
    }

    @Test
    void objects_are_called_by_name_or_by_what_they_have() {
        assertThat(shown("{'name':'proxy','args':['s3cret']}", "x")).isEqualTo("one named \"proxy\"");
        assertThat(shown("{'name':1,'b':'s3cret'}", "x")).isEqualTo("one with \"name\", \"b\"");
        assertThat(shown("{'a':1,'b':1,'c':1,'d':1,'e':1,'f':1}", "x"))
                .isEqualTo("one with \"a\", \"b\", \"c\", \"d\", \"e\", \"f\"");
        assertThat(shown("{'a':1,'b':1,'c':1,'d':1,'e':1,'f':1,'g':1}", "x"))
                .isEqualTo("one with \"a\", \"b\", \"c\", \"d\", \"e\", \"f\", …");
        assertThat(shown("{}", "x")).isEqualTo("one with nothing");
        assertThat(shown("['s3cret']", "x")).isEqualTo("a list of 1");
        assertThat(shown("null", "x")).isEqualTo("null");
        assertThat(Shown.value(List.of("x"), Optional.empty())).isEqualTo("nothing");
    }

    @Test
    void only_printable_ascii_comes_out_and_not_too_much_of_it() {
        assertThat(Shown.quoted(" ~")).isEqualTo("\" ~\"");
        assertThat(Shown.quoted("\u001f\u007f\"\\ü\n")).isEqualTo("\"\\u{1f}\\u{7f}\\u{22}\\u{5c}\\u{fc}\\u{a}\"");
        assertThat(Shown.plain("x".repeat(160))).isEqualTo("x".repeat(160));
        assertThat(Shown.plain("x".repeat(161))).isEqualTo("x".repeat(160) + "…");
    }

    private static String shown(String json, String... path) {
        return Shown.value(List.of(path), Optional.of(JsonParser.parseString(json.replace('\'', '"'))));
    }
}
