/**
 * The gate over clusters as their API server describes them. In the package of the facts' finder, which no host sees yet.
 */
@NullMarked
package dev.lantern.k8s;

import org.jspecify.annotations.NullMarked;
