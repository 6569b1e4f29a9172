package dev.lantern.core.secrets;

import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;

/**
 * Finds every one of many byte strings in one pass (Aho and Corasick, 1975): linear in the text, however many there are and
 * whatever somebody writes to make it slow. Filled by one thread, then only read, by any; until it is wiped.
 */
final class PatternSearch {
    private static final int ROOT = 0;
    private static final int FIRST_ROOM = 256;

    /** The symbol on the way to a node; the nodes are chained as children of their parents. */
    private byte[] symbol = new byte[FIRST_ROOM];

    private int[] child = new int[FIRST_ROOM];
    private int[] sibling = new int[FIRST_ROOM];
    /** The longest other node that the text so far ends with. */
    private int[] fallback = new int[FIRST_ROOM];

    private int[] depth = new int[FIRST_ROOM];
    /** The length of the longest pattern that ends here; 0 if none does. */
    private int[] match = new int[FIRST_ROOM];
    /** Of that pattern; of a node where none ends, of the first that goes through it. */
    private int[] label = new int[FIRST_ROOM];

    private byte[] edges = new byte[FIRST_ROOM];
    private final int[] first = new int[256];
    private int nodes = 1;

    /** Told of what is found. */
    @FunctionalInterface
    interface Found {
        /**
         * @param begin the first byte
         * @param end behind the last byte
         * @param edges as the pattern was added with
         */
        void at(int begin, int end, int label, byte edges);
    }

    /** Adds a pattern. Of two that are equal the first counts. */
    void add(byte[] pattern, int label, byte edges) {
        int node = ROOT;
        for (byte b : pattern) {
            node = grown(node, b, label);
        }
        if (match[node] == 0) {
            match[node] = pattern.length;
            this.label[node] = label;
            this.edges[node] = edges;
        }
    }

    private int grown(int node, byte b, int label) {
        int next = child(node, b);
        if (next != ROOT) {
            return next;
        }
        if (nodes == symbol.length) {
            grow();
        }
        symbol[nodes] = b;
        depth[nodes] = depth[node] + 1;
        this.label[nodes] = label;
        if (node == ROOT) {
            first[b & 0xff] = nodes;
        } else {
            sibling[nodes] = child[node];
            child[node] = nodes;
        }
        return nodes++;
    }

    private void grow() {
        int room = 2 * nodes;
        byte[] former = symbol;
        symbol = Arrays.copyOf(symbol, room);
        Arrays.fill(former, (byte) 0);
        child = Arrays.copyOf(child, room);
        sibling = Arrays.copyOf(sibling, room);
        fallback = Arrays.copyOf(fallback, room);
        depth = Arrays.copyOf(depth, room);
        match = Arrays.copyOf(match, room);
        label = Arrays.copyOf(label, room);
        edges = Arrays.copyOf(edges, room);
    }

    /** Nothing is added from now on. */
    void finish() {
        Deque<Integer> next = new ArrayDeque<>();
        for (int node : first) {
            if (node != ROOT) {
                next.add(node);
            }
        }
        while (!next.isEmpty()) {
            int node = next.remove();
            if (match[node] == 0 && match[fallback[node]] > 0) {
                match[node] = match[fallback[node]];
                label[node] = label[fallback[node]];
                edges[node] = edges[fallback[node]];
            }
            for (int c = child[node]; c != ROOT; c = sibling[c]) {
                fallback[c] = next(fallback[node], symbol[c]);
                next.add(c);
            }
        }
    }

    /**
     * Looks through a view.
     *
     * @param fold what each byte counts as
     * @param leastCut a beginning of a pattern at the view's end is found too, if it is so long
     */
    void search(LineView view, byte[] fold, int leastCut, Found found) {
        int node = ROOT;
        for (int i = 0; i < view.length(); i++) {
            node = next(node, fold[view.at(i) & 0xff]);
            if (match[node] > 0) {
                found.at(i + 1 - match[node], i + 1, label[node], edges[node]);
            }
        }
        if (depth[node] >= leastCut) {
            found.at(view.length() - depth[node], view.length(), label[node], Edges.LEADING);
        }
    }

    private int next(int node, byte b) {
        int at = node;
        while (true) {
            int next = child(at, b);
            if (next != ROOT || at == ROOT) {
                return next;
            }
            at = fallback[at];
        }
    }

    private int child(int node, byte b) {
        if (node == ROOT) {
            return first[b & 0xff];
        }
        int c = child[node];
        while (c != ROOT && symbol[c] != b) {
            c = sibling[c];
        }
        return c;
    }

    void wipe() {
        Arrays.fill(symbol, (byte) 0);
        Arrays.fill(first, 0);
    }
}
