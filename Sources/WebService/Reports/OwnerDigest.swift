import Crypto

/// What is kept of an owner's token: SHA-256, so that who reads the database deletes nothing.
///
/// A token has 128 random bits, so the digest needs neither salt nor many rounds.
package struct OwnerDigest: Hashable, Sendable {
    /// 64 hexadecimal digits.
    package let text: String

    /// The digest of a token that somebody shows.
    package init(of token: String) {
        let digits = Array("0123456789abcdef".utf8)
        text = String(
            decoding: SHA256.hash(data: Array(token.utf8)).flatMap {
                [digits[Int($0 >> 4)], digits[Int($0 & 15)]]
            }, as: UTF8.self)
    }

    /// A digest as it was kept.
    package init(kept text: String) {
        self.text = text
    }

    /// Whether the token is the owner's.
    package func matches(_ token: String) -> Bool {
        RandomName.areEqual(text, Self(of: token).text)
    }
}
