/**
 * Keys and signatures: who may say that an instance said something.
 *
 * <p>Everything here fails closed: a value that exists is valid, and a doubt is a no. What may enter: keys,
 * signatures, certificates and tokens of instances and of the authority. What must not: run state, storage, and
 * any second implementation of verification.
 */
@NullMarked
package dev.lantern.core.identity;

import org.jspecify.annotations.NullMarked;
