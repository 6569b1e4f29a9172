package dev.lantern.vault;

import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.extension.ConditionEvaluationResult;
import org.junit.jupiter.api.extension.ExecutionCondition;
import org.junit.jupiter.api.extension.ExtensionContext;

/** Whether there is a real server to start. */
final class VaultIsNamed implements ExecutionCondition {
    private static final String VARIABLE = "LANTERN_TEST_VAULT";

    static Optional<Path> program() {
        return Optional.ofNullable(System.getenv(VARIABLE))
                .filter(text -> !text.isBlank())
                .map(Path::of);
    }

    @Override
    public ConditionEvaluationResult evaluateExecutionCondition(ExtensionContext context) {
        if (program().isPresent()) {
            return ConditionEvaluationResult.enabled(VARIABLE + " is set");
        }
        String why =
                "FAKE: " + context.getRequiredTestClass().getSimpleName() + " is skipped, and nothing but FakeVault was"
                        + " tried; set " + VARIABLE + " to the program of an OpenBao or Vault server";
        // Once: methods are asked about only in classes that are not skipped.
        System.out.println(why);
        return ConditionEvaluationResult.disabled(why);
    }
}
