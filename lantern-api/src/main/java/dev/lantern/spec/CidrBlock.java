package dev.lantern.spec;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Parses a CIDR block without ever asking a resolver; one notation per address, no octal, no zone. */
record CidrBlock(String network, int prefixLength) {
    private static final Pattern NUMBER = Pattern.compile("0|[1-9][0-9]{0,2}");
    private static final Pattern GROUP = Pattern.compile("[0-9a-fA-F]{1,4}");

    static CidrBlock parse(String text) {
        int slash = text.indexOf('/');
        String address = slash < 0 || text.length() > 60 ? "" : text.substring(0, slash);
        int @Nullable [] bytes = address.indexOf(':') >= 0 ? ipv6(address) : ipv4(address);
        String prefix = text.substring(slash + 1);
        if (bytes == null || !NUMBER.matcher(prefix).matches() || Integer.parseInt(prefix) > bytes.length * 8) {
            throw refused(text, "");
        }
        int length = Integer.parseInt(prefix);
        if (length == 0) {
            throw refused(text, "a rule for every address is network: open");
        }
        if (isMapped(bytes)) {
            throw refused(text, "write an IPv4 block in IPv4 notation");
        }
        int[] masked = masked(bytes, length);
        if (!java.util.Arrays.equals(masked, bytes)) {
            throw refused(
                    text, "there are bits behind the prefix; did you mean \"" + shown(masked) + "/" + length + "\"?");
        }
        return new CidrBlock(shown(bytes), length);
    }

    private static int @Nullable [] ipv4(String address) {
        String[] parts = address.split("\\.", -1);
        int[] bytes = new int[4];
        if (parts.length != 4) {
            return null;
        }
        for (int i = 0; i < 4; i++) {
            if (!NUMBER.matcher(parts[i]).matches() || Integer.parseInt(parts[i]) > 255) {
                return null;
            }
            bytes[i] = Integer.parseInt(parts[i]);
        }
        return bytes;
    }

    private static int @Nullable [] ipv6(String address) {
        int gap = address.indexOf("::");
        List<Integer> head = groups(gap < 0 ? address : address.substring(0, gap));
        List<Integer> tail = gap < 0 ? List.of() : groups(address.substring(gap + 2));
        if (head == null || tail == null) {
            return null;
        }
        int missing = 8 - head.size() - tail.size();
        if (gap < 0 ? missing != 0 : missing < 1) {
            return null;
        }
        List<Integer> all = new ArrayList<>(head);
        for (int i = 0; i < missing; i++) {
            all.add(0);
        }
        all.addAll(tail);
        int[] bytes = new int[16];
        for (int i = 0; i < 8; i++) {
            bytes[2 * i] = all.get(i) >> 8;
            bytes[2 * i + 1] = all.get(i) & 0xff;
        }
        return bytes;
    }

    private static @Nullable List<Integer> groups(String text) {
        List<Integer> groups = new ArrayList<>();
        if (text.isEmpty()) {
            return groups;
        }
        for (String group : text.split(":", -1)) {
            if (!GROUP.matcher(group).matches()) {
                return null;
            }
            groups.add(Integer.parseInt(group, 16));
        }
        return groups;
    }

    /** ::ffff:0:0/96 and below: an IPv4 address in disguise, which no firewall reads the same way. */
    private static boolean isMapped(int[] bytes) {
        if (bytes.length != 16 || bytes[10] != 0xff || bytes[11] != 0xff) {
            return false;
        }
        return java.util.Arrays.stream(bytes, 0, 10).allMatch(b -> b == 0);
    }

    private static int[] masked(int[] bytes, int length) {
        int[] masked = bytes.clone();
        for (int i = 0; i < masked.length; i++) {
            int kept = Math.max(0, Math.min(8, length - 8 * i));
            masked[i] &= 0xff << (8 - kept);
        }
        return masked;
    }

    private static String shown(int[] bytes) {
        return bytes.length == 4 ? bytes[0] + "." + bytes[1] + "." + bytes[2] + "." + bytes[3] : ipv6Text(bytes);
    }

    /** RFC 5952: lower case, no leading zeros, the first longest run of two or more zero groups as "::". */
    private static String ipv6Text(int[] bytes) {
        int[] groups = new int[8];
        for (int i = 0; i < 8; i++) {
            groups[i] = bytes[2 * i] << 8 | bytes[2 * i + 1];
        }
        int start = 0;
        int longest = 1;
        for (int i = 0; i < 8; i++) {
            int run = 0;
            while (i + run < 8 && groups[i + run] == 0) {
                run++;
            }
            if (run > longest) {
                start = i;
                longest = run;
            }
        }
        return longest == 1 ? hex(groups, 0, 8) : hex(groups, 0, start) + "::" + hex(groups, start + longest, 8);
    }

    private static String hex(int[] groups, int from, int to) {
        StringBuilder out = new StringBuilder();
        for (int i = from; i < to; i++) {
            out.append(i == from ? "" : ":")
                    .append(Integer.toHexString(groups[i]).toLowerCase(Locale.ROOT));
        }
        return out.toString();
    }

    private static InvalidSpecException refused(String text, String fix) {
        return InvalidSpecException.of("pattern", Shown.quoted(text), HostNames.ALLOWED, fix);
    }
}
