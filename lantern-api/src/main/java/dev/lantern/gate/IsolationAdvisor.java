package dev.lantern.gate;

import dev.lantern.spec.Isolation;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;

/**
 * Which isolation class to declare: the decision tree of the manual, as code.
 *
 * {@snippet :
 * IsolationAdvisor.Advice advice = IsolationAdvisor.advise(List.of(Trait.READS_FOREIGN_INPUT, Trait.RUNS_GENERATED_CODE));
 * }
 */
public final class IsolationAdvisor {
    private IsolationAdvisor() {}

    /** Something about an agent that asks for more than {@code trusted}. */
    public enum Trait {
        /** Somebody is expected to try to break out: rented out to strangers, analysis of malware. */
        EXPECTS_ATTACK,
        /** It is a WebAssembly module. */
        IS_WASM_MODULE,
        /** It executes what a model writes: shell commands, scripts, tests. */
        RUNS_GENERATED_CODE,
        /** It holds code that nobody of yours has read, its packages included. */
        HOLDS_FOREIGN_CODE,
        /** Its workspace is kept from instance to instance. */
        KEEPS_WORKSPACE,
        /** It reads what others wrote: mail, tickets, web pages. */
        READS_FOREIGN_INPUT
    }

    /** The weakest class that is right for an agent with these traits, and why not a weaker one. */
    public static Advice advise(Collection<Trait> traits) {
        List<String> reasons = new ArrayList<>();
        if (traits.contains(Trait.EXPECTS_ATTACK)) {
            reasons.add("somebody gains by breaking out of it: it gets a kernel and a node of its own");
            return new Advice(Isolation.HOSTILE, reasons);
        }
        if (traits.contains(Trait.IS_WASM_MODULE)) {
            reasons.add("it is a WebAssembly module, which only a wasm runtime executes");
            return new Advice(Isolation.WASM, reasons);
        }
        if (traits.contains(Trait.RUNS_GENERATED_CODE)) {
            reasons.add("it executes code that a model wrote and nobody has read");
        }
        if (traits.contains(Trait.HOLDS_FOREIGN_CODE)) {
            reasons.add("it holds code that nobody of yours has read");
        }
        if (!reasons.isEmpty()) {
            if (traits.contains(Trait.KEEPS_WORKSPACE)) {
                reasons.add("its workspace cannot be kept: what unread code wrote is not handed to the next instance");
            }
            return new Advice(Isolation.UNTRUSTED, reasons);
        }
        if (traits.contains(Trait.KEEPS_WORKSPACE)) {
            reasons.add("its workspace outlives its instances");
            return new Advice(Isolation.DEVCONTAINER, reasons);
        }
        if (traits.contains(Trait.READS_FOREIGN_INPUT)) {
            reasons.add("its code is yours and its input is not: a prompt can turn its tools against you");
            return new Advice(Isolation.STANDARD, reasons);
        }
        reasons.add("you read every byte that it executes, and you choose its input");
        return new Advice(Isolation.TRUSTED, reasons);
    }

    /**
     * What the advisor says.
     *
     * @param isolation the class to declare
     * @param reasons why not a weaker one
     */
    public record Advice(Isolation isolation, List<String> reasons) {
        public Advice {
            reasons = List.copyOf(reasons);
        }
    }
}
