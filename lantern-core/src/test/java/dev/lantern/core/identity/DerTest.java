package dev.lantern.core.identity;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lantern.value.LanternException;
import java.util.Arrays;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class DerTest {
    /** Every length has one way to be written, and the way changes at these. */
    @ParameterizedTest
    @ValueSource(ints = {0, 1, 127, 128, 129, 255, 256, 257, 65_535, 65_536})
    void element_of_every_length_is_taken(int length) {
        assertThatCode(() -> Der.requireOneElement(element(length))).doesNotThrowAnyException();
    }

    @Test
    void elements_nest_to_the_limit_and_no_deeper() {
        byte[] deepest = nested(16);

        assertThatCode(() -> Der.requireOneElement(deepest)).doesNotThrowAnyException();
        assertThatThrownBy(() -> Der.requireOneElement(nested(17)))
                .isExactlyInstanceOf(LanternException.class)
                .hasMessage("elements nest deeper than 16");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "''             | the bytes end within an element",
                "04             | the bytes end within an element",
                "0401           | an element at offset 0 that ends behind what it is in",
                "30030402ff     | an element at offset 2 that ends behind what it is in",
                "300104         | the bytes end within an element",
                "040100ff       | 1 bytes stand behind the element",
                "1f0100         | a tag of more than one byte at offset 0",
                "3080           | a length that is indefinite or far too large at offset 1",
                "048400000001ff | a length that is indefinite or far too large at offset 1",
                "04817f         | a length that could be written shorter at offset 1",
                "048200ff       | a length that could be written shorter at offset 1",
                "0483000100     | a length that could be written shorter at offset 1",
            })
    void every_other_frame_is_refused_for_its_reason(String hex, String reason) {
        assertThatThrownBy(() -> Der.requireOneElement(HexFormat.of().parseHex(hex)))
                .isExactlyInstanceOf(LanternException.class)
                .hasMessage(reason);
    }

    private static byte[] element(int length) {
        String head = length < 128 ? "04%02x" : length < 256 ? "0481%02x" : length < 65_536 ? "0482%04x" : "0483%06x";
        byte[] begin = HexFormat.of().parseHex(String.format(head, length));
        return Arrays.copyOf(begin, begin.length + length);
    }

    private static byte[] nested(int levels) {
        byte[] der = {};
        for (int i = 0; i < levels; i++) {
            byte[] outer = new byte[der.length + 2];
            outer[0] = 0x30;
            outer[1] = (byte) der.length;
            System.arraycopy(der, 0, outer, 2, der.length);
            der = outer;
        }
        return der;
    }
}
