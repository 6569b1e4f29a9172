package dev.lantern.spec;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Function;

/** Finds every limit in which wanted limits allow more than the spec's. */
final class LimitComparison {
    private final List<SpecProblem> widened = new ArrayList<>();

    private LimitComparison() {}

    static List<SpecProblem> widened(Limits spec, Limits wanted) {
        LimitComparison comparison = new LimitComparison();
        comparison.resource("vcpu", spec.vcpu(), wanted.vcpu());
        comparison.resource("memory", spec.memory(), wanted.memory());
        comparison.gpu(spec.gpu(), wanted.gpu());
        comparison.resource("scratch_size", spec.scratchSize(), wanted.scratchSize());
        comparison.ceiling("timeout", spec.timeout(), wanted.timeout(), DurationText::of);
        comparison.ceiling("max_steps", boxed(spec.maxSteps()), boxed(wanted.maxSteps()), String::valueOf);
        comparison.ceiling("max_tokens", boxed(spec.maxTokens()), boxed(wanted.maxTokens()), String::valueOf);
        comparison.ceiling("max_cost_usd", spec.maxCostUsd(), wanted.maxCostUsd(), money -> money.toPlainString());
        return List.copyOf(comparison.widened);
    }

    /** Without a value in the spec the runtime's default holds, and nothing can be shown to be below it. */
    private void resource(String field, Optional<Quantity> spec, Optional<Quantity> wanted) {
        if (spec.isEmpty() && wanted.isPresent()) {
            report(
                    field,
                    wanted.get().toString(),
                    "no value here: the spec sets none, so the runtime's default holds",
                    "set " + field + " in the spec");
        }
        ceiling(field, spec, wanted, Quantity::toString);
    }

    private void gpu(int spec, int wanted) {
        if (wanted > spec) {
            report("gpu", String.valueOf(wanted), "at most " + spec + ", as the spec says", "");
        }
    }

    private <T extends Comparable<? super T>> void ceiling(
            String field, Optional<T> spec, Optional<T> wanted, Function<T, String> text) {
        if (spec.isEmpty()) {
            return;
        }
        if (wanted.isEmpty() || wanted.get().compareTo(spec.get()) > 0) {
            String found = wanted.map(text).orElse("no limit");
            report(field, found, "at most " + text.apply(spec.get()) + ", as the spec says", "");
        }
    }

    private void report(String field, String found, String allowed, String fix) {
        SpecPath path = SpecPath.of("limits").field(field);
        String next = fix.isEmpty() ? "a wider limit is a new spec" : fix;
        widened.add(SpecProblem.of(path, found, allowed, next));
    }

    private static Optional<Long> boxed(OptionalLong value) {
        return value.isPresent() ? Optional.of(value.getAsLong()) : Optional.empty();
    }
}
