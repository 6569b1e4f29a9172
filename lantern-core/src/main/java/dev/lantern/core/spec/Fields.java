package dev.lantern.core.spec;

import dev.lantern.core.spec.YamlNode.Entry;
import dev.lantern.core.spec.YamlNode.Mapping;
import dev.lantern.core.spec.YamlNode.Refused;
import dev.lantern.core.spec.YamlNode.Scalar;
import dev.lantern.core.spec.YamlNode.Sequence;
import dev.lantern.core.spec.YamlNode.Type;
import dev.lantern.spec.SpecPath;
import dev.lantern.spec.SpecProblem;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.LongConsumer;

/**
 * The members of one mapping, read by name and type. A member that is absent is skipped, one of another type is
 * reported; neither reaches the caller. What the caller's rule throws is reported at the member.
 */
final class Fields {
    /** Whether a message may show what was found. */
    enum Echo {
        SHOWN,
        HIDDEN
    }

    private final SpecPath path;
    private final Map<String, YamlNode> members = new LinkedHashMap<>();
    private final ProblemList problems;

    private Fields(SpecPath path, ProblemList problems) {
        this.path = path;
        this.problems = problems;
    }

    /** The members of {@code node}; those that are not {@code known} are reported. */
    static Fields of(YamlNode node, SpecPath path, List<String> known, ProblemList problems) {
        Fields fields = new Fields(path, problems);
        if (!(node instanceof Mapping mapping)) {
            fields.mismatch(path, node, Echo.SHOWN, "a mapping with " + String.join(", ", known), "");
            return fields;
        }
        for (Entry entry : mapping.entries()) {
            if (known.contains(entry.key())) {
                fields.members.put(entry.key(), entry.value());
            } else {
                SpecPath unknown = path.field(entry.key());
                problems.report(
                        SpecProblem.unknownField(unknown, entry.key(), known).at(unknown, entry.at()));
            }
        }
        return fields;
    }

    /** Reports that {@code name} is absent, if it is. */
    Fields require(String name, YamlNode owner, String fix) {
        if (owner instanceof Mapping && !members.containsKey(name)) {
            problems.report(path.field(name), owner.at(), "nothing", "a value: this field is required", fix);
        }
        return this;
    }

    /** A member that has one possible value. */
    void literal(String name, String only) {
        member(name).ifPresent(node -> {
            boolean same = node instanceof Scalar scalar
                    && scalar.type() == Type.TEXT
                    && scalar.text().equals(only);
            if (!same) {
                mismatch(path.field(name), node, Echo.SHOWN, only, "write " + name + ": " + only);
            }
        });
    }

    void value(String name, Consumer<YamlNode> use) {
        member(name).ifPresent(use);
    }

    void text(String name, Echo echo, Consumer<String> use) {
        member(name).ifPresent(node -> text(path.field(name), node, echo).ifPresent(text -> apply(name, use, text)));
    }

    /**
     * An amount: text, or a number handed on as it is written so that nothing is rounded. A number that the rule
     * takes must also be in a notation that every reader takes for the same value.
     */
    void amount(String name, Consumer<String> use) {
        member(name).ifPresent(node -> {
            SpecPath at = path.field(name);
            if (!(node instanceof Scalar scalar) || !(scalar.type() == Type.TEXT || isNumber(scalar))) {
                mismatch(at, node, Echo.SHOWN, "a number, or an amount with its unit as a text", "");
            } else if (apply(name, use, scalar.text()) && isNumber(scalar) && !Notation.isPlain(scalar.text())) {
                mismatch(at, node, Echo.SHOWN, "numbers in plain digits, such as 2 or 0.5", "");
            }
        });
    }

    void whole(String name, LongConsumer use) {
        member(name)
                .ifPresent(node -> whole(path.field(name), node).ifPresent(number -> apply(name, use::accept, number)));
    }

    void flag(String name, Consumer<Boolean> use) {
        member(name).ifPresent(node -> {
            if (node instanceof Scalar scalar && scalar.type() == Type.BOOLEAN) {
                apply(name, use, scalar.text().equalsIgnoreCase("true"));
            } else {
                mismatch(path.field(name), node, Echo.SHOWN, "true or false, without quotes", "");
            }
        });
    }

    /** A list of texts. An item that is none is handed on as an empty text, so that the others keep their index. */
    void texts(String name, Echo echo, Consumer<List<String>> use) {
        List<String> texts = new ArrayList<>();
        items(
                name,
                "a list of texts",
                (item, at) -> texts.add(text(at, item, echo).orElse("")));
        if (!texts.isEmpty()) {
            apply(name, use, texts);
        }
    }

    /** A list of whole numbers. */
    void wholes(String name, Consumer<List<Integer>> use) {
        List<Integer> numbers = new ArrayList<>();
        items(
                name,
                "a list of whole numbers",
                (item, at) -> whole(at, item).ifPresent(number -> {
                    if (number == (int) number) {
                        numbers.add((int) number);
                    } else {
                        mismatch(at, item, Echo.SHOWN, "a whole number below 2147483648", "");
                    }
                }));
        if (!numbers.isEmpty()) {
            apply(name, use, numbers);
        }
    }

    void items(String name, String allowed, BiConsumer<YamlNode, SpecPath> use) {
        member(name).ifPresent(node -> {
            if (node instanceof Sequence sequence) {
                for (int i = 0; i < sequence.items().size(); i++) {
                    use.accept(sequence.items().get(i), path.field(name).item(i));
                }
            } else {
                // Whatever stands here may be an argument, and so a secret: its kind is enough.
                mismatch(path.field(name), node, Echo.HIDDEN, allowed, "write it as a list: [first, second]");
            }
        });
    }

    /** A mapping of the author's own names to texts. The place of an entry is that of its name. */
    void map(String name, Echo echo, BiConsumer<String, String> use) {
        member(name).ifPresent(node -> {
            if (!(node instanceof Mapping mapping)) {
                mismatch(path.field(name), node, Echo.HIDDEN, "a mapping of names to texts", "");
                return;
            }
            for (Entry entry : mapping.entries()) {
                SpecPath at = path.field(name).field(entry.key());
                Optional<String> text = text(at, entry.value(), echo);
                problems.place(at, entry.at());
                text.ifPresent(value -> problems.attempt(at, () -> {
                    use.accept(entry.key(), value);
                    return value;
                }));
            }
        });
    }

    private Optional<YamlNode> member(String name) {
        return Optional.ofNullable(members.get(name));
    }

    /** Whether the rule took the value. */
    private <T> boolean apply(String name, Consumer<T> use, T value) {
        return problems.attempt(path.field(name), () -> {
                    use.accept(value);
                    return value;
                })
                .isPresent();
    }

    private Optional<String> text(SpecPath at, YamlNode node, Echo echo) {
        if (node instanceof Scalar scalar && scalar.type() == Type.TEXT) {
            return Optional.of(scalar.text());
        }
        mismatch(at, node, echo, "a text", quoteIt(node, echo));
        return Optional.empty();
    }

    private OptionalLong whole(SpecPath at, YamlNode node) {
        OptionalLong number = node instanceof Scalar scalar && scalar.type() == Type.INTEGER
                ? Notation.whole(scalar.text())
                : OptionalLong.empty();
        if (number.isEmpty()) {
            boolean quoted = node instanceof Scalar scalar
                    && Notation.whole(scalar.text()).isPresent();
            mismatch(at, node, Echo.SHOWN, Notation.WHOLE, quoted ? "remove the quotes" : "");
        }
        return number;
    }

    private static boolean isNumber(Scalar scalar) {
        return scalar.type() == Type.INTEGER || scalar.type() == Type.DECIMAL;
    }

    private static String quoteIt(YamlNode node, Echo echo) {
        if (!(node instanceof Scalar scalar)) {
            return "";
        }
        if (scalar.type() == Type.NOTHING) {
            return "leave the field out, or write \"\"";
        }
        return echo == Echo.SHOWN ? "write it in quotes: " + Excerpt.quoted(scalar.text()) : "write it in quotes";
    }

    private void mismatch(SpecPath at, YamlNode node, Echo echo, String allowed, String fix) {
        if (!(node instanceof Refused)) {
            problems.report(at, node.at(), echo == Echo.SHOWN ? node.shown() : node.kind(), allowed, fix);
        }
    }

    /** Applies {@code rule} to every item of a list of words. */
    <T> List<T> each(String name, List<String> words, Function<String, T> rule) {
        List<T> values = new ArrayList<>();
        for (int i = 0; i < words.size(); i++) {
            String word = words.get(i);
            problems.attempt(path.field(name).item(i), () -> rule.apply(word)).ifPresent(values::add);
        }
        return values;
    }
}
