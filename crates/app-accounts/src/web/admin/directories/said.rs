//! What is said about directories, in the reader's language.

use directory::{Outcome, Step};
use jiff::Timestamp;
use ui::Shell;
use ui::form::Errors;

use crate::domain::source::{Failure, Run, RunState, Unfit};
use crate::domain::sync::plan::{Conflict, Counts, Deed, GroupDeed, GroupStep, PersonStep, Reason};
use crate::service::directories::Kept;

/// What is wrong, if it was not kept.
pub(super) fn kept(shell: &Shell, kept: Kept) -> Option<Errors> {
    let general = |key| Some(Errors::one("", shell.t(key)));
    match kept {
        Kept::Done => None,
        Kept::NameTaken => Some(Errors::one(
            "name",
            shell.t("accounts-directory-name-taken"),
        )),
        Kept::NoPassword => {
            let said = shell.t("accounts-directory-password-missing");
            Some(Errors::one("bind_password", said))
        }
        Kept::Stale => general("accounts-directory-stale"),
        Kept::TooMany => general("accounts-directories-full"),
        Kept::Unfit(wrong) => Some(unfit(shell, wrong)),
    }
}

/// What does not do, at its field.
pub(super) fn unfit(shell: &Shell, unfit: Unfit) -> Errors {
    let at = |field, key: &str| Errors::one(field, shell.t(key));
    let place = |is_people, people, groups| if is_people { people } else { groups };
    match unfit {
        Unfit::Server(directory::Unfit::Host) => at("host", "accounts-directory-host-unfit"),
        Unfit::Server(directory::Unfit::Port) => at("port", "accounts-directory-port-unfit"),
        Unfit::Server(directory::Unfit::Plain) => at("security", "accounts-directory-plain"),
        Unfit::Server(directory::Unfit::Authority) => {
            at("authority", "accounts-directory-authority-unfit")
        }
        Unfit::Bind => at("bind_dn", "accounts-directory-base-unfit"),
        Unfit::WriteBack => at("bind_dn", "accounts-directory-write-back-account"),
        Unfit::Base(people) => at(
            place(people, "people_base", "groups_base"),
            "accounts-directory-base-unfit",
        ),
        Unfit::Filter(people, place_of) => {
            let said = shell.t1("accounts-directory-filter-unfit", "place", place_of + 1);
            Errors::one(place(people, "people_filter", "groups_filter"), said)
        }
        Unfit::Attribute(wrong) => at(attribute(wrong.0), "accounts-directory-attribute-unfit"),
    }
}

/// The field of the form that a field of the mapping is typed in.
fn attribute(field: &str) -> &'static str {
    match field {
        "id" => "attribute_id",
        "username" => "attribute_username",
        "mail" => "attribute_mail",
        "display_name" => "attribute_display_name",
        "given_name" => "attribute_given_name",
        "family_name" => "attribute_family_name",
        "title" => "attribute_title",
        "department" => "attribute_department",
        "phone" => "attribute_phone",
        "manager" => "attribute_manager",
        "group_name" => "attribute_group_name",
        "member" => "attribute_member",
        _ => "",
    }
}

/// One step of a test: its name, a tone, and what came of it.
pub(super) struct Tried {
    pub(super) name: String,
    pub(super) tone: &'static str,
    pub(super) said: String,
}

pub(super) fn tried(shell: &Shell, (step, outcome): &(Step, Outcome)) -> Tried {
    let (tone, said) = match outcome {
        Outcome::Passed => ("success", shell.t("accounts-directory-passed").into_owned()),
        Outcome::Found(count, false) => ("success", shell.tn("accounts-directory-found", *count)),
        Outcome::Found(count, true) => {
            ("success", shell.tn("accounts-directory-found-more", *count))
        }
        Outcome::NotTried => (
            "neutral",
            shell.t("accounts-directory-not-tried").into_owned(),
        ),
        Outcome::Failed(error) => ("danger", why(shell, error.why.as_str(), &error.about)),
    };
    Tried {
        name: shell
            .t(&format!("accounts-directory-step-{}", step.as_str()))
            .into_owned(),
        tone,
        said,
    }
}

/// Why something failed, and what it is about.
fn why(shell: &Shell, why: &str, about: &str) -> String {
    let said = shell.t(&format!("accounts-directory-why-{why}"));
    if about.is_empty() {
        return said.into_owned();
    }
    format!("{said} ({about})")
}

/// A run that failed, in a sentence.
pub(super) fn failure(shell: &Shell, failure: &Failure) -> String {
    let said = why(shell, &failure.why, &failure.about);
    if failure.step.is_empty() {
        return said;
    }
    let step = shell.t(&format!("accounts-directory-step-{}", failure.step));
    format!("{step}: {said}")
}

pub(super) fn state(shell: &Shell, state: RunState) -> String {
    shell
        .t(&format!("accounts-directory-run-{}", state.as_str()))
        .into_owned()
}

pub(super) fn tone(state: RunState) -> &'static str {
    match state {
        RunState::Done => "success",
        RunState::Failed => "danger",
        RunState::Stopped => "warning",
        RunState::Running | RunState::Approved => "info",
        RunState::Previewed | RunState::Discarded | RunState::Superseded => "neutral",
    }
}

/// How many steps of each kind, those that are none left out.
pub(super) fn counts(shell: &Shell, counts: &Counts) -> Vec<String> {
    [
        ("accounts-directory-created", counts.created),
        ("accounts-directory-updated", counts.updated),
        ("accounts-directory-suspended", counts.suspended),
        ("accounts-directory-reinstated", counts.reinstated),
        ("accounts-directory-groups-created", counts.groups_created),
        ("accounts-directory-groups-changed", counts.groups_changed),
        ("accounts-directory-groups-emptied", counts.groups_emptied),
        ("accounts-directory-conflicts-count", counts.conflicts),
        ("accounts-directory-refused", counts.refused),
    ]
    .into_iter()
    .filter(|(_, count)| *count > 0)
    .map(|(key, count)| shell.tn(key, count))
    .collect()
}

/// How long a run took.
pub(super) fn lasted(run: &Run) -> String {
    let Some(end) = run.finished_at else {
        return String::new();
    };
    let milliseconds = Timestamp::duration_since(end, run.started_at)
        .as_millis()
        .max(0);
    format!("{}.{} s", milliseconds / 1_000, milliseconds % 1_000 / 100)
}

/// Steps of one kind, with a heading.
pub(super) struct Steps {
    pub(super) heading: String,
    pub(super) tone: &'static str,
    pub(super) rows: Vec<Row>,
}

/// A name with what is said of it.
pub(super) struct Row {
    pub(super) name: String,
    pub(super) said: Vec<String>,
}

/// What would be done with people, by kind, what takes away first.
pub(super) fn people(shell: &Shell, steps: &[PersonStep]) -> Vec<Steps> {
    let kinds = [
        (Deed::Suspend, "accounts-directory-to-suspend", "danger"),
        (
            Deed::Reinstate,
            "accounts-directory-to-reinstate",
            "success",
        ),
        (Deed::Create, "accounts-directory-to-create", "info"),
        (Deed::Update, "accounts-directory-to-update", "neutral"),
    ];
    let kind = |(deed, key, tone): (Deed, &str, &'static str)| {
        let rows = steps.iter().filter(|step| step.deed == deed);
        let rows: Vec<Row> = rows.map(|step| person(shell, step)).collect();
        (!rows.is_empty()).then(|| Steps {
            heading: shell.t(key).into_owned(),
            tone,
            rows,
        })
    };
    kinds.into_iter().filter_map(kind).collect()
}

fn person(shell: &Shell, step: &PersonStep) -> Row {
    let reason = step.reason.map(|reason| match reason {
        Reason::Disabled => shell.t("accounts-directory-is-disabled"),
        Reason::Expired => shell.t("accounts-directory-is-expired"),
        Reason::Gone => shell.t("accounts-directory-is-gone"),
    });
    let fields = step.fields.iter().map(|field| {
        let name = shell.t(field_key(&field.field));
        if field.from.is_empty() {
            format!("{name}: {}", field.to)
        } else {
            let to = if field.to.is_empty() {
                "–"
            } else {
                &field.to
            };
            format!("{name}: {} → {to}", field.from)
        }
    });
    Row {
        name: step.name.clone(),
        said: reason
            .map(std::borrow::Cow::into_owned)
            .into_iter()
            .chain(fields)
            .collect(),
    }
}

fn field_key(field: &str) -> &'static str {
    match field {
        "username" => "accounts-username",
        "email" => "accounts-email",
        "given_name" => "accounts-given-name",
        "family_name" => "accounts-family-name",
        "title" => "accounts-title",
        "department" => "accounts-department",
        "phone" => "accounts-phone",
        "manager" => "accounts-manager",
        _ => "accounts-name",
    }
}

/// What would be done with groups, by kind.
pub(super) fn groups(shell: &Shell, steps: &[GroupStep]) -> Vec<Steps> {
    let kinds = [
        (GroupDeed::Empty, "accounts-directory-to-empty", "danger"),
        (
            GroupDeed::Create,
            "accounts-directory-to-create-groups",
            "info",
        ),
        (
            GroupDeed::Change,
            "accounts-directory-to-change-groups",
            "neutral",
        ),
    ];
    let kind = |(deed, key, tone): (GroupDeed, &str, &'static str)| {
        let rows = steps.iter().filter(|step| step.deed == deed);
        let rows: Vec<Row> = rows.map(|step| group(shell, step)).collect();
        (!rows.is_empty()).then(|| Steps {
            heading: shell.t(key).into_owned(),
            tone,
            rows,
        })
    };
    kinds.into_iter().filter_map(kind).collect()
}

fn group(shell: &Shell, step: &GroupStep) -> Row {
    let mut said = Vec::new();
    if let Some(before) = &step.renamed_from {
        said.push(format!("{before} → {}", step.name));
    }
    for (key, count) in [
        ("accounts-directory-members-come", step.adds.len()),
        ("accounts-directory-members-go", step.removes.len()),
    ] {
        if count > 0 {
            said.push(shell.tn(key, count));
        }
    }
    Row {
        name: step.name.clone(),
        said,
    }
}

pub(super) fn obstacle(shell: &Shell, conflict: &Conflict) -> String {
    let key = format!("accounts-directory-obstacle-{}", conflict.obstacle.as_str());
    shell.t(&key).into_owned()
}

#[cfg(test)]
mod tests {
    use directory::Why;

    use super::*;
    use crate::domain::sync::plan::Obstacle;

    #[test]
    fn every_word_of_a_run_is_in_the_catalogue() {
        let steps = Step::ALL
            .iter()
            .map(|step| format!("step-{}", step.as_str()));
        let whys = Why::ALL.iter().map(|why| format!("why-{}", why.as_str()));
        let more = ["why-internal", "why-interrupted", "why-unfit"].map(str::to_owned);
        let states = RunState::ALL
            .iter()
            .map(|state| format!("run-{}", state.as_str()));
        let obstacles = Obstacle::ALL
            .iter()
            .map(|one| format!("obstacle-{}", one.as_str()));
        for word in steps.chain(whys).chain(more).chain(states).chain(obstacles) {
            let line = format!("\naccounts-directory-{word} = ");
            for text in [
                include_str!("../../../../locales/en.ftl"),
                include_str!("../../../../locales/de.ftl"),
            ] {
                assert!(text.contains(&line), "{line}");
            }
        }
    }
}
