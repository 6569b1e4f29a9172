/**
 * The kinds of events that a run's chain is made of, and their JSON form.
 *
 * <p>One record a kind; the envelope around them is {@code dev.lantern.core.format}'s. What must not enter: what
 * an event does to a run's state. A kind or a version that is not known here makes a host refuse to own the run.
 */
@NullMarked
package dev.lantern.core.event;

import org.jspecify.annotations.NullMarked;
