//! Why a request ends at the gateway: what happened, whose doing it was, and whether trying again may help.

use std::time::Duration;

use http::StatusCode;

/// A refusal, on its way to becoming an answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Reject {
    pub(crate) fault: Fault,
    pub(crate) source: Source,
    /// When trying again makes sense, where that is known better than from the fault.
    pub(crate) after: Option<Duration>,
}

/// Whose doing it was.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Source {
    /// The request itself.
    Client,
    /// This process, or what it needs to decide.
    Gateway,
    /// The app behind the route.
    Upstream,
}

/// What happened.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Fault {
    /// The head is not HTTP, or can be read in two ways.
    Malformed,
    /// The path can be read in two ways.
    Path,
    /// Missing, repeated or invalid Host.
    Host,
    /// The target exceeds 8 KiB.
    TargetTooLong,
    /// The head exceeds 64 KiB or 128 fields.
    HeadTooLarge,
    /// The head did not arrive in time.
    HeadTimeout,
    /// The body exceeds the limit.
    BodyTooLarge,
    /// The body stopped arriving.
    BodyTimeout,
    /// CONNECT and TRACE.
    Method,
    /// An expectation other than `100-continue`.
    Expectation,
    /// gRPC where no app takes it.
    Media,
    /// A WebSocket opened by a page of another site.
    Origin,
    /// No app serves the path.
    NotFound,
    /// The app is known, but no instance of it answers.
    AppDown,
    /// The person cannot be identified, because auth is away.
    AuthAway,
    /// Too many requests at once, to auth or to the app.
    Busy,
    /// Too many requests from one address or person.
    Throttled,
    /// The request has been here before.
    Loop,
    /// The app closed the connection without an answer, or answered nonsense.
    BadGateway,
    /// The app did not answer in time.
    GatewayTimeout,
}

impl Reject {
    /// A fault of the request.
    pub(crate) fn client(fault: Fault) -> Self {
        let source = Source::Client;
        Self {
            fault,
            source,
            after: None,
        }
    }

    /// A fault of this process or its surroundings.
    pub(crate) fn gateway(fault: Fault) -> Self {
        let source = Source::Gateway;
        Self {
            fault,
            source,
            after: None,
        }
    }

    /// A fault of the app.
    pub(crate) fn upstream(fault: Fault) -> Self {
        let source = Source::Upstream;
        Self {
            fault,
            source,
            after: None,
        }
    }

    /// Too many requests: the next one may come after this time.
    pub(crate) fn throttled(after: Duration) -> Self {
        Self {
            after: Some(after),
            ..Self::client(Fault::Throttled)
        }
    }

    /// When trying again makes sense.
    pub(crate) fn retry_after(self) -> Option<Duration> {
        self.after.or_else(|| self.fault.retry_after())
    }

    /// Whether the same request may succeed later.
    pub(crate) fn retryable(self) -> bool {
        matches!(
            self.fault,
            Fault::AppDown
                | Fault::AuthAway
                | Fault::Busy
                | Fault::Throttled
                | Fault::BadGateway
                | Fault::GatewayTimeout
        )
    }
}

impl Fault {
    /// How it is answered.
    pub(crate) fn status(self) -> StatusCode {
        match self {
            Self::Malformed | Self::Path | Self::Host => StatusCode::BAD_REQUEST,
            Self::TargetTooLong => StatusCode::URI_TOO_LONG,
            Self::HeadTooLarge => StatusCode::REQUEST_HEADER_FIELDS_TOO_LARGE,
            Self::HeadTimeout | Self::BodyTimeout => StatusCode::REQUEST_TIMEOUT,
            Self::BodyTooLarge => StatusCode::PAYLOAD_TOO_LARGE,
            Self::Method => StatusCode::METHOD_NOT_ALLOWED,
            Self::Expectation => StatusCode::EXPECTATION_FAILED,
            Self::Media => StatusCode::UNSUPPORTED_MEDIA_TYPE,
            Self::Origin => StatusCode::FORBIDDEN,
            Self::NotFound => StatusCode::NOT_FOUND,
            Self::AppDown | Self::AuthAway | Self::Busy => StatusCode::SERVICE_UNAVAILABLE,
            Self::BadGateway => StatusCode::BAD_GATEWAY,
            Self::GatewayTimeout => StatusCode::GATEWAY_TIMEOUT,
            Self::Throttled => StatusCode::TOO_MANY_REQUESTS,
            Self::Loop => StatusCode::LOOP_DETECTED,
        }
    }

    /// The stable name that programs see.
    pub(crate) fn code(self) -> &'static str {
        match self {
            Self::Malformed => "request.malformed",
            Self::Path => "request.path",
            Self::Host => "request.host",
            Self::TargetTooLong => "request.target_too_long",
            Self::HeadTooLarge => "request.head_too_large",
            Self::HeadTimeout => "request.head_timeout",
            Self::BodyTimeout => "request.body_timeout",
            Self::BodyTooLarge => "request.too_large",
            Self::Method => "request.method_not_allowed",
            Self::Expectation => "request.expectation",
            Self::Media => "request.media_type",
            Self::Origin => "request.origin",
            Self::NotFound => "request.not_found",
            Self::AppDown => "app.unavailable",
            Self::AuthAway => "auth.unavailable",
            Self::Busy => "gateway.busy",
            Self::BadGateway => "app.broken",
            Self::GatewayTimeout => "app.timeout",
            Self::Throttled => "request.throttled",
            Self::Loop => "request.loop",
        }
    }

    /// What programs are told in a sentence.
    pub(crate) fn detail(self) -> &'static str {
        match self {
            Self::Malformed => "The request could not be understood.",
            Self::Path => "The path has more than one reading.",
            Self::Host => "The request must name exactly one valid host.",
            Self::TargetTooLong => "The address is longer than 8 KiB.",
            Self::HeadTooLarge => "The header exceeds 64 KiB or 128 fields.",
            Self::HeadTimeout => "The header did not arrive in time.",
            Self::BodyTimeout => "The body stopped arriving.",
            Self::BodyTooLarge => "The body is larger than this address accepts.",
            Self::Method => "This method is not served here.",
            Self::Expectation => "The expectation cannot be met.",
            Self::Media => "gRPC is not served at this address.",
            Self::Origin => "The connection was opened by a page of another site.",
            Self::NotFound => "There is nothing at this address.",
            Self::AppDown => "The app is not running right now. Try again in a moment.",
            Self::AuthAway => "Sign-in is not available right now. Try again in a moment.",
            Self::Busy => "Too much is going on right now. Try again in a moment.",
            Self::BadGateway => "The app broke off. Try again in a moment.",
            Self::GatewayTimeout => "The app took too long. Try again in a moment.",
            Self::Throttled => "Too many requests. Try again in a moment.",
            Self::Loop => "The request has come back to where it was sent from.",
        }
    }

    /// When trying again makes sense, for the answers that say so.
    pub(crate) fn retry_after(self) -> Option<Duration> {
        match self {
            Self::AppDown | Self::AuthAway | Self::BadGateway => Some(Duration::from_secs(3)),
            Self::Busy => Some(Duration::from_secs(1)),
            _ => None,
        }
    }

    /// Whether the connection cannot be used any further, because the rest of the request is unknown.
    pub(crate) fn closes(self) -> bool {
        matches!(
            self,
            Self::Malformed
                | Self::Host
                | Self::Method
                | Self::HeadTooLarge
                | Self::HeadTimeout
                | Self::BodyTooLarge
                | Self::BodyTimeout
                | Self::Expectation
        )
    }
}
