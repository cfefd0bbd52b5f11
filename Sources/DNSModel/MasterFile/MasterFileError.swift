package import NetNames

/// Why a master file cannot be read, and where.
package struct MasterFileError: Error, Hashable, Sendable {
    /// Counted from 1, as editors do.
    package let line: Int
    package let reason: Reason
    /// The offending word as it stands in the file; empty where no single word is to blame.
    package let word: [UInt8]

    package init(line: Int, _ reason: Reason, word: some Sequence<UInt8> = []) {
        self.line = line
        self.reason = reason
        self.word = Array(word)
    }

    package enum Reason: Hashable, Sendable {
        case fileTooLarge
        case entryTooLong
        case tooManyRecords
        case tooManySteps
        case generatedTooLong
        case nestedTooDeep
        case unexpectedByte(UInt8)
        case unfinishedEscape
        case badEscape
        case unclosedQuote
        case unexpectedQuote
        case unclosedParenthesis
        case unexpectedParenthesis
        /// A blank owner stands for the owner above, and there is none.
        case missingOwner
        case missingField
        case trailingText
        case badName(DomainNameError)
        case badNumber
        case badTime
        case badVersion4Address
        case badVersion6Address
        case stringTooLong
        case dataTooLong
        /// What follows `\#` (RFC 3597 §5) is not a length and that many bytes in hex.
        case badGenericData
        case unsupportedClass
        case unknownType
        /// A type of queries or of the transport, not of zone data (RFC 6895 §3.1).
        case typeNotInZones
        case typeNeedsGenericData
        case includeRefused
        case unknownDirective
        case badRange
        case badModifier
        case negativeCounter
    }
}

extension MasterFileError {
    /// `file:line: what`, on one line.
    package func located(in file: String) -> String {
        "\(file):\(line): \(sentence)"
    }

    /// What is wrong, without the place.
    package var sentence: String {
        word.isEmpty ? explanation : "\(explanation): \(MasterFilePrinter.excerpt(of: word))"
    }

    private var explanation: String {
        switch reason {
        case .fileTooLarge: "the file is larger than \(MasterFileLimits.fileBytes) bytes"
        case .entryTooLong: "the entry is longer than \(MasterFileLimits.entryBytes) bytes"
        case .tooManyRecords: "the file has more than \(MasterFileLimits.records) records"
        case .tooManySteps:
            "$GENERATE takes more than \(MasterFileLimits.generateSteps) steps in this file"
        case .generatedTooLong:
            "$GENERATE makes a text longer than \(MasterFileLimits.generatedBytes) bytes"
        case .nestedTooDeep: "parentheses are nested more than \(MasterFileLimits.nesting) deep"
        case .unexpectedByte(let byte):
            "unexpected byte 0x\(byte < 16 ? "0" : "")\(String(byte, radix: 16)); not a text file?"
        case .unfinishedEscape: "nothing follows the backslash"
        case .badEscape: "\\ and digits must be three digits up to 255"
        case .unclosedQuote: "the quoted string does not end on its line"
        case .unexpectedQuote: "a quote must stand around a whole string"
        case .unclosedParenthesis: "the parenthesis is never closed"
        case .unexpectedParenthesis: "the closing parenthesis has no opening one"
        case .missingOwner: "the first record must name its owner"
        case .missingField: "the line ends too early"
        case .trailingText: "text after the end of the record"
        case .badName(let error): "not a name (\(Self.explanation(of: error)))"
        case .badNumber: "not a number in range"
        case .badTime: "not a time such as 3600 or 1h30m, up to 31 bits of seconds"
        case .badVersion4Address: "not an IPv4 address"
        case .badVersion6Address: "not an IPv6 address"
        case .stringTooLong: "a character string is longer than 255 bytes"
        case .dataTooLong: "the data is longer than 65535 bytes"
        case .badGenericData: "after \\# come a length and that many bytes in hex"
        case .unsupportedClass: "only class IN is supported"
        case .unknownType: "not a record type known here; write TYPEnnn \\# length hex"
        case .typeNotInZones: "this type is not zone data"
        case .typeNeedsGenericData: "data of this type must be written as \\# length hex"
        case .includeRefused: "$INCLUDE is not supported; give the other file by its own option"
        case .unknownDirective: "unknown directive"
        case .badRange: "not a range such as 1-254 or 0-255/2"
        case .badModifier: "not a modifier such as ${0,3,d}"
        case .negativeCounter: "the offset makes the counter negative"
        }
    }

    private static func explanation(of error: DomainNameError) -> String {
        switch error {
        case .empty: "empty"
        case .emptyLabel: "empty label"
        case .labelTooLong: "a label is longer than \(DomainName.longestLabel) bytes"
        case .nameTooLong: "longer than \(DomainName.longestWire) bytes"
        case .badEscape: "bad escape"
        }
    }
}
