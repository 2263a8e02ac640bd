//! Who a note is shared with: what every app with a share dialog does.

use axum::extract::State;
use axum::response::{IntoResponse, Response};
use platform::Introduced;
use platform::grants::{Change, Level, Outcome, Refusal};
use platform::http::Path;
use rpc::grants::Error;
use ui::share::{Share, ShareForm};
use ui::{CsrfForm, Flash, Shell};
use uuid::Uuid;

use super::{Lab, sharing};
use crate::notes::{path, thing};

#[derive(askama::Template)]
#[template(path = "ui-lab/share.html")]
struct SharePage {
    shell: Shell,
    share: Share,
}

pub(crate) async fn show(
    State(lab): State<Lab>,
    shell: Shell,
    who: Introduced,
    Path(id): Path<Uuid>,
) -> Result<Response, Error> {
    lab.grants.require(&who, &thing(id)?, Level::Admin).await?;
    Ok(ui::page(page(&lab, shell, &who, id).await?))
}

pub(crate) async fn change(
    State(lab): State<Lab>,
    shell: Shell,
    who: Introduced,
    Path(id): Path<Uuid>,
    CsrfForm(form): CsrfForm<ShareForm>,
) -> Result<Response, Error> {
    let thing = thing(id)?;
    lab.grants.require(&who, &thing, Level::Admin).await?;
    if form.leaves(&shell) {
        let mut page = page(&lab, shell, &who, id).await?;
        page.share = page.share.asking(&page.shell);
        return Ok(ui::page(page));
    }
    let errors = match form.read(&shell) {
        Err(errors) => errors,
        Ok(change) => match lab.grants.change(&who, &thing, &change).await? {
            Outcome::Refused(Refusal::NotAdmin) => return Err(Error::Denied(Level::Admin)),
            Outcome::Refused(why) => form.refused(&shell, why),
            Outcome::Unchanged => return Ok(done(&shell, id, "ui-share-unchanged")),
            Outcome::Done => {
                // Whoever changed what they may do themselves may not be let in here any more.
                let level = lab.grants.level(&who, &thing).await?;
                if !level.is_some_and(|level| level.allows(Level::Admin)) {
                    return Ok(left(&shell));
                }
                let message = match change {
                    Change::Set { .. } => "ui-share-done",
                    Change::Remove(_) => "ui-share-removed",
                };
                return Ok(done(&shell, id, message));
            }
        },
    };
    let mut page = page(&lab, shell, &who, id).await?;
    page.share = page.share.refused(form, errors);
    Ok(ui::invalid(page))
}

async fn page(lab: &Lab, shell: Shell, who: &Introduced, id: Uuid) -> Result<SharePage, Error> {
    let grants = lab.grants.list(who, &thing(id)?).await?;
    let title = sharing::title(&shell, lab.notes.get(id).owner);
    let action = format!("{}/share", path(id));
    Ok(SharePage {
        share: Share::new(&shell, &grants, action),
        shell: shell.crumb(title, path(id)).title("ui-share").narrow(),
    })
}

fn done(shell: &Shell, id: Uuid, message: &str) -> Response {
    let flash = ui::flash(Flash::success(shell.t(message)));
    (flash, ui::see_other(&format!("{}/share", path(id)))).into_response()
}

fn left(shell: &Shell) -> Response {
    let flash = ui::flash(Flash::success(shell.t("ui-share-done")));
    (flash, ui::see_other(sharing::PATH)).into_response()
}
