internal import NetNames

/// What the guard decided about a client.
package struct MilterDecision: Hashable, Sendable {
    package enum Verdict: Hashable, Sendable {
        /// The message goes on, and the header is added at its end.
        ///
        /// There is no SMFIR_ACCEPT beside it. Postfix and Sendmail take that for the whole message,
        /// whatever command it answers: recipients that follow are not asked about, and forged
        /// results stay, because the filter sees no header any more.
        case proceed
        case refuse(SMTPRefusal)
    }

    package let verdict: Verdict
    /// The field to insert above all others.
    package let header: HeaderField?

    package init(_ verdict: Verdict, header: HeaderField? = nil) {
        self.verdict = verdict
        self.header = header
    }
}

/// The frames that go to the server.
enum MilterReply {
    static let proceed = MilterFrame(UInt8(ascii: "c"))

    static func frame(for verdict: MilterDecision.Verdict) -> MilterFrame {
        switch verdict {
        case .proceed: proceed
        case .refuse(let refusal): refuse(refusal)
        }
    }

    /// A reply with code and text.
    ///
    /// `%` is doubled, since servers take a single one for a directive. Of several lines each has
    /// the code, and CR LF stands between them, not at the end.
    static func refuse(_ refusal: SMTPRefusal) -> MilterFrame {
        var data: [UInt8] = []
        for (index, line) in refusal.lines.enumerated() {
            let isLast = index == refusal.lines.count - 1
            data += "\(refusal.code)\(isLast ? " " : "-")\(refusal.enhancedCode) ".utf8
            for byte in line.bytes {
                data.append(byte)
                if byte == Ascii.percent { data.append(byte) }
            }
            if !isLast { data += [Ascii.carriageReturn, Ascii.lineFeed] }
        }
        return MilterFrame(UInt8(ascii: "y"), data + [0])
    }

    /// Puts a field above all others, above the server's own Received field too: Postfix and
    /// Sendmail count from 0 here, and 1 would be below it.
    static func insert(_ field: HeaderField) -> MilterFrame {
        let data = MilterFrame.bytes(of: 0) + field.name + [0] + field.folded + [0]
        return MilterFrame(UInt8(ascii: "i"), data)
    }

    /// Removes the field that is the index-th of its name, counted from 1: its value becomes empty.
    static func delete(_ name: String, index: UInt32) -> MilterFrame {
        MilterFrame(UInt8(ascii: "m"), MilterFrame.bytes(of: index) + name.utf8 + [0, 0])
    }
}
