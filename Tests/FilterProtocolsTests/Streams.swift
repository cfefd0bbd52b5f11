import FilterProtocols
import NetNames
import Testing

/// What Postfix sends for a client of article B, as SMTPD_POLICY_README lists the attributes.
enum PolicyStream {
    static func request(_ changes: [String: String] = [:], without removed: Set<String> = [])
        -> [UInt8]
    {
        var text = ""
        for (name, value) in standard where !removed.contains(name) {
            text += "\(name)=\(changes[name] ?? value)\n"
        }
        return Array((text + "\n").utf8)
    }

    private static let standard: [(String, String)] = [
        ("request", "smtpd_access_policy"), ("protocol_state", "RCPT"), ("protocol_name", "ESMTP"),
        ("client_address", "157.56.110.65"), ("client_name", "unknown"),
        ("client_port", "38021"),
        ("reverse_client_name", "mail-bn1on0065.outbound.protection.outlook.com"),
        ("server_address", "192.0.2.25"), ("server_port", "25"),
        ("helo_name", "na01-bn1-obe.outbound.protection.outlook.com"),
        ("sender", "a@sender.example"), ("recipient", "b@receiver.example"),
        ("recipient_count", "0"), ("queue_id", ""), ("instance", "32c.6746f1a2.5d2b0.0"),
        ("size", "2712"), ("etrn_domain", ""), ("stress", ""), ("sasl_method", ""),
        ("sasl_username", ""), ("sasl_sender", ""), ("ccert_subject", ""),
        ("encryption_protocol", "TLSv1.3"), ("encryption_keysize", "256"), ("policy_context", ""),
    ]
}

/// Frames as Postfix 3.7 and Sendmail 8.17 send them.
enum MilterStream {
    static func frame(_ command: Character, _ data: [UInt8] = []) -> [UInt8] {
        let length = data.count + 1
        return [24, 16, 8, 0].map { UInt8(truncatingIfNeeded: length >> $0) }
            + command.utf8 + data
    }

    /// Strings with a NUL behind each.
    static func strings(_ words: String...) -> [UInt8] {
        words.flatMap { Array($0.utf8) + [0] }
    }

    /// Version, actions and protocol bits, as both servers offered them.
    static func offer(_ version: UInt8 = 6, _ actions: UInt32 = 0x1ff, _ bits: UInt32 = 0x1f_ffff)
        -> [UInt8]
    {
        frame("O", [0, 0, 0, version] + number(actions) + number(bits))
    }

    static func number(_ value: UInt32) -> [UInt8] {
        [24, 16, 8, 0].map { UInt8(truncatingIfNeeded: value >> UInt32($0)) }
    }

    static func connect(_ host: String, _ family: Character, _ address: String) -> [UInt8] {
        frame("C", strings(host) + family.utf8 + [0x94, 0x85] + strings(address))
    }

    static let clientMacros = frame(
        "D",
        Array("C".utf8)
            + strings(
                "j", "mx.example.org", "{client_addr}", "157.56.110.65", "{client_ptr}",
                "mail.example.net", "{client_resolve}", "FORGED"))
    static let client = connect("[157.56.110.65]", "4", "157.56.110.65")
    static let helo = frame("D", Array("H".utf8)) + frame("H", strings("helo.example.net"))
    static let mail =
        frame("D", Array("M".utf8) + strings("i", "4XyZ12", "{mail_addr}", "a@sender.example"))
        + frame("M", strings("<a@sender.example>", "SIZE=2712"))
    static func recipient(_ address: String) -> [UInt8] {
        frame("D", Array("R".utf8)) + frame("R", strings("<\(address)>"))
    }
    static func header(_ name: String, _ value: String) -> [UInt8] {
        frame("L", strings(name, value))
    }
    static let end = frame("D", Array("E".utf8) + strings("i", "4XyZ12")) + frame("E")

    /// All up to MAIL.
    static let opening = offer() + clientMacros + client + helo + mail
    /// A whole message, with fields that name us and others.
    static let message =
        opening + recipient("b@receiver.example") + recipient("c@receiver.example")
        + header("Received", "from x")
        + header("Authentication-Results", "MX.example.org; iprev=pass policy.iprev=192.0.2.1")
        + header("authentication-results", "other.example; spf=pass")
        + header("Authentication-Results", "(c) \"mx.exam\\ple.org\" 1; none")
        + end + frame("Q")
}

/// Lines as OpenSMTPD 6.8 and 7.4 send them.
enum OpenSMTPDStream {
    static let handshake = """
        config|smtpd-version|6.8.0p2
        config|smtp-session-timeout|300
        config|subsystem|smtp-in
        config|admd|mx.example.org
        config|ready

        """
    static let session = """
        report|0.6|1576146008.006099|smtp-in|link-connect|7641df9771b4ed00|<unknown>|fail|192.0.2.77:33174|192.0.2.25:25
        filter|0.6|1576146008.006100|smtp-in|ehlo|7641df9771b4ed00|1ef1c203cc576e5d|out.example.net
        report|0.6|1576146008.006101|smtp-in|link-identify|7641df9771b4ed00|EHLO|out.example.net
        filter|0.6|1576146008.006102|smtp-in|mail-from|7641df9771b4ed00|1ef1c203cc576e5e|a@sender.example
        filter|0.6|1576146008.006103|smtp-in|rcpt-to|7641df9771b4ed00|1ef1c203cc576e5f|b@receiver.example
        report|0.6|1576146008.006104|smtp-in|link-disconnect|7641df9771b4ed00

        """
    static let whole = Array((handshake + session).utf8)
}

/// The one place where sessions of all kinds are told what arrived as text.
func ascii(_ text: String) -> [UInt8] { Array(text.utf8) }

func string(_ bytes: [UInt8]) -> String { String(decoding: bytes, as: UTF8.self) }

func refusal(_ code: UInt16 = 550, _ texts: String...) throws -> SMTPRefusal {
    let lines = (texts.isEmpty ? ["No PTR record"] : texts).map { ReplyText($0) }
    return try #require(SMTPRefusal(code: code, subject: 7, detail: 25, lines))
}

func field() throws -> HeaderField {
    let results = AuthenticationResults(
        server: ascii("mx.example.org"), [.init(.iprev, .pass, [.client(.v4(0xc000_0201))])])
    return try #require(results?.field)
}
