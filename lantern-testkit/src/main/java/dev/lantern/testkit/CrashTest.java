package dev.lantern.testkit;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.api.TestTemplate;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * A scenario that is run clean, and then again with the host killed before and after each of its writes to the journal.
 *
 * <p>The method takes one {@link Crashes}, spawns through it, and asserts what must hold however often its host dies:
 *
 * <pre>{@code
 * @CrashTest
 * void card_is_charged_once(Crashes crashes) throws Exception {
 *     RunResult result = crashes
 *             .agent("registry.example/booking", Order.class, booking)
 *             .result(Lantern.spawn(spec).runId("order-7").input(order));
 *
 *     assertThat(result).isInstanceOf(RunResult.Succeeded.class);
 *     assertThat(bank.charges()).hasSize(1);
 * }
 * }</pre>
 *
 * <p>A host that is killed takes its agents with it, as a pod or a laptop does; the next one finds the run in the journal.
 */
@Target(ElementType.METHOD)
@Retention(RetentionPolicy.RUNTIME)
@TestTemplate
@ExtendWith(CrashTestExtension.class)
public @interface CrashTest {}
