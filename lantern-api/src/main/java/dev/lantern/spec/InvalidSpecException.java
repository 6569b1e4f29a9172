package dev.lantern.spec;

import dev.lantern.value.LanternException;
import java.util.List;

/**
 * A spec, or a part of one, breaks the rules of the format. Carries every problem as data; the message lists
 * them, one a line.
 */
public final class InvalidSpecException extends LanternException {
    private static final long serialVersionUID = 1L;

    // An exception is Serializable by contract, problems are not; after deserialisation the message remains.
    @SuppressWarnings("serial")
    private final transient List<SpecProblem> problems;

    /**
     * Reports {@code problems}.
     *
     * @param subject what was being read or built, such as a file name
     * @param problems at least one, in the order to show
     */
    public InvalidSpecException(String subject, List<SpecProblem> problems) {
        super(subject + " is not valid (" + count(problems) + "):" + SpecProblem.lines(problems));
        this.problems = List.copyOf(problems);
    }

    /** The refusal of one value by its own rule; {@code field} is the name the value has in {@code agent.yaml}. */
    static InvalidSpecException of(String field, String found, String allowed, String fix) {
        return new InvalidSpecException(field, List.of(SpecProblem.of(SpecPath.of(field), found, allowed, fix)));
    }

    /** Every problem found, in the order of the document where there is one. Never empty, except after deserialisation. */
    public List<SpecProblem> problems() {
        return problems == null ? List.of() : problems;
    }

    private static String count(List<SpecProblem> problems) {
        return problems.size() == 1 ? "1 problem" : problems.size() + " problems";
    }
}
