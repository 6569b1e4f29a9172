package dev.lantern.core.spec;

import dev.lantern.spec.SpecProblem.Position;
import java.util.List;

/** A value of the document, its YAML type resolved and its place kept. */
sealed interface YamlNode {

    /** Where the value begins. */
    Position at();

    /** What it is, in a word, without showing any of it. */
    String kind();

    /** What it is, for a message that may show it. */
    default String shown() {
        return kind();
    }

    /** The types of the YAML 1.2 core schema. */
    enum Type {
        TEXT("a text"),
        INTEGER("a number"),
        DECIMAL("a number"),
        BOOLEAN("a boolean"),
        NOTHING("nothing");

        private final String word;

        Type(String word) {
            this.word = word;
        }
    }

    record Scalar(Position at, Type type, String text) implements YamlNode {
        @Override
        public String kind() {
            return type.word;
        }

        @Override
        public String shown() {
            return switch (type) {
                case TEXT -> "the text " + Excerpt.quoted(text);
                case INTEGER, DECIMAL -> "the number " + Excerpt.of(text);
                case BOOLEAN -> text;
                case NOTHING -> "nothing";
            };
        }
    }

    record Sequence(Position at, List<YamlNode> items) implements YamlNode {
        @Override
        public String kind() {
            return "a list";
        }
    }

    record Mapping(Position at, List<Entry> entries) implements YamlNode {
        @Override
        public String kind() {
            return "a mapping";
        }
    }

    /** A member of a mapping; its key is text and stands once. */
    record Entry(Position at, String key, YamlNode value) {}

    /** What was already reported, so that nobody reports it again. */
    record Refused(Position at) implements YamlNode {
        @Override
        public String kind() {
            return "something refused";
        }
    }
}
