//! `/app/accounts/organisation`: who reports to whom, for every member. Opens and closes without a script.

use axum::extract::State;
use axum::response::Response;
use platform::http::Path;
use ui::{Shell, Table, TableQuery};
use uuid::Uuid;

use crate::Accounts;
use crate::domain::person::{Person, PersonId, State as PersonState};
use crate::domain::reporting::{Branch, Seat};
use crate::error::Error;
use crate::store::membership::Span;

const TREE: &str = "/app/accounts/organisation";

/// A piece of the page: the tree, written down from top to bottom.
enum Piece {
    /// Begins somebody.
    Person(Seat),
    /// Begins those below them.
    Unfold {
        /// How many there are.
        reports: i64,
        /// Whether they are seen at first.
        is_open: bool,
    },
    /// Ends those below them.
    Fold,
    /// Where the rest of those below them is, and how many they are.
    More(PersonId, i64),
    /// Ends them.
    End,
}

#[derive(askama::Template)]
#[template(path = "accounts/organisation.html")]
struct TreePage {
    shell: Shell,
    /// Below whom; at the top when there is nobody.
    from: Option<Person>,
    above: Vec<Seat>,
    pieces: Vec<Piece>,
    table: Table,
}

pub(super) async fn all(
    State(accounts): State<Accounts>,
    shell: Shell,
    query: TableQuery,
) -> Result<Response, Error> {
    page(&accounts, shell, &query, None).await
}

pub(super) async fn below(
    State(accounts): State<Accounts>,
    shell: Shell,
    Path(id): Path<Uuid>,
    query: TableQuery,
) -> Result<Response, Error> {
    let id = PersonId(id);
    let person = accounts.directory.person(id).await?;
    if person.state != PersonState::Active {
        return Err(Error::PersonNotFound(id));
    }
    page(&accounts, shell, &query, Some(person)).await
}

async fn page(
    accounts: &Accounts,
    shell: Shell,
    query: &TableQuery,
    from: Option<Person>,
) -> Result<Response, Error> {
    let id = from.as_ref().map(|person| person.id);
    let span = Span {
        limit: query.limit(),
        offset: query.offset(),
    };
    let tree = accounts.reporting.tree(id, span).await?;
    let above = match id {
        Some(id) => accounts.reporting.above(id).await?,
        None => Vec::new(),
    };
    let path = id.map_or_else(|| TREE.to_owned(), |id| format!("{TREE}/{id}"));
    let mut pieces = Vec::new();
    for branch in &tree.rows {
        write(branch, true, &mut pieces);
    }
    let people = shell.t("accounts-people").into_owned();
    let title = shell.t("accounts-organisation").into_owned();
    let shell = shell.crumb(people, "/app/accounts/people");
    let shell = match &from {
        Some(person) => shell.crumb(title, TREE).titled(&person.display_name),
        None => shell.titled(title),
    };
    Ok(ui::page(TreePage {
        shell,
        from,
        above,
        pieces,
        table: Table::new(path, query, u64::try_from(tree.total).unwrap_or(0)),
    }))
}

/// Bounded by the levels that are read at once.
fn write(branch: &Branch, is_first: bool, pieces: &mut Vec<Piece>) {
    pieces.push(Piece::Person(branch.seat.clone()));
    if branch.below.is_empty() {
        if branch.hidden() > 0 {
            pieces.push(Piece::More(branch.seat.id, branch.hidden()));
        }
    } else {
        pieces.push(Piece::Unfold {
            reports: branch.seat.reports,
            is_open: is_first,
        });
        for report in &branch.below {
            write(report, false, pieces);
        }
        pieces.push(Piece::Fold);
        if branch.hidden() > 0 {
            pieces.push(Piece::More(branch.seat.id, branch.hidden()));
        }
    }
    pieces.push(Piece::End);
}
