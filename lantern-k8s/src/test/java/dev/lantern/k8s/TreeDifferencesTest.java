package dev.lantern.k8s;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonElement;
import com.google.gson.JsonParser;
import java.util.List;
import org.junit.jupiter.api.Test;

class TreeDifferencesTest {

    @Test
    void equal_trees_have_none_whatever_the_order_of_their_members() {
        assertThat(between("{'a':1,'b':[{'c':null},true]}", "{'b':[{'c':null},true],'a':1}"))
                .isEmpty();
    }

    @Test
    void values_are_told_apart_by_kind_and_text() {
        for (String other : List.of("'1'", "1.0", "1e0", "true", "null", "{}", "[]", "2")) {
            assertThat(between("{'a':1}", "{'a':" + other + "}")).as(other).containsExactly("/a changed");
        }
        assertThat(between("{'a':'true'}", "{'a':true}")).containsExactly("/a changed");
        assertThat(between("{'a':9007199254740993}", "{'a':9007199254740992}")).containsExactly("/a changed");
        assertThat(between("{'a':null}", "{'a':1}")).containsExactly("/a changed");
        assertThat(between("{'a':{}}", "{'a':[]}")).containsExactly("/a changed");
    }

    @Test
    void null_is_not_the_same_as_nothing() {
        assertThat(between("{}", "{'a':null}")).containsExactly("/a added");
        assertThat(between("{'a':null}", "{}")).containsExactly("/a removed");
    }

    @Test
    void elements_with_names_are_compared_by_name() {
        String two = "[{'name':'x','v':1},{'name':'y','v':2}]";

        assertThat(between(two, "[{'name':'z'},{'name':'x','v':1},{'name':'y','v':2}]"))
                .containsExactly("/0 added");
        assertThat(between(two, "[{'name':'y','v':3}]")).containsExactly("/0 removed", "/0/v changed");
        assertThat(between(two, "[]")).containsExactly("/0 removed", "/1 removed");
    }

    @Test
    void order_of_names_counts() {
        assertThat(between("[{'name':'x'},{'name':'y'}]", "[{'name':'y'},{'name':'x'}]"))
                .containsExactly(" changed");
        assertThat(between("{'a':[{'name':'x'},{'name':'y'}]}", "{'a':[{'name':'y'},{'name':'z'},{'name':'x'}]}"))
                .containsExactly("/a/1 added", "/a changed");
    }

    @Test
    void elements_without_names_of_their_own_are_compared_by_index() {
        assertThat(between("[1,2]", "[1,3,4]")).containsExactly("/1 changed", "/2 added");
        assertThat(between("[1,2]", "[1]")).containsExactly("/1 removed");
        assertThat(between("[{'name':'x'}]", "[{'name':'x'},{'name':'x'}]")).containsExactly("/1 added");
        assertThat(between("[{'name':'x'}]", "[{'name':1}]")).containsExactly("/0/name changed");
        assertThat(between("[{'name':'x'}]", "['x']")).containsExactly("/0 changed");
    }

    @Test
    void pointers_are_those_of_rfc_6901() {
        assertThat(between("{'a/b':{'~':1}}", "{'a/b':{'~':2}}")).containsExactly("/a~1b/~0 changed");
    }

    private static List<String> between(String expected, String found) {
        return TreeDifferences.between(tree(expected), tree(found)).stream()
                .map(delta -> delta.pointer() + (delta.added() ? " added" : delta.removed() ? " removed" : " changed"))
                .toList();
    }

    private static JsonElement tree(String json) {
        return JsonParser.parseString(json.replace('\'', '"'));
    }
}
