/**
 * The main promise with real parts: host JVMs, agents in shell, H2 on disk, SIGKILL and SIGSTOP.
 *
 * <p>A case is a directory and processes around it; what it proves is read from files after they are dead.
 */
@NullMarked
package dev.lantern.crash;

import org.jspecify.annotations.NullMarked;
