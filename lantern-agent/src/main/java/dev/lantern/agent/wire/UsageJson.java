package dev.lantern.agent.wire;

import dev.lantern.agent.ModelUsage;
import dev.lantern.value.LanternException;
import dev.lantern.value.internal.Json;
import dev.lantern.value.internal.Quoted;
import java.math.BigDecimal;
import java.util.List;
import java.util.regex.Pattern;

/** The one JSON form of model usage, in records, events and calls. */
public final class UsageJson {
    /** The form only: how large and how fine an amount may be is the business of {@link ModelUsage}. */
    private static final Pattern AMOUNT = Pattern.compile("[0-9]{1,40}(\\.[0-9]{1,40})?");

    private UsageJson() {}

    public static Json.Array list(List<ModelUsage> usage) {
        return Json.array(usage.stream().map(UsageJson::of).toList());
    }

    public static List<ModelUsage> of(List<Json> items) {
        return items.stream().map(UsageJson::of).toList();
    }

    public static Json.Obj of(ModelUsage usage) {
        return Json.object()
                .put("provider", usage.provider())
                .put("model", usage.model())
                .put("inputTokens", usage.inputTokens())
                .put("outputTokens", usage.outputTokens())
                .put("cachedTokens", usage.cachedTokens())
                .put("reasoningTokens", usage.reasoningTokens())
                .put("costUsd", usage.costUsd().map(UsageJson::canonical))
                .build();
    }

    private static ModelUsage of(Json item) {
        if (!(item instanceof Json.Obj json)) {
            throw new LanternException("an entry of usage must be an object");
        }
        json.requireOnly(
                "cachedTokens", "costUsd", "inputTokens", "model", "outputTokens", "provider", "reasoningTokens");
        return new ModelUsage(
                json.text("provider"),
                json.text("model"),
                json.integer("inputTokens"),
                json.integer("outputTokens"),
                json.find("cachedTokens").isPresent() ? json.integer("cachedTokens") : 0,
                json.find("reasoningTokens").isPresent() ? json.integer("reasoningTokens") : 0,
                json.findText("costUsd").map(UsageJson::amount));
    }

    /** Plain decimal notation without trailing zeros, the one way to write an amount. */
    static String canonical(BigDecimal amount) {
        BigDecimal stripped = amount.stripTrailingZeros();
        return (stripped.scale() < 0 ? stripped.setScale(0) : stripped).toPlainString();
    }

    private static BigDecimal amount(String text) {
        if (!AMOUNT.matcher(text).matches()) {
            throw new LanternException(
                    "an amount of money is written as a plain decimal such as \"0.0125\", found " + Quoted.name(text));
        }
        return new BigDecimal(text);
    }
}
