//! Uploading or pasting a table.

use axum::extract::State;
use axum::extract::multipart::MultipartError;
use axum::response::Response;
use platform::{CurrentUser, Role};
use ui::form::Errors;
use ui::{CsrfMultipart, Shell};
use uuid::Uuid;

use super::IMPORTS;
use super::page::progress_key;
use crate::Accounts;
use crate::domain::import::{Import, ImportId, Options};
use crate::domain::invitation::Lasts;
use crate::domain::name::Line;
use crate::domain::sheet::{MOST_BYTES, SheetProblem, text_of};
use crate::error::Error;
use crate::service::imports::Kept;
use crate::web::asking::Asking;

#[derive(askama::Template)]
#[template(path = "accounts/admin/imports.html")]
struct ImportsPage {
    shell: Shell,
    /// For the next upload, so that a second submit of the form is recognised.
    id: Uuid,
    imports: Vec<Import>,
    text: String,
    errors: Errors,
}

impl ImportsPage {
    async fn build(
        accounts: &Accounts,
        shell: Shell,
        (text, errors): (String, Errors),
    ) -> Result<Self, Error> {
        let people = shell.t("accounts-people").into_owned();
        Ok(Self {
            id: Uuid::now_v7(),
            imports: accounts.imports.list().await?,
            shell: shell
                .title("accounts-imports")
                .crumb(people, "/admin/accounts/people"),
            text,
            errors,
        })
    }
}

pub(super) async fn show(
    State(accounts): State<Accounts>,
    shell: Shell,
) -> Result<Response, Error> {
    let empty = (String::new(), Errors::none());
    Ok(ui::page(ImportsPage::build(&accounts, shell, empty).await?))
}

/// What was sent.
#[derive(Default)]
struct Upload {
    id: Uuid,
    file_name: String,
    file: Vec<u8>,
    text: Vec<u8>,
    /// It did not come whole.
    problem: Option<SheetProblem>,
}

impl Upload {
    async fn read(form: CsrfMultipart) -> Self {
        let mut upload = Self::default();
        if upload.take(form).await.is_err() {
            upload.problem = Some(SheetProblem::CutOff);
        }
        upload
    }

    async fn take(&mut self, CsrfMultipart(mut form): CsrfMultipart) -> Result<(), MultipartError> {
        while let Some(mut field) = form.next_field().await? {
            let name = field.name().unwrap_or_default().to_owned();
            if name == "file" {
                let file_name = field.file_name().unwrap_or_default();
                self.file_name = file_name.chars().take(Line::MOST).collect();
            }
            let mut bytes = Vec::new();
            while let Some(chunk) = field.chunk().await? {
                if bytes.len() + chunk.len() > MOST_BYTES {
                    self.problem = Some(SheetProblem::TooLarge);
                } else {
                    bytes.extend_from_slice(&chunk);
                }
            }
            match name.as_str() {
                "id" => self.id = Uuid::try_parse_ascii(&bytes).unwrap_or_default(),
                "file" => self.file = bytes,
                "text" => self.text = bytes,
                _ => {}
            }
        }
        Ok(())
    }
}

pub(super) async fn upload(
    State(accounts): State<Accounts>,
    shell: Shell,
    (who, asking): (CurrentUser, Asking),
    form: CsrfMultipart,
) -> Result<Response, Error> {
    let upload = Upload::read(form).await;
    let (field, bytes, file_name) = if upload.file.is_empty() && upload.problem.is_none() {
        ("text", upload.text.clone(), String::new())
    } else {
        ("file", upload.file, upload.file_name)
    };
    // A name without control characters, or none: it is shown, and written into the audit trail.
    let file_name = Line::parse(&file_name).unwrap_or_default();
    let id = if upload.id.is_nil() {
        Uuid::now_v7()
    } else {
        upload.id
    };
    let read = upload.problem.map_or_else(|| text_of(bytes), Err);
    let problem = match read {
        Err(problem) => Kept::Unreadable(problem),
        Ok(content) => {
            let options = first_options(&accounts).await;
            let file = (file_name.as_str(), content.as_str());
            let actor = asking.actor(&who);
            accounts
                .imports
                .keep(&actor, ImportId(id), file, &options)
                .await?
        }
    };
    let key = match problem {
        Kept::Done => return Ok(ui::see_other(&format!("{IMPORTS}/{id}"))),
        Kept::TooMany => "accounts-imports-full",
        Kept::Unreadable(SheetProblem::Empty) => "accounts-import-empty",
        Kept::Unreadable(SheetProblem::CutOff) => "accounts-import-cut-off",
        Kept::Unreadable(SheetProblem::TooLarge) => "accounts-import-too-large",
        Kept::Unreadable(SheetProblem::TooManyRows) => "accounts-import-too-many-rows",
        Kept::Unreadable(SheetProblem::TooManyColumns) => "accounts-import-too-many-columns",
        Kept::Unreadable(SheetProblem::NotText) => "accounts-import-not-text",
    };
    let errors = Errors::one(field, shell.t(key));
    let text = String::from_utf8_lossy(&upload.text).into_owned();
    let page = ImportsPage::build(&accounts, shell, (text, errors)).await?;
    Ok(ui::invalid(page))
}

/// What holds for everybody until something else is chosen.
async fn first_options(accounts: &Accounts) -> Options {
    let can_mail = accounts.invitations.can_mail().await;
    Options {
        role: Role::User.as_str().to_owned(),
        delivery: if can_mail { "mail" } else { "link" }.to_owned(),
        lasts: Lasts::OFFERED.map(Lasts::get)[1].to_string(),
        ..Options::default()
    }
}
