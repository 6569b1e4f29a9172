package dev.lantern.evidence;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * The table "what is proven where": a line for each claim of {@code docs/evidence/claims.txt}, a column for each place.
 * Tests of the first columns run in every build; the last one is what the newest evidence of a cluster says.
 */
final class ProvenWhere {
    static final String BEGIN = "<!-- proven where: written by ProvenWhereTest -->";
    static final String END = "<!-- end of proven where -->";

    private final List<Claim> claims;
    private final Optional<Evidence> evidence;

    /**
     * One line.
     *
     * @param text what is claimed
     * @param tests by column, the classes that hold it; the last column is the real cluster's
     */
    private record Claim(String text, List<List<String>> tests) {}

    private ProvenWhere(List<Claim> claims, Optional<Evidence> evidence) {
        this.claims = claims;
        this.evidence = evidence;
    }

    static ProvenWhere read(Path root) throws IOException {
        List<Claim> claims = new ArrayList<>();
        for (String line : Files.readAllLines(root.resolve("docs/evidence/claims.txt"))) {
            if (!line.isBlank() && !line.startsWith("#")) {
                claims.add(claim(line));
            }
        }
        return new ProvenWhere(claims, Evidence.newest(root.resolve("docs/evidence")));
    }

    private static Claim claim(String line) {
        String[] cells = line.split("\\|", -1);
        if (cells.length != 5) {
            throw new IllegalStateException("a claim has five cells: " + line);
        }
        List<List<String>> tests = new ArrayList<>();
        for (int i = 1; i < cells.length; i++) {
            tests.add(Arrays.stream(cells[i].strip().split("\\s+"))
                    .filter(name -> !name.isEmpty() && !name.equals("-"))
                    .toList());
        }
        return new Claim(cells[0].strip(), tests);
    }

    /** Every class that a claim rests on. */
    List<String> classes() {
        return claims.stream()
                .flatMap(claim -> claim.tests().stream())
                .flatMap(List::stream)
                .distinct()
                .sorted()
                .toList();
    }

    List<String> table() {
        List<String> lines = new ArrayList<>();
        lines.add("| | in memory | local processes | fake API server | "
                + evidence.map(found -> "Kubernetes " + found.version() + ", " + found.date())
                        .orElse("Kubernetes")
                + " |");
        lines.add("|---|---|---|---|---|");
        for (Claim claim : claims) {
            StringBuilder line = new StringBuilder("| ").append(claim.text());
            for (int i = 0; i < claim.tests().size() - 1; i++) {
                line.append(" | ").append(claim.tests().get(i).isEmpty() ? "" : "every build");
            }
            lines.add(line.append(" | ")
                    .append(onCluster(claim.tests().get(claim.tests().size() - 1)))
                    .append(" |")
                    .toString());
        }
        return lines;
    }

    private String onCluster(List<String> classes) {
        if (classes.isEmpty()) {
            return "";
        }
        List<TestOutcome> found = evidence.map(Evidence::tests).orElse(List.of()).stream()
                .filter(test -> classes.contains(test.type()))
                .toList();
        if (found.isEmpty()) {
            return "not run";
        }
        long passed = count(found, TestOutcome.PASSED);
        long failed = count(found, TestOutcome.FAILED);
        long skipped = count(found, TestOutcome.SKIPPED);
        return passed + " passed" + (failed == 0 ? "" : ", **" + failed + " failed**")
                + (skipped == 0 ? "" : ", " + skipped + " skipped");
    }

    private static long count(List<TestOutcome> tests, String outcome) {
        return tests.stream().filter(test -> test.outcome().equals(outcome)).count();
    }

    /** The folder of the whole project. */
    static Path root() {
        Path here = Path.of("").toAbsolutePath();
        while (!Files.exists(here.resolve("CHANGELOG.md"))) {
            here = here.getParent();
        }
        return here;
    }
}
