package dev.lantern.k8s;

import org.jspecify.annotations.Nullable;

/** Why something could not be told, in words that say what to do about it. */
final class Why {
    private Why() {}

    static String of(Outcome.Refused<?> refused, Get get) {
        String said = refused.code() + (refused.message().isEmpty() ? "" : ": " + refused.message());
        return switch (refused.code()) {
            case 401 ->
                "the API server does not accept this host's credentials (" + said
                        + "); renew them, or see which ones the host was given";
            case 403 -> "this host may not ask (" + said + "); give its user the rule " + get.rule();
            case 404 ->
                "the API server does not serve " + get.rule().resource() + " (" + said
                        + "); it takes the address of an API server of Kubernetes 1.33 or later";
            case 429 ->
                "the API server is overloaded (" + said + wait(refused)
                        + "); ask later, and if it stays so, give this host's user a FlowSchema of its own";
            default ->
                refused.mayPass()
                        ? "the API server failed (" + said + wait(refused) + "); see its own health and log"
                        : "the API server answered what it never answers to such a question (" + said
                                + "); see whether something stands between it and this host";
        };
    }

    /** Of one call about one object, which may be refused for what it carries. */
    static String ofCall(Outcome.Refused<?> refused, Rule rule) {
        String said = refused.code() + (refused.message().isEmpty() ? "" : ": " + refused.message());
        return switch (refused.code()) {
            case 401 ->
                "the API server does not accept this host's credentials (" + said
                        + "); renew them, or see which ones the host was given";
            case 403 ->
                "refused (" + said + "); if no quota or policy is named there, give this host's user the rule " + rule;
            case 404 ->
                "what it needs is not there (" + said + "); see whether the namespace exists and the API server serves "
                        + rule.resource();
            case 429 ->
                "the API server is overloaded, or a budget is used up (" + said + wait(refused) + "); try later";
            default ->
                refused.mayPass()
                        ? "the API server failed (" + said + wait(refused) + "); see its own health and log"
                        : "the API server does not take it (" + said + ")";
        };
    }

    private static String wait(Outcome.Refused<?> refused) {
        return refused.retryAfter()
                .map(pause -> "; it wants to be asked again in " + pause.toSeconds() + " s")
                .orElse("");
    }

    static String unreadable(@Nullable String found) {
        return "the answer cannot be relied on: " + found
                + "; see whether it is an API server that answers there, and of which version";
    }

    static String noSuchNamespace(String namespace, String tenant) {
        return "namespace " + namespace + " does not exist; create it for tenant " + tenant
                + " and apply the shipped baseline to it";
    }
}
