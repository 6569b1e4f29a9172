package dev.lantern.value.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lantern.value.LanternException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class JsonTest {

    @Test
    void members_are_sorted_by_utf_16_code_units() {
        Json.Obj json = Json.object()
                .put("\ue000", 1)
                .put("😀", 2)
                .put("b", 3)
                .put("aa", 4)
                .put("a", 5)
                .put("", 6)
                .put("B", 7)
                .put("é", 8)
                .put("\u0080", 9)
                .put("\r", 10)
                .build();
        assertThat(json.toString())
                .isEqualTo(
                        "{\"\":6,\"\\r\":10,\"B\":7,\"a\":5,\"aa\":4,\"b\":3,\"\u0080\":9,\"é\":8,\"😀\":2,\"\ue000\":1}");
    }

    @Test
    void strings_take_the_shortest_escapes_and_no_others() {
        StringBuilder controls = new StringBuilder();
        for (char c = 0; c < 0x20; c++) {
            controls.append(c);
        }
        assertThat(new Json.Text(controls.toString()).toString())
                .isEqualTo(
                        "\"\\u0000\\u0001\\u0002\\u0003\\u0004\\u0005\\u0006\\u0007\\b\\t\\n\\u000b\\f\\r\\u000e\\u000f"
                                + "\\u0010\\u0011\\u0012\\u0013\\u0014\\u0015\\u0016\\u0017\\u0018\\u0019\\u001a\\u001b\\u001c\\u001d"
                                + "\\u001e\\u001f\"");
        assertThat(new Json.Text("\"\\/\u007f\u2028é😀").toString()).isEqualTo("\"\\\"\\\\/\u007f\u2028é😀\"");
    }

    @Test
    void text_around_escapes_is_kept() {
        assertThat(new Json.Text("a\"b").toString()).isEqualTo("\"a\\\"b\"");
        assertThat(new Json.Text("\"").toString()).isEqualTo("\"\\\"\"");
        assertThat(new Json.Text("a\n\nb\n").toString()).isEqualTo("\"a\\n\\nb\\n\"");
        assertThat(new Json.Text("").toString()).isEqualTo("\"\"");
    }

    @Test
    void values_are_written_without_white_space() {
        Json.Obj json = Json.object()
                .put(
                        "list",
                        Json.array(List.of(
                                new Json.Int(-1),
                                new Json.Bool(true),
                                Json.object().build(),
                                Json.array(List.of()))))
                .put("texts", Json.texts(List.of("x", "y")))
                .put("yes", true)
                .put("there", Optional.of("t"))
                .put("not there", Optional.empty())
                .build();
        assertThat(json.toString())
                .isEqualTo("{\"list\":[-1,true,{},[]],\"texts\":[\"x\",\"y\"],\"there\":\"t\",\"yes\":true}");
        assertThat(Json.object().put("e", "é").build().bytes())
                .isEqualTo("{\"e\":\"é\"}".getBytes(StandardCharsets.UTF_8));
    }

    @ParameterizedTest
    @ValueSource(longs = {9007199254740992L, -9007199254740992L, Long.MAX_VALUE, Long.MIN_VALUE})
    void integers_that_some_reader_rounds_are_refused(long value) {
        assertThatThrownBy(() -> new Json.Int(value))
                .isExactlyInstanceOf(LanternException.class)
                .hasMessage("canonical JSON holds integers below 2^53 in magnitude, found " + value);
    }

    @Test
    void the_largest_integers_are_kept() {
        assertThat(new Json.Int(9007199254740991L).toString()).isEqualTo("9007199254740991");
        assertThat(new Json.Int(-9007199254740991L).toString()).isEqualTo("-9007199254740991");
    }

    @ParameterizedTest
    @ValueSource(strings = {"\ud800", "x\udc00", "\udc00\ud800", "\ud83dx", "😀\ud83d"})
    void lone_surrogates_are_refused_as_text_and_as_name(String text) {
        assertThatThrownBy(() -> new Json.Text(text))
                .hasMessageStartingWith("canonical JSON holds Unicode text, found a lone surrogate at index ");
        assertThatThrownBy(() -> Json.object().put(text, 1)).hasMessageContaining("lone surrogate");
    }

    @Test
    void a_name_put_twice_is_refused() {
        assertThatThrownBy(() -> Json.object().put("a", 1).put("a", 1))
                .hasMessage("member \"a\" stands twice in one object");
    }

    @Test
    void readers_refuse_by_name() {
        Json.Obj json =
                Json.object().put("n", 1L << 31).put("t", "x").put("b", true).build();
        assertThatThrownBy(() -> json.text("n")).hasMessage("member \"n\" must be a string, found Int");
        assertThatThrownBy(() -> json.integer("t")).hasMessage("member \"t\" must be an integer, found Text");
        assertThatThrownBy(() -> json.bool("t")).hasMessage("member \"t\" must be a boolean, found Text");
        assertThatThrownBy(() -> json.object("b")).hasMessage("member \"b\" must be an object, found Bool");
        assertThatThrownBy(() -> json.array("x")).hasMessage("member \"x\" must be an array, found nothing");
        assertThatThrownBy(() -> json.int32("n")).hasMessage("member \"n\" must fit 32 bits, found 2147483648");
        assertThatThrownBy(() -> json.requireOnly("n", "t")).hasMessage("member \"b\" is unknown; allowed are n, t");
        assertThat(json.requireOnly("b", "n", "t", "more")).isSameAs(json);
        assertThat(json.integer("n")).isEqualTo(1L << 31);
        assertThat(json.findText("x")).isEmpty();
        assertThat(json.find("b")).contains(new Json.Bool(true));
    }

    @Test
    void a_tree_does_not_follow_what_it_was_made_of() {
        List<Json> items = new ArrayList<>(List.of(new Json.Int(1)));
        Json.Array array = Json.array(items);
        Json.Builder builder = Json.object().put("a", array);
        Json.Obj json = builder.build();
        items.add(new Json.Int(2));
        builder.put("b", 2);
        assertThat(json.toString()).isEqualTo("{\"a\":[1]}");
        assertThatThrownBy(() -> json.members().clear()).isInstanceOf(UnsupportedOperationException.class);
    }

    @Test
    void equal_trees_are_equal() {
        Json.Obj one = Json.object().put("a", 1).put("b", "x").build();
        Json.Obj other = Json.object().put("b", "x").put("a", 1).build();
        assertThat(one).isEqualTo(other).hasSameHashCodeAs(other);
        assertThat(one).isNotEqualTo(Json.object().put("a", 1).build());
    }

    @Test
    void strangers_names_are_short_and_printable_in_messages() {
        assertThat(Quoted.name("a\n\u202eé😀")).isEqualTo("\"a\\u{a}\\u{202e}\\u{e9}\\u{1f600}\"");
        assertThat(Quoted.name("x".repeat(64))).isEqualTo("\"" + "x".repeat(64) + "\"");
        assertThat(Quoted.name("x".repeat(65))).isEqualTo("\"" + "x".repeat(64) + "\"…");
    }
}
