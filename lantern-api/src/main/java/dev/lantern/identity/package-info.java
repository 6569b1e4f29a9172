/**
 * The keys under which a runtime says who its instances are.
 *
 * <p>What lives here: the authority's public keys with the times in which they sign and are trusted, and the one
 * interface behind which the private halves are. What may enter: values of identity that a host has to see. What must
 * not: private keys in any form, certificates, tokens, and code that verifies.
 */
@NullMarked
package dev.lantern.identity;

import org.jspecify.annotations.NullMarked;
