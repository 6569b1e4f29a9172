package dev.lantern.core.engine;

import dev.lantern.agent.ModelUsage;
import java.math.BigDecimal;
import java.util.List;

/** What a run has used: a fold over its chain. Money is exact. */
record UsageTotals(long inputTokens, long outputTokens, long cachedTokens, long reasoningTokens, BigDecimal costUsd) {
    static final UsageTotals NONE = new UsageTotals(0, 0, 0, 0, BigDecimal.ZERO);

    long tokens() {
        return inputTokens + outputTokens;
    }

    UsageTotals plus(List<ModelUsage> usage) {
        UsageTotals sum = this;
        for (ModelUsage one : usage) {
            sum = sum.plus(one);
        }
        return sum;
    }

    private UsageTotals plus(ModelUsage usage) {
        return new UsageTotals(
                Math.addExact(inputTokens, usage.inputTokens()),
                Math.addExact(outputTokens, usage.outputTokens()),
                Math.addExact(cachedTokens, usage.cachedTokens()),
                Math.addExact(reasoningTokens, usage.reasoningTokens()),
                costUsd.add(usage.costUsd().orElse(BigDecimal.ZERO)));
    }
}
