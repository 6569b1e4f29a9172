/** The fake API server, judged by the official client. */
@NullMarked
package dev.lantern.kubernetes;

import org.jspecify.annotations.NullMarked;
