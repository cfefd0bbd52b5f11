package import NetNames

/// Who is judged: an SMTP client's address and what it says of itself.
package struct Subject: Hashable, Sendable {
    package let address: IPAddress
    /// The argument of HELO or EHLO; nil when nobody told, as in a test that has only an address.
    package let helo: HELOArgument?
    /// The reverse-path, for SPF; nil when nobody told.
    package let mailFrom: MailFrom?

    package init(address: IPAddress, helo: HELOArgument? = nil, mailFrom: MailFrom? = nil) {
        self.address = address
        self.helo = helo
        self.mailFrom = mailFrom
    }
}
