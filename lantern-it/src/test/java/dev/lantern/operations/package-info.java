/** What operators do: lists, verification, archives and retention, on real databases. */
@org.jspecify.annotations.NullMarked
package dev.lantern.operations;
