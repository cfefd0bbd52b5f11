package import NIOSSL

/// The certificate for STARTTLS.
package enum TLSMaterial {
    /// What is wrong with a file, in words for the administrator.
    package struct Unusable: Error, Hashable, Sendable {
        package let path: String
        package let reason: String
    }

    /// Reads the chain and its key.
    /// - Parameters:
    ///   - certificate: A PEM file, the server's own certificate first.
    ///   - privateKey: A PEM file without a passphrase.
    /// - Returns: What connections are secured with.
    /// - Throws: ``Unusable``.
    package static func context(
        certificate: String, privateKey: String
    ) throws -> NIOSSLContext {
        let chain: [NIOSSLCertificate]
        do {
            chain = try NIOSSLCertificate.fromPEMFile(certificate)
        } catch {
            throw Unusable(path: certificate, reason: "no PEM certificates can be read from it")
        }
        guard !chain.isEmpty else {
            throw Unusable(path: certificate, reason: "it holds no certificate")
        }
        let key: NIOSSLPrivateKey
        do {
            key = try NIOSSLPrivateKey(file: privateKey, format: .pem)
        } catch {
            throw Unusable(path: privateKey, reason: "no PEM private key can be read from it")
        }
        var configuration = TLSConfiguration.makeServerConfiguration(
            certificateChain: chain.map { .certificate($0) }, privateKey: .privateKey(key))
        // Who speaks less goes on in clear, as everywhere between mail servers (RFC 8996).
        configuration.minimumTLSVersion = .tlsv12
        do {
            return try NIOSSLContext(configuration: configuration)
        } catch {
            throw Unusable(path: privateKey, reason: "the key does not belong to the certificate")
        }
    }
}
