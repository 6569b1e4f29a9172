/** The quickstart: an agent in Java, and a host that runs it or its twin in shell. */
@NullMarked
package dev.lantern.quickstart;

import org.jspecify.annotations.NullMarked;
