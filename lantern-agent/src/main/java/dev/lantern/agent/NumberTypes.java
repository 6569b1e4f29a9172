package dev.lantern.agent;

import java.math.BigDecimal;
import java.math.BigInteger;

/** Numbers that fit their type exactly, or not at all; binary fractions are rounded to the nearest as Java does. */
final class NumberTypes {
    /** A few characters such as 1e999999999 must not become gigabytes of digits. */
    private static final int MAX_EXPONENT = 1000;

    private NumberTypes() {}

    static boolean knows(Class<?> type) {
        return type == int.class
                || type == Integer.class
                || type == long.class
                || type == Long.class
                || type == short.class
                || type == Short.class
                || type == byte.class
                || type == Byte.class
                || type == double.class
                || type == Double.class
                || type == float.class
                || type == Float.class
                || type == BigInteger.class
                || type == BigDecimal.class;
    }

    /** @throws ArithmeticException if it does not fit */
    static Object exactly(BigDecimal number, Class<?> type) {
        if (type == int.class || type == Integer.class) {
            return number.intValueExact();
        } else if (type == long.class || type == Long.class) {
            return number.longValueExact();
        } else if (type == short.class || type == Short.class) {
            return number.shortValueExact();
        } else if (type == byte.class || type == Byte.class) {
            return number.byteValueExact();
        } else if (type == double.class || type == Double.class) {
            return number.doubleValue();
        } else if (type == float.class || type == Float.class) {
            return number.floatValue();
        } else if (type == BigInteger.class) {
            if (number.scale() < -MAX_EXPONENT) {
                throw new ArithmeticException("a whole number of more digits than anyone meant");
            }
            return number.toBigIntegerExact();
        }
        return number;
    }
}
