package dev.lantern.spec;

import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * One thing that is wrong with a spec, as data: where, what was found, what is allowed, what to do.
 *
 * <p>Nothing here holds the value of an environment variable or of anything else that may be a secret.
 *
 * @param path where in the spec
 * @param position where in the file; empty for a spec that was built in Java
 * @param found what stands there
 * @param allowed what may stand there
 * @param fix what to do next; empty when {@code allowed} says it all
 */
public record SpecProblem(SpecPath path, Optional<Position> position, String found, String allowed, String fix) {

    /**
     * A place in a file.
     *
     * @param origin the file, or whatever name the caller gave to the bytes
     * @param line counted from 1
     * @param column counted from 1, in Unicode code points
     */
    public record Position(String origin, int line, int column) {
        public Position {
            Objects.requireNonNull(origin, "origin");
        }

        @Override
        public String toString() {
            return origin + ":" + line + ":" + column;
        }
    }

    public SpecProblem {
        Objects.requireNonNull(path, "path");
        Objects.requireNonNull(position, "position");
        Objects.requireNonNull(found, "found");
        Objects.requireNonNull(allowed, "allowed");
        Objects.requireNonNull(fix, "fix");
    }

    /** A problem without a place in a file. */
    public static SpecProblem of(SpecPath path, String found, String allowed, String fix) {
        return new SpecProblem(path, Optional.empty(), found, allowed, fix);
    }

    /**
     * The problem of a member that the format does not know, with the known name it was probably meant to be.
     *
     * @param path the unknown member
     * @param name the member's name as written
     * @param known the names allowed there
     */
    public static SpecProblem unknownField(SpecPath path, String name, List<String> known) {
        String fix = DidYouMean.suggest(name, known);
        return of(path, "an unknown field " + Shown.quoted(name), String.join(", ", known), fix);
    }

    /** The same problem at another path and at a place in a file. */
    public SpecProblem at(SpecPath newPath, Position newPosition) {
        return new SpecProblem(newPath, Optional.of(newPosition), found, allowed, fix);
    }

    /** One line, as compilers write it: {@code agent.yaml:12:14 spec.isolation: found …; allowed: …; did you mean …?}. */
    @Override
    public String toString() {
        return position.map(p -> p + " ").orElse("") + path + ": found " + found + "; allowed: " + allowed
                + (fix.isEmpty() ? "" : "; " + fix);
    }

    static String lines(List<SpecProblem> problems) {
        return problems.stream().map(p -> "\n  " + p).collect(Collectors.joining());
    }
}
