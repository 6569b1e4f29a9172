package dev.lantern.agent.harness.process;

import dev.lantern.value.LanternException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.function.Consumer;

/** Waits, outside of turns, for what is told in one. */
final class Asked {
    private Asked() {}

    /** The answer to a question that takes whom to tell. */
    static <T> T of(Consumer<Consumer<T>> question) throws InterruptedException {
        CompletableFuture<T> answer = new CompletableFuture<>();
        question.accept(answer::complete);
        try {
            return answer.get();
        } catch (ExecutionException e) {
            throw new LanternException("the harness could not answer", e);
        }
    }
}
