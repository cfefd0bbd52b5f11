import NetNames

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#endif

/// The resolvers that the system is configured to use.
package enum SystemResolvers {
    /// What the C library reads, and no more (MAXNS).
    package static let most = 3
    /// The C library's choice when the file names none.
    package static let fallback = ResolverAddress(.v4(0x7f00_0001))

    /// Reads /etc/resolv.conf; a file that is missing or names nobody means this host.
    package static func current() -> [ResolverAddress] {
        resolvers(in: contents(of: "/etc/resolv.conf"))
    }

    /// The `nameserver` lines of a resolv.conf.
    ///
    /// Options are not read: how long and how often to ask is ours to say, and search lists would
    /// change the question. An address with a zone (`fe80::1%eth0`) is passed over.
    package static func resolvers(in file: [UInt8]) -> [ResolverAddress] {
        var found: [ResolverAddress] = []
        for line in file.split(whereSeparator: {
            $0 == Ascii.lineFeed || $0 == Ascii.carriageReturn
        })
        where found.count < most {
            let words = line.split(whereSeparator: { $0 == Ascii.space || $0 == Ascii.tab })
            guard words.count >= 2, words[0].elementsEqual("nameserver".utf8),
                let address = try? IPAddress(parsing: words[1])
            else { continue }
            let resolver = ResolverAddress(address)
            if !found.contains(resolver) { found.append(resolver) }
        }
        return found.isEmpty ? [fallback] : found
    }

    /// Far more than a resolv.conf of three servers needs; a device or a log is cut off there.
    private static let largestFile = 65_536

    private static func contents(of path: String) -> [UInt8] {
        guard let file = fopen(path, "r") else { return [] }
        defer { fclose(file) }
        var bytes = [UInt8](repeating: 0, count: largestFile)
        let count = fread(&bytes, 1, bytes.count, file)
        return Array(bytes.prefix(count))
    }
}
