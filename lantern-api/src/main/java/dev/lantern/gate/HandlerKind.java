package dev.lantern.gate;

/** What stands between an agent and the machine it runs on, from nothing to a virtual machine. */
public enum HandlerKind {
    /** A plain process of the host's user: no boundary at all. */
    PROCESS("a plain process"),
    /** Linux namespaces and cgroups on the node's kernel, as runc and crun make them. */
    RUNC("runc"),
    /** gVisor: system calls are served by a kernel in user space. */
    GVISOR("gVisor"),
    /** A virtual machine with a kernel of its own. */
    KATA("Kata"),
    /** A WebAssembly runtime. */
    WASM("a wasm runtime");

    private final String text;

    HandlerKind(String text) {
        this.text = text;
    }

    /** How a sentence calls it. */
    public String text() {
        return text;
    }
}
