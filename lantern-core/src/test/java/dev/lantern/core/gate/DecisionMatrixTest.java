package dev.lantern.core.gate;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lantern.gate.Decision;
import dev.lantern.gate.Facts;
import dev.lantern.gate.IsolationPolicy;
import dev.lantern.gate.NodeId;
import dev.lantern.gate.Placement;
import dev.lantern.gate.Violation;
import dev.lantern.spec.Isolation;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/**
 * Class × policy × facts as one table, to be read and reviewed; classes that are decided alike share a line: {@code decision-matrix.txt}. Rewritten by
 * {@code -Dlantern.matrix.update=true}.
 */
class DecisionMatrixTest {
    private static final Path TABLE = Path.of("src/test/resources/gate/decision-matrix.txt");
    private static final int LEAST_CASES = 3800;

    @Test
    void every_class_under_every_policy_in_every_place_is_decided_as_the_table_says() throws IOException {
        StringBuilder table = new StringBuilder();
        int cases = 0;
        for (Map.Entry<String, IsolationPolicy> policy : MatrixRows.policies().entrySet()) {
            table.append("== ").append(policy.getKey()).append('\n');
            for (Map.Entry<String, Facts> facts : MatrixRows.facts().entrySet()) {
                table.append(facts.getKey()).append('\n');
                Map<String, List<String>> outcomes = new LinkedHashMap<>();
                for (Isolation isolation : Isolation.values()) {
                    Decision decision = Gate.decide(
                            PlainAgents.of(isolation), policy.getValue(), facts.getValue(), ClusterFixture.NOW);
                    outcomes.computeIfAbsent(text(isolation, decision), outcome -> new ArrayList<>())
                            .add(isolation.text());
                    cases++;
                }
                outcomes.forEach((outcome, classes) -> table.append("    ")
                        .append(classes.size() == Isolation.values().length ? "all" : String.join(", ", classes))
                        .append(": ")
                        .append(outcome)
                        .append('\n'));
            }
            table.append('\n');
        }

        if (Boolean.getBoolean("lantern.matrix.update")) {
            Files.writeString(TABLE, table);
        }
        System.out.println("gate: " + cases + " decisions");
        assertThat(table.toString()).isEqualTo(Files.readString(TABLE));
        assertThat(cases).isGreaterThanOrEqualTo(LEAST_CASES);
    }

    private static String text(Isolation asked, Decision decision) {
        if (decision instanceof Decision.Refused refused) {
            return "refused, "
                    + refused.violations().stream()
                            .map(Violation::code)
                            .distinct()
                            .collect(Collectors.joining(" + "));
        }
        Placement placement = ((Decision.Admitted) decision).placement();
        String where = placement
                .cluster()
                .map(place ->
                        " by " + place.runtimeClass().map(found -> found.name()).orElse("default")
                                + (place.dedicated() ? ", dedicated" : "") + " on "
                                + place.nodes().stream().map(NodeId::name).collect(Collectors.joining(" ")))
                .orElse("");
        String raised = placement.isolation() == asked
                ? ""
                : " as " + placement.isolation().text();
        return placement.handler().text() + where + raised;
    }
}
