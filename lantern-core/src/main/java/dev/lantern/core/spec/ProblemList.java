package dev.lantern.core.spec;

import dev.lantern.spec.AgentSpec;
import dev.lantern.spec.InvalidSpecException;
import dev.lantern.spec.SpecPath;
import dev.lantern.spec.SpecProblem;
import dev.lantern.spec.SpecProblem.Position;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * Everything found wrong with one document so far, and where each path of it stands. One thread.
 *
 * <p>Rules about values throw without knowing a file; here they get their place.
 */
final class ProblemList {
    /** More help nobody, and a hostile document must not buy memory with mistakes. */
    static final int MOST = 100;

    private static final Comparator<SpecProblem> BY_PLACE = Comparator.comparing(
            problem -> problem.position().orElseThrow(),
            Comparator.comparingInt(Position::line).thenComparingInt(Position::column));

    private final String origin;
    private final List<SpecProblem> problems = new ArrayList<>();
    private final Map<SpecPath, Position> places = new LinkedHashMap<>();
    private int omitted;

    ProblemList(String origin) {
        this.origin = origin;
    }

    /** Ends the reading of a document whose rest cannot be understood. */
    static final class Unreadable extends Exception {
        private static final long serialVersionUID = 1L;

        private Unreadable() {
            super("the rest of the document cannot be read", null, false, false);
        }
    }

    Position position(int line, int column) {
        return new Position(origin, line, column);
    }

    /** Remembers where the value at {@code path} begins. */
    void place(SpecPath path, Position at) {
        places.put(path, at);
    }

    void report(SpecPath path, Position at, String found, String allowed, String fix) {
        report(SpecProblem.of(path, found, allowed, fix).at(path, at));
    }

    void report(SpecProblem placed) {
        if (problems.size() < MOST) {
            problems.add(placed);
        } else {
            omitted++;
        }
    }

    /** Reports a problem after which nothing else can be read. */
    Unreadable unreadable(SpecPath path, Position at, String found, String allowed, String fix) {
        report(path, at, found, allowed, fix);
        return new Unreadable();
    }

    /** Ends the reading after problems that are already reported. */
    Unreadable unreadable() {
        return new Unreadable();
    }

    /** Whether further problems are only counted, so that looking for more is wasted. */
    boolean isFull() {
        return problems.size() >= MOST;
    }

    boolean isEmpty() {
        return problems.isEmpty();
    }

    /**
     * Applies a rule of the model to the value at {@code path}; a refusal is reported there, or at a path below it,
     * unless that place has a problem already.
     */
    <T> Optional<T> attempt(SpecPath path, Supplier<T> rule) {
        try {
            return Optional.of(rule.get());
        } catch (InvalidSpecException refused) {
            for (SpecProblem problem : refused.problems()) {
                SpecPath place = problem.path().isWithin(path) ? problem.path() : path;
                if (problems.stream().noneMatch(known -> known.path().equals(place))) {
                    report(problem.at(place, placeOf(place)));
                }
            }
            return Optional.empty();
        }
    }

    /**
     * Builds the spec. A rule between values is reported unless one of its values is already known to be wrong.
     */
    Optional<AgentSpec> build(AgentSpec.Builder spec) {
        try {
            AgentSpec built = spec.build();
            return isEmpty() ? Optional.of(built) : Optional.empty();
        } catch (InvalidSpecException refused) {
            List<SpecProblem> before = List.copyOf(problems);
            refused.problems().stream()
                    .filter(problem -> before.stream().noneMatch(known -> covers(known.path(), problem.path())))
                    .forEach(problem -> report(problem.at(problem.path(), placeOf(problem.path()))));
            return Optional.empty();
        }
    }

    /** Everything reported, in the order of the document. */
    InvalidSpecException exception() {
        List<SpecProblem> sorted = new ArrayList<>(problems);
        sorted.sort(BY_PLACE);
        if (omitted > 0) {
            SpecProblem last = sorted.get(sorted.size() - 1);
            sorted.add(SpecProblem.of(SpecPath.DOCUMENT, omitted + " more problems", "none", "correct these first")
                    .at(SpecPath.DOCUMENT, last.position().orElseThrow()));
        }
        return new InvalidSpecException(origin, sorted);
    }

    private static boolean covers(SpecPath known, SpecPath path) {
        return !known.equals(SpecPath.DOCUMENT) && path.isWithin(known);
    }

    /** A value that is missing has the place of what it is missing from. */
    private Position placeOf(SpecPath path) {
        for (SpecPath at = path; !at.equals(at.parent()); at = at.parent()) {
            Position known = places.get(at);
            if (known != null) {
                return known;
            }
        }
        return places.getOrDefault(SpecPath.DOCUMENT, position(1, 1));
    }
}
