package dev.lantern.gate;

/** What stands between an agent and the machine it runs on, from nothing to a virtual machine. */
public enum HandlerKind {
    /** A plain process of the host's user: no boundary at all. */
    PROCESS,
    /** Linux namespaces and cgroups on the node's kernel. */
    RUNC,
    /** gVisor: system calls are served by a kernel in user space. */
    GVISOR,
    /** A virtual machine with a kernel of its own. */
    KATA,
    /** A WebAssembly runtime. */
    WASM
}
