//! What is wrong at the gateways, the worst first.

use std::collections::BTreeSet;

use registry::edge::{Fault, Issue, IssueKind, Standing, TlsReport, TlsState};

use super::Picture;

/// Something an administrator should look at.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Trouble {
    /// What claims to be the report of a gateway is none.
    Report(String, Fault),
    /// A registration is not served, or lags behind.
    Registration(Issue),
    /// An app has routes and no instance.
    Away(String),
    /// An instance is sent nothing.
    Failing {
        app: String,
        instance: String,
        standing: Standing,
    },
    /// A name is not served as it should be.
    Certificate(TlsReport),
}

impl Trouble {
    /// Whether people notice it, or somebody means harm.
    pub(crate) fn is_grave(&self) -> bool {
        match self {
            Self::Away(_) | Self::Report(_, Fault::Unsigned) => true,
            Self::Registration(issue) => matches!(issue.kind, IssueKind::Unsigned),
            Self::Certificate(name) => name.state != TlsState::Expiring,
            Self::Failing { .. } | Self::Report(..) => false,
        }
    }
}

/// All that is wrong in a picture, each once.
pub(super) fn all(picture: &Picture, faults: Vec<(String, Fault)>) -> Vec<Trouble> {
    let reports = faults
        .into_iter()
        .map(|(gateway, fault)| Trouble::Report(gateway, fault));
    let away: BTreeSet<&str> = picture
        .routes
        .iter()
        .filter(|route| route.all == 0)
        .filter_map(|route| route.report.app.as_ref().map(registry::AppId::as_str))
        .collect();
    let away = away.into_iter().map(|app| Trouble::Away(app.to_owned()));
    let failing = picture
        .instances
        .iter()
        .filter(|each| !matches!(each.standing, Standing::Well | Standing::Draining))
        .map(|each| Trouble::Failing {
            app: each.app.to_string(),
            instance: each.instance.to_string(),
            standing: each.standing,
        });
    let mut issues: Vec<&Issue> = Vec::new();
    for issue in picture.gateways.iter().flat_map(|each| &each.issues) {
        if !issues.contains(&issue) {
            issues.push(issue);
        }
    }
    let registrations = issues.into_iter().cloned().map(Trouble::Registration);
    let certificates = picture
        .names
        .iter()
        .filter(|name| name.state != TlsState::Valid || name.error.is_some())
        .cloned()
        .map(Trouble::Certificate);
    let mut all: Vec<Trouble> = reports
        .chain(away)
        .chain(failing)
        .chain(registrations)
        .chain(certificates)
        .collect();
    all.sort_by_key(|trouble| !trouble.is_grave());
    all
}
