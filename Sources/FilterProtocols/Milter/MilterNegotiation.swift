/// What a filter may do at the end of a message (SMFIF bits).
package struct MilterActions: OptionSet, Hashable, Sendable {
    package let rawValue: UInt32

    package init(rawValue: UInt32) {
        self.rawValue = rawValue
    }

    /// Adding and inserting header fields.
    package static let addHeaders = MilterActions(rawValue: 0x1)
    /// Changing and deleting them.
    package static let changeHeaders = MilterActions(rawValue: 0x10)
    /// Naming the macros wanted at each stage; from version 6.
    package static let setMacros = MilterActions(rawValue: 0x100)
}

/// What the server leaves out, and which commands it wants no answer to (SMFIP bits).
package struct MilterProtocol: OptionSet, Hashable, Sendable {
    package let rawValue: UInt32

    package init(rawValue: UInt32) {
        self.rawValue = rawValue
    }

    package static let noRecipients = MilterProtocol(rawValue: 0x8)
    package static let noBody = MilterProtocol(rawValue: 0x10)
    package static let noHeaders = MilterProtocol(rawValue: 0x20)
    package static let noEndOfHeaders = MilterProtocol(rawValue: 0x40)
    package static let noReplyToHeaders = MilterProtocol(rawValue: 0x80)
    package static let noUnknown = MilterProtocol(rawValue: 0x100)
    package static let noData = MilterProtocol(rawValue: 0x200)
    package static let noReplyToConnect = MilterProtocol(rawValue: 0x1000)
    package static let noReplyToHELO = MilterProtocol(rawValue: 0x2000)
    package static let noReplyToMail = MilterProtocol(rawValue: 0x4000)
    package static let noReplyToRecipient = MilterProtocol(rawValue: 0x8000)
    package static let noReplyToData = MilterProtocol(rawValue: 0x1_0000)
    package static let noReplyToUnknown = MilterProtocol(rawValue: 0x2_0000)
    package static let noReplyToEndOfHeaders = MilterProtocol(rawValue: 0x4_0000)
    package static let noReplyToBody = MilterProtocol(rawValue: 0x8_0000)
}

/// What the server offers, and what we take of it: the first frame in each direction.
struct MilterNegotiation: Hashable, Sendable {
    let version: UInt32
    let actions: MilterActions
    let protocolBits: MilterProtocol

    /// The versions with which this session was written to work: Postfix and Sendmail offer 6.
    static let versions: ClosedRange<UInt32> = 2...6

    /// Takes what is offered and of use; answers and events that nobody needs are left out.
    init(offer: MilterFrame, settings: MilterSettings) throws(MilterError) {
        var reader = MilterDataReader(offer)
        let offered = try reader.long()
        guard offered >= Self.versions.lowerBound else { throw .version(offered) }
        let offeredActions = MilterActions(rawValue: try reader.long())
        let offeredProtocol = MilterProtocol(rawValue: try reader.long())
        version = min(offered, Self.versions.upperBound)

        var actions: MilterActions = [.addHeaders, .setMacros]
        var bits: MilterProtocol = [
            .noBody, .noEndOfHeaders, .noUnknown, .noData, .noReplyToConnect, .noReplyToHELO,
            .noReplyToData, .noReplyToUnknown, .noReplyToEndOfHeaders, .noReplyToBody,
        ]
        switch settings.stage {
        case .mail: bits.insert([.noRecipients, .noReplyToRecipient])
        case .recipient: bits.insert(.noReplyToMail)
        }
        if settings.stripsForgedResults, offeredActions.contains(.changeHeaders) {
            actions.insert(.changeHeaders)
            bits.insert(.noReplyToHeaders)
        } else {
            bits.insert([.noHeaders, .noReplyToHeaders])
        }
        self.actions = actions.intersection(offeredActions)
        protocolBits = bits.intersection(offeredProtocol)
    }

    /// Whether header fields are read to find the forged ones.
    var stripsForgedResults: Bool { actions.contains(.changeHeaders) }

    /// The answer, with the macros that we want; stages without a line keep the server's own list.
    var encoded: [UInt8] {
        var data = MilterFrame.bytes(of: version)
        data += MilterFrame.bytes(of: actions.rawValue)
        data += MilterFrame.bytes(of: protocolBits.rawValue)
        if actions.contains(.setMacros) {
            for (stage, names) in Self.macros {
                data += MilterFrame.bytes(of: stage) + names.utf8 + [0]
            }
        }
        return MilterFrame(MilterCommand.Code.negotiate, data).encoded
    }

    /// Neither server sends {client_ptr} and {client_resolve} unless it is asked to.
    private static let macros: [(UInt32, String)] = [
        (
            0,
            "j _ {daemon_name} {client_addr} {client_name} {client_port} {client_ptr}"
                + " {client_resolve}"
        ),
        (2, "i {auth_authen} {auth_type} {mail_addr}"),
        (5, "i"),
    ]
}
