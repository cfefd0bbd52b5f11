internal import NetNames

/// Cuts what arrives, in pieces of any size, into lines that end with LF.
///
/// It holds the line that is arriving, and whatever came behind a line that was not taken yet.
struct LineBuffer: Hashable, Sendable {
    /// The longest line, without its LF.
    let longest: Int
    private var bytes: [UInt8] = []
    /// Where the next line begins.
    private var start = 0
    /// Up to here there is no LF.
    private var scanned = 0

    init(longest: Int) {
        self.longest = longest
    }

    enum Step: Hashable, Sendable {
        case line([UInt8])
        case needMore
        /// The line is too long; its first ``longest`` bytes. What comes until its LF is left out
        /// if reading goes on.
        case tooLong([UInt8])
    }

    /// Bytes held that were not given as a line.
    var count: Int { bytes.count - start }

    /// Whether the rest of a line that was too long is still to be left out.
    private var isSkipping = false

    mutating func append(_ more: some Collection<UInt8>) {
        bytes += more
    }

    mutating func next() -> Step {
        switch nextPlace() {
        case .line(let place):
            return .line(Array(bytes[place]))
        case .needMore:
            return .needMore
        case .tooLong(let place):
            let line = Array(bytes[place])
            _ = skip()
            return .tooLong(line)
        }
    }

    /// A step without a copy of its line.
    enum Place: Hashable, Sendable {
        /// Good for ``line(at:)`` until the buffer is used again.
        case line(Range<Int>)
        case needMore
        case tooLong(Range<Int>)
    }

    /// The same as ``next()``, for those whose requests have many short lines.
    mutating func nextPlace() -> Place {
        if isSkipping, !skip() { return .needMore }
        let end = nextLineFeed()
        scanned = end ?? bytes.count
        if scanned - start > longest {
            let line = start..<(start + longest)
            // The rest of it is left out next time: until then its bytes have to stay.
            isSkipping = true
            consume(to: start + longest)
            return .tooLong(line)
        }
        guard let end else {
            compact()
            return .needMore
        }
        let line = start..<end
        consume(to: end + 1)
        return .line(line)
    }

    func line(at place: Range<Int>) -> ArraySlice<UInt8> { bytes[place] }

    private func nextLineFeed() -> Int? {
        // Asked for once: it is another module's, and this runs for each byte.
        let lineFeed = Ascii.lineFeed
        return bytes.withUnsafeBufferPointer { bytes in
            var index = scanned
            while index < bytes.count {
                if bytes[index] == lineFeed { return index }
                index += 1
            }
            return nil
        }
    }

    /// What came after the last LF, when nothing more will come; nil when that is nothing.
    mutating func rest() -> [UInt8]? {
        defer { consume(to: bytes.count) }
        return count == 0 || isSkipping ? nil : Array(bytes[start...])
    }

    /// Drops bytes up to the end of the line; false if that has not come yet.
    private mutating func skip() -> Bool {
        let end = nextLineFeed()
        consume(to: end.map { $0 + 1 } ?? bytes.count)
        compact()
        if end != nil { isSkipping = false }
        return end != nil
    }

    private mutating func consume(to index: Int) {
        start = index
        scanned = index
    }

    /// Only here bytes move, so that many short lines in one piece are not moved once for each.
    private mutating func compact() {
        bytes.removeFirst(start)
        scanned -= start
        start = 0
    }
}
