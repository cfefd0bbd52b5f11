internal import NetNames

/// What the listener says besides verdicts.
enum SMTPReplies {
    static func greeting(_ hostname: String) -> [UInt8] {
        line(220, nil, "\(hostname) ESMTP Heloscope: says what it sees, takes no mail")
    }

    /// The client's address is said back: for some that is all they wanted to know.
    static func hello(
        _ settings: SMTPSettings, client: IPAddress, isExtended: Bool, offersTLS: Bool
    ) -> [UInt8] {
        var lines = ["\(settings.hostname) greets \(client)"]
        if isExtended {
            lines += ["PIPELINING", "8BITMIME", "ENHANCEDSTATUSCODES"]
            if offersTLS { lines.append("STARTTLS") }
        }
        return SMTPAnswer(250, nil, lines)?.encoded ?? []
    }

    static let sender = line(250, .init(1, 0), "Now RCPT TO: the verdict comes there")
    static let done = line(250, .init(0, 0), "OK")
    static let readyForTLS = line(220, .init(0, 0), "Begin TLS")
    static let bye = line(221, .init(0, 0), "Bye")
    static let help = line(
        214, .init(0, 0), "EHLO, MAIL FROM and RCPT TO tell how your server looks to receivers")
    static let cannotVerify = line(252, .init(5, 0), "There is no mailbox here")

    static let unknown = line(500, .init(5, 1), "No such command here")
    static let controlByte = line(500, .init(5, 2), "A command holds a bare CR or a NUL")
    static let lineTooLong = line(500, .init(5, 2), "A command line is too long")
    static let argument = line(501, .init(5, 4), "The command wants other arguments")
    static let senderPath = line(501, .init(1, 7), "MAIL FROM:<address> is wanted")
    static let recipientPath = line(501, .init(1, 3), "RCPT TO:<address> is wanted")
    static let parameter = line(555, .init(5, 4), "A parameter that is not offered")
    static let notOffered = line(502, .init(5, 1), "Not offered here")
    static let noTLS = line(502, .init(5, 1), "STARTTLS is not offered")
    static let helloFirst = line(503, .init(5, 1), "EHLO comes first")
    static let senderFirst = line(503, .init(5, 1), "MAIL FROM comes first")
    static let oneSender = line(503, .init(5, 1), "MAIL FROM was given: RSET begins anew")
    /// RFC 5321 §3.3 has both 503 and 554; this is the one without a fault of the client.
    static let noRecipient = line(554, .init(5, 1), "No valid recipients")
    static let expired = line(
        451, .init(4, 3), "Could not find out in time how your server looks: try again later")

    static func closing(_ why: String) -> [UInt8] {
        line(421, .init(7, 0), "\(why); closing")
    }

    private static func line(
        _ code: UInt16, _ detail: SMTPAnswer.Detail?, _ text: String
    ) -> [UInt8] {
        SMTPAnswer(code, detail, [text])?.encoded ?? []
    }
}
