/** Holds the documentation to the code: what the manual shows is a region of something that ran. */
@NullMarked
package dev.lantern.docs;

import org.jspecify.annotations.NullMarked;
