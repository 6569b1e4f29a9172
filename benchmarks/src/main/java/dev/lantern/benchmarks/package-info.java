/**
 * Whole-process measurements against the goals of the design.
 *
 * <p>Each main class prints one line per goal, met or missed. What must not enter: assertions; a benchmark that
 * fails a build measures the machine of the day.
 */
@NullMarked
package dev.lantern.benchmarks;

import org.jspecify.annotations.NullMarked;
