import DNSModel
package import NetNames

/// The reverse side: the PTR look-up and what its names lead to.
package struct PointerFacts: Hashable, Sendable {
    /// `D.C.B.A.in-addr.arpa` or its IPv6 like.
    package let question: DomainName
    /// nil when the question was not asked.
    package let lookup: Lookup?
    /// The names evaluated, in the order received, at most ``EvidenceLimits/pointerNames``.
    package let names: [PointerNameFacts]
    /// How many PTR records there are.
    package let count: Int
    /// A record found where the address stands written forwards, if it means this client.
    package let writtenForwards: WrittenForwards?

    init(of address: IPAddress, in evidence: Evidence) {
        question = ReverseName.name(of: address)
        lookup = Lookup(.init(question, .ptr), in: evidence)
        let all = lookup.map { pointerNames(in: $0.outcome) } ?? []
        count = all.count
        names = all.prefix(EvidenceLimits.pointerNames).map {
            PointerNameFacts($0, client: address, in: evidence)
        }
        writtenForwards =
            lookup?.outcome.absence == nil
            ? nil : WrittenForwards(client: address, in: evidence)
    }

    /// The names that lead back to the client, in the order received.
    package var confirmedNames: [DomainName] {
        names.compactMap { $0.match == .confirmed ? $0.name : nil }
    }

    package var everyNameConfirms: Bool {
        count == names.count && names.allSatisfy { $0.match == .confirmed }
    }

    /// How many names were left out.
    package var skipped: Int { count - names.count }
}

/// One PTR name: its form, and whether it leads back to the client.
package struct PointerNameFacts: Hashable, Sendable {
    package let name: DomainName
    package let defect: HostnameDefect?
    /// The name with what a missing dot added cut off; nil when no dot is missing.
    package let intended: DomainName?
    /// What that name leads to, as far as it was asked for; nil when no dot is missing.
    package let intendedAddresses: AddressLookups?
    package let genericRule: GenericRule?
    package let addresses: AddressLookups
    package let match: AddressMatch

    init(_ name: DomainName, client: IPAddress, in evidence: Evidence) {
        self.name = name
        defect = HostnameDefect.of(name)
        intended = nameWithMissingDot(name)
        intendedAddresses = intended.map { AddressLookups(of: $0, in: evidence) }
        genericRule = GenericRule.matching(name, client: client)
        addresses = AddressLookups(of: name, in: evidence)
        match = addresses.match(client)
    }

    /// Whether a failed look-up keeps this name from being judged.
    package var isUnknown: Bool {
        if case .unknown = match { true } else { false }
    }
}

/// A PTR record at `A.B.C.D.in-addr.arpa` whose target confirms our A.B.C.D.
///
/// The name is legitimately that of D.C.B.A: only a target that leads to our client is a slip.
package struct WrittenForwards: Hashable, Sendable {
    package let owner: DomainName
    package let target: DomainName
    package let ids: [ObservationID]

    init?(client: IPAddress, in evidence: Evidence) {
        guard let owner = ReverseName.writtenForwards(client),
            let pointer = Lookup(.init(owner, .ptr), in: evidence),
            let target = pointerNames(in: pointer.outcome).first
        else { return nil }
        let addresses = AddressLookups(of: target, in: evidence)
        guard addresses.match(client) == .confirmed else { return nil }
        self.owner = owner
        self.target = target
        ids = [pointer.id] + addresses.ids
    }
}

/// What a PTR target was meant to be, when its closing dot was forgotten in the zone file.
///
/// Two signs: it ends in the reverse tree itself, or its last labels stand there twice, as when a
/// control panel added the domain to a full name.
func nameWithMissingDot(_ name: DomainName) -> DomainName? {
    let count = name.labelCount
    if ReverseName.contains(name) {
        return leading(labels: forwardLabelCount(of: name), of: name)
    }
    guard count >= 4 else { return nil }
    for length in 2...(count / 2) {
        guard let tail = name.suffix(labels: length), let twice = name.suffix(labels: 2 * length),
            let first = leading(labels: length, of: twice)
        else { continue }
        if first == tail { return leading(labels: count - length, of: name) }
    }
    return nil
}

/// Labels in front of the digits (or nibbles, or an RFC 2317 label) of the reverse tree.
private func forwardLabelCount(of name: DomainName) -> Int {
    let labels = name.labels
    let isReversePart = { (label: ArraySlice<UInt8>) in
        label.allSatisfy { Ascii.isDigit($0) || $0 == Ascii.slash || $0 == Ascii.hyphen }
            || (label.count == 1 && label.allSatisfy { Ascii.hexValue($0) != nil })
    }
    var front = labels.count - 2
    while front > 0, isReversePart(labels[front - 1]) { front -= 1 }
    return front
}

private func leading(labels count: Int, of name: DomainName) -> DomainName? {
    guard count > 0 else { return nil }
    return try? DomainName(labels: name.labels.prefix(count))
}
