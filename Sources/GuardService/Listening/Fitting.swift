import FilterProtocols
import GuardDecisions
import NIOCore
import NIOHTTP1

extension Lane {
    /// Puts the protocol's handlers on a new connection of this lane.
    func fit(_ channel: any Channel, for speaks: GuardProtocol) throws {
        let limits = desk.options.limits
        let configuration = ruling.configuration
        let pipeline = channel.pipeline.syncOperations
        switch speaks {
        case .policy:
            try pipeline.addHandler(
                SessionHandler(PolicyFilter(), speaks, on: self, idle: limits.policyIdle))
        case .milter:
            let settings = MilterSettings(
                stage: configuration.milterStage, server: configuration.words.server,
                stripsForgedResults: configuration.stripsForgedResults)
            try pipeline.addHandler(
                SessionHandler(
                    MilterFilter(settings), speaks, on: self, idle: limits.milterIdle))
        case .exim:
            try pipeline.addHandler(
                SessionHandler(EximFilter(), speaks, on: self, idle: limits.lineIdle))
        case .openSMTPD:
            try pipeline.addHandler(
                SessionHandler(
                    OpenSMTPDFilter(), speaks, on: self, idle: .seconds(Int64.max / 2)))
        case .http:
            var limits = NIOHTTPDecoderLimitConfiguration()
            limits.maxHeaderFieldSize = Self.longestHead
            limits.maxHeaderListSize = Self.longestHead
            limits.maxHeaderFieldCount = Self.mostFields
            try pipeline.configureHTTPServerPipeline(
                withPipeliningAssistance: true, withErrorHandling: true,
                withOutboundHeaderValidation: true, withEncoderConfiguration: .init(),
                withDecoderLimitConfiguration: limits)
            try pipeline.addHandler(HTTPHandler(on: self))
        }
    }

    /// A filter's request has some hundred bytes of it.
    private static let longestHead = 16 << 10
    private static let mostFields = 100
}
