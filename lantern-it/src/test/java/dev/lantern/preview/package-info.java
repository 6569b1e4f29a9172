/** What a runtime says before anything runs: preview, preflight, and the refusal of a spawn. */
@NullMarked
package dev.lantern.preview;

import org.jspecify.annotations.NullMarked;
