//! For each trouble: what it is, and what to do.

use registry::edge::{Fault, Issue, IssueKind, Standing, TlsReport, TlsState};
use ui::Shell;

use crate::gateways::Trouble;

/// What an administrator reads of a trouble.
pub(super) struct Advice {
    pub(super) tone: &'static str,
    /// Who it is about: an app, a name, a gateway.
    pub(super) who: String,
    /// The instance, where it is one; may be empty.
    pub(super) instance: String,
    pub(super) what: String,
    pub(super) action: String,
}

/// What to say about a trouble.
pub(super) fn on(trouble: &Trouble, shell: &Shell) -> Advice {
    let tone = if trouble.is_grave() {
        "danger"
    } else {
        "warning"
    };
    let (who, instance, what, action) = match trouble {
        Trouble::Report(gateway, fault) => {
            let (what, action) = report(fault, shell);
            (
                shell.t("dashboard-gateway").into_owned(),
                gateway.clone(),
                what,
                action,
            )
        }
        Trouble::Registration(issue) => {
            let (what, action) = registration(issue, shell);
            (issue.app.clone(), issue.instance.clone(), what, action)
        }
        Trouble::Away(app) => {
            let what = shell.t("dashboard-gw-away-what").into_owned();
            let action = shell.t("dashboard-gw-away-do").into_owned();
            (app.clone(), String::new(), what, action)
        }
        Trouble::Failing {
            app,
            instance,
            standing,
        } => {
            let what = match standing {
                Standing::Unready => "dashboard-gw-unready-what",
                _ => "dashboard-gw-resting-what",
            };
            let action = shell.t("dashboard-gw-resting-do").into_owned();
            (
                app.clone(),
                instance.clone(),
                shell.t(what).into_owned(),
                action,
            )
        }
        Trouble::Certificate(name) => {
            let (what, action) = certificate(name, shell);
            (name.name.clone(), String::new(), what, action)
        }
    };
    Advice {
        tone,
        who,
        instance,
        what,
        action,
    }
}

fn registration(issue: &Issue, shell: &Shell) -> (String, String) {
    let t = |key: &str| shell.t(key).into_owned();
    match &issue.kind {
        IssueKind::Conflict { prefix, holder } => (
            shell.t2("dashboard-gw-conflict", "prefix", prefix, "holder", holder),
            t("dashboard-gw-conflict-do"),
        ),
        IssueKind::Prefix { prefix } => (
            shell.t1("dashboard-gw-prefix", "prefix", prefix),
            shell.t1("dashboard-gw-prefix-do", "app", &issue.app),
        ),
        IssueKind::Policy { prefix, value } => (
            shell.t2("dashboard-gw-policy", "prefix", prefix, "value", value),
            t("dashboard-gw-policy-do"),
        ),
        IssueKind::Unsigned => (t("dashboard-gw-unsigned"), t("dashboard-gw-unsigned-do")),
        IssueKind::Malformed => (t("dashboard-gw-malformed"), t("dashboard-gw-malformed-do")),
        IssueKind::Oversized => (t("dashboard-gw-oversized"), t("dashboard-gw-oversized-do")),
        IssueKind::Skew { version, newest } => (
            shell.t2("dashboard-gw-skew", "version", version, "newest", newest),
            t("dashboard-gw-skew-do"),
        ),
    }
}

fn report(fault: &Fault, shell: &Shell) -> (String, String) {
    let (what, action) = match fault {
        Fault::Unsigned => ("dashboard-gw-forged", "dashboard-gw-forged-do"),
        Fault::Unverifiable => ("dashboard-gw-unverifiable", "dashboard-gw-unverifiable-do"),
        Fault::Format(_) => ("dashboard-gw-format", "dashboard-gw-format-do"),
        Fault::OutOfTime(_) => ("dashboard-gw-time", "dashboard-gw-time-do"),
        Fault::Malformed | Fault::Oversized => ("dashboard-gw-junk", "dashboard-gw-forged-do"),
    };
    (shell.t(what).into_owned(), shell.t(action).into_owned())
}

fn certificate(name: &TlsReport, shell: &Shell) -> (String, String) {
    let what = match name.state {
        TlsState::Valid => "dashboard-gw-name-error",
        TlsState::Expiring => "dashboard-gw-name-expiring",
        TlsState::Invalid => "dashboard-gw-name-invalid",
        TlsState::Missing => "dashboard-gw-name-missing",
    };
    let action = match &name.error {
        Some(error) => error.clone(),
        None => shell.t("dashboard-gw-name-do").into_owned(),
    };
    (shell.t(what).into_owned(), action)
}
