/// The limits of reading one master file, each with its reason.
package enum MasterFileLimits {
    /// A file is held in memory; this is the reverse tree of a /12, printed.
    package static let fileBytes = 64 << 20
    /// One entry: 65,535 bytes of data, each as `\DDD`, with quotes, and room for the owner.
    package static let entryBytes = 270_000
    /// Records of one file, a million: some 300 bytes of memory each.
    package static let records = 1_000_000
    /// $GENERATE steps of one file in all, a /16: a small file must not become a big world.
    package static let generateSteps = 65_536
    /// One side of a $GENERATE line after expansion: the longest name, half of it escaped.
    package static let generatedBytes = 512
    /// Digits a $GENERATE width may ask for: more than a name can hold.
    package static let generateWidth = 255
    /// Open parentheses; they only let a line go on, so nesting them adds nothing.
    package static let nesting = 4
    /// Seconds of a TTL (RFC 2181 §8): 31 bits.
    package static let ttl = UInt32(Int32.max)
    /// The TTL where a file states none and has no SOA yet; BIND would refuse the file.
    ///
    /// An overlay of planned records is often one bare line, and its TTL matters to nobody.
    package static let assumedTTL: UInt32 = 3600
}
