package import NetNames

/// What is checked: a client, and the identity under which it sends (RFC 7208 §4.1).
package struct SPFRequest: Hashable, Sendable {
    package let identity: Identity
    package let client: IPAddress
    /// The sender's local part, `postmaster` where it has none (RFC 7208 §4.3).
    package let localPart: [UInt8]
    /// The sender's domain as it was given.
    package let domainText: [UInt8]
    /// The same as a name; nil when it is malformed or has one label only (RFC 7208 §4.3).
    package let domain: DomainName?
    /// The argument of HELO or EHLO, `unknown` where nobody told.
    package let heloText: [UInt8]
    /// Seconds since 1970-01-01 UTC, for the macro `t`.
    package let time: Int64

    package enum Identity: String, Hashable, Sendable, CaseIterable {
        /// RFC 7208 §2.3.
        case helo
        /// RFC 7208 §2.4.
        case mailFrom = "mail-from"
    }

    /// The identity of the HELO name: its sender is `postmaster` there.
    /// - Parameters:
    ///   - helo: The argument of HELO.
    ///   - name: The same as a name, where it is known already.
    ///   - client: The address of the SMTP client.
    ///   - time: Seconds since 1970-01-01 UTC.
    package init(helo: [UInt8], name: DomainName? = nil, client: IPAddress, time: Int64) {
        self.init(
            .helo, localPart: [], domain: helo, name: name ?? senderDomain(of: helo), helo: helo,
            client: client, time: time)
    }

    /// The identity of the reverse-path; a null one has the HELO name as its domain.
    /// - Parameters:
    ///   - localPart: What stands before the last `@`; nothing means `postmaster`.
    ///   - domain: What stands behind it.
    ///   - isName: Whether the domain may be one that somebody could publish a record for.
    ///   - helo: The argument of HELO, for macros.
    ///   - client: The address of the SMTP client.
    ///   - time: Seconds since 1970-01-01 UTC.
    package init(
        mailFrom localPart: [UInt8], at domain: [UInt8], isName: Bool = true, helo: [UInt8]?,
        client: IPAddress, time: Int64
    ) {
        self.init(
            .mailFrom, localPart: localPart, domain: domain,
            name: isName ? senderDomain(of: domain) : nil,
            helo: helo ?? [], client: client, time: time)
    }

    private init(
        _ identity: Identity, localPart: [UInt8], domain: [UInt8], name: DomainName?,
        helo: [UInt8], client: IPAddress, time: Int64
    ) {
        self.identity = identity
        self.client = client
        self.localPart = localPart.isEmpty ? Self.postmaster : localPart
        domainText = domain
        self.domain = name.flatMap { $0.labelCount > 1 ? $0 : nil }
        // A macro that expands to nothing would make an endless record of them free.
        heloText = helo.isEmpty ? MacroValues.unknown : helo
        self.time = time
    }

    private static let postmaster = Array("postmaster".utf8)

    /// The record type that holds addresses of the client's family (RFC 7208 §5).
    var isVersion4: Bool { client.family == .v4 }
}

/// The domain of an identity; an address, in brackets or without, is none.
private func senderDomain(of text: [UInt8]) -> DomainName? {
    let isAddress = text.first == Ascii.openBracket || (try? IPAddress(parsing: text)) != nil
    return isAddress ? nil : domainName(of: text)
}

/// Bytes as a name, without escapes: a closing dot is allowed, an empty or long label is not.
func domainName(of text: [UInt8]) -> DomainName? {
    let bare = text.last == Ascii.dot ? text.dropLast() : text[...]
    guard !bare.isEmpty else { return nil }
    return try? DomainName(
        labels: bare.split(separator: Ascii.dot, omittingEmptySubsequences: false))
}
