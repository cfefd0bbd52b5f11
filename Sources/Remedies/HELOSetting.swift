/// How a mail server is told what to say in HELO and EHLO.
package struct HELOSetting: Hashable, Sendable {
    /// The server's name.
    package let server: String
    /// Where the line goes.
    package let place: String
    package let line: String
    /// What else there is to know.
    package let note: String?
    /// The page of the server's own manual.
    package let source: String

    /// The settings of five servers for this name.
    package static func all(for name: String) -> [HELOSetting] {
        [
            HELOSetting(
                server: "Postfix", place: "main.cf", line: "smtp_helo_name = \(name)",
                note: "unset, it is $myhostname", source: "postconf(5)"),
            HELOSetting(
                server: "Exim", place: "the smtp transport", line: "helo_data = \(name)",
                note: "unset, it is $primary_hostname", source: "Exim specification, chapter 30"),
            HELOSetting(
                server: "OpenSMTPD", place: "smtpd.conf",
                line: "action \"outbound\" relay helo \(name)",
                note: "add helo to the action that relays", source: "smtpd.conf(5)"),
            HELOSetting(
                server: "Sendmail", place: "sendmail.mc",
                line: "define(`confDOMAIN_NAME', `\(name)')dnl",
                note: "it sets $j, which is more than HELO", source: "cf/README, Who am I?"),
            HELOSetting(
                server: "Exchange", place: "Exchange Management Shell",
                line: "Set-SendConnector -Identity \"<connector>\" -Fqdn \(name)",
                note: nil, source: "Microsoft Learn, Set-SendConnector"),
        ]
    }
}
