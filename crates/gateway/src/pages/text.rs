//! What the pages say, in the languages of the platform: what happened, why, what to do.

use crate::reject::Fault;

/// A language of the platform.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Language {
    English,
    German,
}

impl Language {
    /// The language of a BCP 47 tag, if it is spoken here.
    pub(super) fn named(tag: &str) -> Option<Self> {
        match tag.split('-').next()? {
            primary if primary.eq_ignore_ascii_case("de") => Some(Self::German),
            primary if primary.eq_ignore_ascii_case("en") => Some(Self::English),
            _ => None,
        }
    }

    pub(super) fn tag(self) -> &'static str {
        match self {
            Self::English => "en",
            Self::German => "de",
        }
    }
}

/// The words of one page.
pub(super) struct Words {
    pub(super) title: &'static str,
    pub(super) message: &'static str,
    pub(super) again: &'static str,
    pub(super) home: &'static str,
    pub(super) reference: &'static str,
}

/// The words for a fault.
pub(super) fn words(fault: Fault, language: Language) -> Words {
    match language {
        Language::English => {
            let (title, message) = english(fault);
            Words {
                title,
                message,
                again: "Try again",
                home: "Home",
                reference: "Reference:",
            }
        }
        Language::German => {
            let (title, message) = german(fault);
            Words {
                title,
                message,
                again: "Erneut versuchen",
                home: "Startseite",
                reference: "Referenz:",
            }
        }
    }
}

fn english(fault: Fault) -> (&'static str, &'static str) {
    match fault {
        Fault::NotFound => (
            "Page not found",
            "There is nothing at this address. Check it for typing errors, or start from the home page.",
        ),
        Fault::AppDown => (
            "This app is not running",
            "It is being restarted or was stopped. This page asks again by itself.",
        ),
        Fault::AuthAway => (
            "Sign-in is not available",
            "The service that knows who you are does not answer. You are still signed in; try again in a moment.",
        ),
        Fault::Busy => (
            "Too much is going on",
            "The platform has more to do than it can handle right now. Try again in a moment.",
        ),
        Fault::BadGateway => (
            "This app broke off",
            "It closed the connection before it had answered. Try again in a moment.",
        ),
        Fault::GatewayTimeout => (
            "This app takes too long",
            "It did not answer in time. What you asked for may still be carried out; look before you try again.",
        ),
        Fault::BodyTooLarge => (
            "Too large",
            "What you sent is larger than this address accepts. Send something smaller.",
        ),
        Fault::HeadTooLarge => (
            "Too many headers",
            "Your browser sent more headers than are accepted. Deleting the cookies of this site usually helps.",
        ),
        Fault::TargetTooLong => (
            "Address too long",
            "The address is longer than 8 KiB. Shorten it, for instance by using fewer filters.",
        ),
        Fault::HeadTimeout | Fault::BodyTimeout => (
            "The request took too long",
            "It stopped arriving before it was complete. Check your connection and try again.",
        ),
        Fault::Method => ("Not supported", "This kind of request is not served here."),
        Fault::Expectation | Fault::Media => (
            "Not supported",
            "Requests of this kind are not served from outside.",
        ),
        Fault::Origin => (
            "Not allowed",
            "The connection was opened by a page of another site.",
        ),
        Fault::Malformed | Fault::Path | Fault::Host => (
            "The request makes no sense",
            "It could not be understood, so nothing was done. Check the address and try again.",
        ),
        Fault::Throttled => (
            "Too many requests",
            "More came from you at once than is accepted. Wait a moment and go on.",
        ),
        Fault::Loop => (
            "The request goes in circles",
            "An app sends back what it is sent. Tell your administrator the reference.",
        ),
    }
}

fn german(fault: Fault) -> (&'static str, &'static str) {
    match fault {
        Fault::NotFound => (
            "Seite nicht gefunden",
            "Unter dieser Adresse gibt es nichts. Prüfen Sie sie auf Tippfehler oder beginnen Sie auf der Startseite.",
        ),
        Fault::AppDown => (
            "Diese App läuft gerade nicht",
            "Sie wird neu gestartet oder wurde angehalten. Diese Seite fragt von selbst wieder nach.",
        ),
        Fault::AuthAway => (
            "Die Anmeldung ist nicht erreichbar",
            "Der Dienst, der Sie kennt, antwortet nicht. Sie bleiben angemeldet; versuchen Sie es gleich noch einmal.",
        ),
        Fault::Busy => (
            "Gerade ist zu viel los",
            "Die Plattform hat mehr zu tun, als sie schafft. Versuchen Sie es gleich noch einmal.",
        ),
        Fault::BadGateway => (
            "Diese App hat abgebrochen",
            "Sie hat die Verbindung geschlossen, bevor sie geantwortet hat. Versuchen Sie es gleich noch einmal.",
        ),
        Fault::GatewayTimeout => (
            "Diese App braucht zu lange",
            "Sie hat nicht rechtzeitig geantwortet. Ihr Auftrag wird vielleicht noch ausgeführt; sehen Sie nach, bevor Sie ihn wiederholen.",
        ),
        Fault::BodyTooLarge => (
            "Zu groß",
            "Was Sie gesendet haben, ist größer, als diese Adresse annimmt. Senden Sie etwas Kleineres.",
        ),
        Fault::HeadTooLarge => (
            "Zu viele Kopfzeilen",
            "Ihr Browser hat mehr Kopfzeilen gesendet, als angenommen werden. Meist hilft es, die Cookies dieser Seite zu löschen.",
        ),
        Fault::TargetTooLong => (
            "Adresse zu lang",
            "Die Adresse ist länger als 8 KiB. Kürzen Sie sie, zum Beispiel durch weniger Filter.",
        ),
        Fault::HeadTimeout | Fault::BodyTimeout => (
            "Die Anfrage hat zu lange gedauert",
            "Sie blieb aus, bevor sie vollständig war. Prüfen Sie Ihre Verbindung und versuchen Sie es noch einmal.",
        ),
        Fault::Method => (
            "Nicht unterstützt",
            "Diese Art von Anfrage wird hier nicht bedient.",
        ),
        Fault::Expectation | Fault::Media => (
            "Nicht unterstützt",
            "Anfragen dieser Art werden von außen nicht bedient.",
        ),
        Fault::Origin => (
            "Nicht erlaubt",
            "Die Verbindung wurde von einer Seite einer anderen Website geöffnet.",
        ),
        Fault::Malformed | Fault::Path | Fault::Host => (
            "Die Anfrage ergibt keinen Sinn",
            "Sie war nicht zu verstehen, darum ist nichts geschehen. Prüfen Sie die Adresse und versuchen Sie es noch einmal.",
        ),
        Fault::Throttled => (
            "Zu viele Anfragen",
            "Von Ihnen kamen mehr auf einmal, als angenommen werden. Warten Sie einen Moment und machen Sie dann weiter.",
        ),
        Fault::Loop => (
            "Die Anfrage dreht sich im Kreis",
            "Eine App schickt zurück, was sie bekommt. Nennen Sie Ihrer Administration die Referenz.",
        ),
    }
}

/// Every fault, for tests.
#[cfg(test)]
pub(crate) const ALL: [Fault; 20] = [
    Fault::Malformed,
    Fault::Path,
    Fault::Host,
    Fault::TargetTooLong,
    Fault::HeadTooLarge,
    Fault::HeadTimeout,
    Fault::BodyTooLarge,
    Fault::BodyTimeout,
    Fault::Method,
    Fault::Expectation,
    Fault::Media,
    Fault::Origin,
    Fault::NotFound,
    Fault::AppDown,
    Fault::AuthAway,
    Fault::Busy,
    Fault::BadGateway,
    Fault::GatewayTimeout,
    Fault::Throttled,
    Fault::Loop,
];
