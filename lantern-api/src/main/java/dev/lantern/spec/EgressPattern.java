package dev.lantern.spec;

/**
 * What an egress rule admits: one host, the hosts below a domain, or a block of addresses.
 *
 * <p>Every form holds its normal form only: names in lower case, addresses as RFC 5952 writes them.
 */
public sealed interface EgressPattern {

    /**
     * Exactly this host.
     *
     * @param name a fully qualified name in lower case, at least two labels, no trailing dot
     */
    record Host(String name) implements EgressPattern {
        public Host {
            name = HostNames.checked(name, name);
        }

        @Override
        public String toString() {
            return name;
        }
    }

    /**
     * Every host below a domain, not the domain itself.
     *
     * @param domain what stands after {@code *.}
     */
    record Subdomains(String domain) implements EgressPattern {
        public Subdomains {
            domain = HostNames.checked(domain, "*." + domain);
        }

        @Override
        public String toString() {
            return "*." + domain;
        }
    }

    /**
     * A block of addresses (RFC 4632, RFC 4291).
     *
     * @param network the first address, with no bits set behind the prefix
     * @param prefixLength 1 to 32 for IPv4, 1 to 128 for IPv6
     */
    record Cidr(String network, int prefixLength) implements EgressPattern {
        public Cidr {
            network = CidrBlock.parse(network + "/" + prefixLength).network();
        }

        @Override
        public String toString() {
            return network + "/" + prefixLength;
        }
    }

    /**
     * Reads {@code host}, {@code *.host} or a CIDR block.
     *
     * @throws InvalidSpecException for anything else: URLs, ports, single addresses, single-label names,
     *     {@code *} in another place, bits behind the prefix, a block of every address
     */
    static EgressPattern parse(String text) {
        if (text.indexOf('/') >= 0 && !text.contains("://")) {
            CidrBlock block = CidrBlock.parse(text);
            return new Cidr(block.network(), block.prefixLength());
        }
        return text.startsWith("*.") ? new Subdomains(text.substring(2)) : new Host(text);
    }
}
