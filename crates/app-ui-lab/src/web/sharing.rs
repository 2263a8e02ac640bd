//! Notes that people really share: the list of those one may reach, and a note. Below, the share dialog in every state.

use axum::extract::State;
use axum::response::{IntoResponse, Response};
use platform::grants::{Grant, Grantee, Level};
use platform::http::Path;
use platform::{CurrentUser, Introduced};
use rpc::grants::Error;
use serde::Deserialize;
use ui::form::Errors;
use ui::share::{Share, ShareForm};
use ui::{CsrfForm, Flash, Shell};
use uuid::Uuid;

use super::Lab;
use crate::notes::{LONGEST, Note, path, thing};

pub(crate) const PATH: &str = "/app/ui-lab/sharing";

/// One note of the list.
pub(crate) struct Reached {
    pub(crate) path: String,
    pub(crate) owner: String,
    pub(crate) level: String,
}

#[derive(askama::Template)]
#[template(path = "ui-lab/sharing.html")]
pub(crate) struct SharingPage {
    pub(crate) shell: Shell,
    pub(crate) notes: Vec<Reached>,
    pub(crate) states: Vec<(String, Share)>,
}

impl SharingPage {
    pub(crate) fn new(shell: Shell, notes: Vec<Reached>) -> Self {
        let states = states(&shell);
        Self {
            shell: shell.title("lab-sharing").subtitled_by("lab-sharing-hint"),
            notes,
            states,
        }
    }
}

#[derive(askama::Template)]
#[template(path = "ui-lab/note.html")]
pub(crate) struct NotePage {
    pub(crate) shell: Shell,
    pub(crate) path: String,
    pub(crate) text: String,
    pub(crate) writes: bool,
    /// For those who may share it.
    pub(crate) share: Option<Share>,
    pub(crate) errors: Errors,
}

#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub(crate) struct NoteForm {
    text: String,
}

pub(crate) async fn list(
    State(lab): State<Lab>,
    shell: Shell,
    who: Introduced,
) -> Result<Response, Error> {
    let found = lab
        .grants
        .reachable(&who, "note", Level::Read, None)
        .await?;
    let reached = |(id, level): (String, Level)| {
        let id = Uuid::parse_str(&id).ok()?;
        let Note { owner, .. } = lab.notes.get(id);
        Some(Reached {
            path: path(id),
            owner: named(&shell, owner),
            level: shell.t(ui::share::word(level)).into_owned(),
        })
    };
    let notes = found.resources.into_iter().filter_map(reached).collect();
    Ok(ui::page(SharingPage::new(shell, notes)))
}

/// Everybody has one note: theirs from the moment they ask for it.
pub(crate) async fn begin(
    State(lab): State<Lab>,
    who: CurrentUser,
    CsrfForm(NoteForm { .. }): CsrfForm<NoteForm>,
) -> Result<Response, Error> {
    let id = who.user_id;
    lab.grants.own(&thing(id)?, Grantee::Person(id)).await?;
    lab.notes.begin(id, &who.display_name);
    Ok(ui::see_other(&path(id)))
}

pub(crate) async fn show(
    State(lab): State<Lab>,
    shell: Shell,
    who: Introduced,
    Path(id): Path<Uuid>,
) -> Result<Response, Error> {
    let level = lab.grants.require(&who, &thing(id)?, Level::Read).await?;
    let text = lab.notes.get(id).text;
    let page = note_page(&lab, shell, &who, (id, level), text).await?;
    Ok(ui::page(page))
}

pub(crate) async fn save(
    State(lab): State<Lab>,
    shell: Shell,
    who: Introduced,
    Path(id): Path<Uuid>,
    CsrfForm(form): CsrfForm<NoteForm>,
) -> Result<Response, Error> {
    let level = lab.grants.require(&who, &thing(id)?, Level::Write).await?;
    if form.text.chars().count() > LONGEST {
        let mut page = note_page(&lab, shell, &who, (id, level), form.text).await?;
        page.errors = Errors::one("text", page.shell.t("lab-note-long"));
        return Ok(ui::invalid(page));
    }
    lab.notes.write(id, &form.text);
    let saved = Flash::success(shell.t("lab-note-saved"));
    Ok((ui::flash(saved), ui::see_other(&path(id))).into_response())
}

async fn note_page(
    lab: &Lab,
    shell: Shell,
    who: &Introduced,
    (id, level): (Uuid, Level),
    text: String,
) -> Result<NotePage, Error> {
    let share = if level.allows(Level::Admin) {
        let grants = lab.grants.list(who, &thing(id)?).await?;
        Some(Share::new(&shell, &grants, format!("{}/share", path(id))))
    } else {
        None
    };
    let title = title(&shell, lab.notes.get(id).owner);
    Ok(NotePage {
        shell: shell.titled(title).narrow(),
        path: path(id),
        text,
        writes: level.allows(Level::Write),
        share,
        errors: Errors::none(),
    })
}

/// What a note is called.
pub(super) fn title(shell: &Shell, owner: String) -> String {
    shell.t1("lab-note-of", "name", named(shell, owner))
}

fn named(shell: &Shell, owner: String) -> String {
    if owner.is_empty() {
        shell.t("lab-note-somebody").into_owned()
    } else {
        owner
    }
}

/// The dialog in every state, each with a name. Their forms lead nowhere.
fn states(shell: &Shell) -> Vec<(String, Share)> {
    let at = shell.now();
    let you = shell.principal().map_or(Uuid::nil(), |who| who.user_id);
    let grant = |grantee, name: &str, level| Grant {
        grantee,
        name: name.to_owned(),
        level,
        ends_at: None,
        granted_by: "Ada Lovelace".to_owned(),
        granted_at: at,
    };
    let many = [
        grant(Grantee::SignedIn, "", Level::Read),
        grant(
            Grantee::Group(Uuid::from_u128(1)),
            "Engineers",
            Level::Write,
        ),
        grant(Grantee::Person(you), "Grace Hopper", Level::Admin),
        Grant {
            ends_at: Some(at + jiff::SignedDuration::from_hours(48)),
            granted_by: String::new(),
            ..grant(Grantee::Person(Uuid::from_u128(2)), "Gus", Level::Read)
        },
        grant(Grantee::Service(Uuid::from_u128(3)), "", Level::Read),
    ];
    let share = |id, grants: &[Grant]| Share::new(shell, grants, PATH).called(id);
    let wrong = ShareForm::sample("Nobody I know");
    let errors = wrong.refused(shell, platform::grants::Refusal::Unknown);
    let named = |key, share| (shell.t(key).into_owned(), share);
    vec![
        named("lab-share-alone", share("share-alone", &[])),
        named("lab-share-many", share("share-many", &many)),
        named(
            "lab-share-refused",
            share("share-refused", &[]).refused(wrong, errors),
        ),
        named(
            "lab-share-leaving",
            share("share-leaving", &many).asking(shell),
        ),
    ]
}
