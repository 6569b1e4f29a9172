/**
 * What operators do with runs that are over: erase, archive, delete.
 *
 * <p>Only closed runs are ever touched, whoever asks. What must not enter: a schedule; when to call is the host's business.
 */
@NullMarked
package dev.lantern.retention;

import org.jspecify.annotations.NullMarked;
