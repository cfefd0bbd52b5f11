package import NetNames

/// What is asked: a name and a type, always of class IN.
package struct Question: Hashable, Sendable {
    package let name: DomainName
    package let type: RecordType

    package init(_ name: DomainName, _ type: RecordType) {
        self.name = name
        self.type = type
    }
}

extension Question: CustomStringConvertible {
    package var description: String { "\(name) \(type)" }
}

/// One record of class IN.
package struct ResourceRecord: Hashable, Sendable {
    package let name: DomainName
    /// Seconds; RFC 2181 §8 limits it to 31 bits.
    package let ttl: UInt32
    package let data: RecordData

    package init(name: DomainName, ttl: UInt32, data: RecordData) {
        self.name = name
        self.ttl = ttl
        self.data = data
    }

    package var type: RecordType { data.type }
}

/// The data of a record, read where the type is known, raw otherwise.
package enum RecordData: Hashable, Sendable {
    /// An A or AAAA record, by the address's family. A mapped AAAA is kept as `other`.
    case address(IPAddress)
    case ns(DomainName)
    case cname(DomainName)
    case soa(StartOfAuthority)
    case ptr(DomainName)
    case mx(preference: UInt16, exchange: DomainName)
    /// The character strings of a TXT record, each up to 255 bytes.
    case txt([[UInt8]])
    /// Any other type, or data of a known type in a form of its own.
    case other(RecordType, [UInt8])

    package var type: RecordType {
        switch self {
        case .address(.v4): .a
        case .address(.v6): .aaaa
        case .ns: .ns
        case .cname: .cname
        case .soa: .soa
        case .ptr: .ptr
        case .mx: .mx
        case .txt: .txt
        case .other(let type, _): type
        }
    }
}

/// The data of a SOA record (RFC 1035 §3.3.13).
package struct StartOfAuthority: Hashable, Sendable {
    /// MNAME: the primary server.
    package let primary: DomainName
    /// RNAME: the responsible mailbox, its first label being the local part.
    package let mailbox: DomainName
    package let serial: UInt32
    package let refresh: UInt32
    package let retry: UInt32
    package let expire: UInt32
    /// Caps how long a negative answer may be kept, in seconds (RFC 2308 §5).
    package let minimum: UInt32

    package init(
        primary: DomainName, mailbox: DomainName, serial: UInt32, refresh: UInt32, retry: UInt32,
        expire: UInt32, minimum: UInt32
    ) {
        self.primary = primary
        self.mailbox = mailbox
        self.serial = serial
        self.refresh = refresh
        self.retry = retry
        self.expire = expire
        self.minimum = minimum
    }
}
