//! What can go wrong in this app.

use std::time::Duration;

use platform::grants::{NotAResource, Refusal};
use platform::{Class, Classify, FieldProblem};

use crate::domain::group::GroupId;
use crate::domain::name::Unfit;
use crate::domain::person::PersonId;
use crate::domain::sheet::SheetProblem;
use crate::domain::token::NoRandomness;
use crate::domain::webhook::UrlUnfit;
use crate::service::people::Change;

/// What went wrong. Expected refusals are outcomes of the use cases instead.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// No such person, or none this caller may know of.
    #[error("person {0} does not exist")]
    PersonNotFound(PersonId),
    /// No such group.
    #[error("group {0} does not exist")]
    GroupNotFound(GroupId),
    /// The group is neither theirs to manage nor to look into.
    #[error("only managers of the group and administrators may do this")]
    NotManager,
    /// Only administrators may do this.
    #[error("only administrators may do this")]
    NotAdministrator,
    /// Another group has this name.
    #[error("the name of the group is taken")]
    GroupNameTaken,
    /// A membership is to end before now.
    #[error("ends_at must lie in the future")]
    EndPast,
    /// A place in a list that this list did not name.
    #[error("after must be the next of a former page")]
    NotACursor,
    /// No such request, or none of theirs.
    #[error("the request does not exist")]
    RequestNotFound,
    /// A look-up asks for too many.
    #[error("at most 500 people can be looked up at once")]
    TooManyAtOnce,
    /// An identifier is not a UUID.
    #[error("{0} is not a UUID")]
    NotAnId(&'static str),
    /// No group has this name.
    #[error("no group has this name")]
    NoSuchGroup,
    /// A use case that programs and operators share refuses.
    #[error("{}", .0.sentence().trim_end_matches('.'))]
    Refused(Change),
    /// Nobody signs in with this.
    #[error("nobody has this user name or mail address")]
    LoginNotFound,
    /// Another person has this user name.
    #[error("the user name is taken")]
    UsernameTaken,
    /// Another person has this mail address.
    #[error("the mail address is taken")]
    EmailTaken,
    /// A page of a list is to have too many rows, or none.
    #[error("limit must be 1 to 200")]
    Limit,
    /// A parameter holds none of the words it may hold.
    #[error("{0} must be {1}")]
    NotAWord(&'static str, &'static str),
    /// The person has credentials, or no access at all.
    #[error("the person is not invited: they chose their credentials already, or have no access")]
    NotInvited,
    /// Somebody decided on the request before, or it was taken back.
    #[error("somebody decided on the request already, or it was taken back")]
    Decided,
    /// The group would be inside itself.
    #[error("the group would be inside itself")]
    Cycle,
    /// The rule of the group put them there, and would again.
    #[error("the rule of the group puts them there; change the rule, or what it goes by")]
    ByRule,
    /// The group has no rule.
    #[error("the group has no rule")]
    NoRule,
    /// Nothing is made under this key.
    #[error("idempotency")]
    Idempotency(#[from] platform_pg::idempotency::Refusal),
    /// A field holds something that does not do.
    #[error("{0} {1}")]
    Unfit(&'static str, Unfit),
    /// No such field, or none any more.
    #[error("the field does not exist")]
    FieldNotFound,
    /// Another declared field has the name.
    #[error("another field has this name")]
    FieldNameTaken,
    /// There are as many fields as may be declared.
    #[error("there are as many fields as may be declared")]
    TooManyFields,
    /// A table is none, or too large.
    #[error("the table cannot be read: {0}")]
    Unreadable(SheetProblem),
    /// There are as many imports as may be kept.
    #[error("there are as many imports as are kept at once")]
    TooManyImports,
    /// No column of a table holds the mail address.
    #[error("columns must name one that holds the mail address: email")]
    NoEmailColumn,
    /// Two columns of a table are said to hold the same.
    #[error("columns must not name {0} twice")]
    ColumnTwice(String),
    /// An import is to be all or nothing, and some row does not do.
    #[error("some rows do not do, and it is to be all or nothing")]
    HasBadRows,
    /// An import adds nobody.
    #[error("there is nobody to add")]
    NobodyNew,
    /// An import runs or ran, or was not checked as it is now.
    #[error("the import runs or ran already, or was not checked as it is now")]
    ImportNotNow,
    /// Strangers may not ask for accounts.
    #[error("accounts cannot be asked for here")]
    RegistrationOff,
    /// No such run of the life cycle, or none any more.
    #[error("the run does not exist")]
    RunNotFound,
    /// One of the groups somebody is to be in is gone.
    #[error("group_ids names a group that does not exist")]
    GroupsGone,
    /// No such import, or none any more.
    #[error("the import does not exist")]
    ImportNotFound,
    /// No such directory, or none any more.
    #[error("the directory does not exist")]
    DirectoryNotFound,
    /// Of each directory one run at most is under way.
    #[error("a run of the directory is under way")]
    RunUnderWay,
    /// The run waits for no decision, or not for one about these steps.
    #[error("the run waits for no decision about these steps")]
    NotThatRun,
    /// A directory cannot be asked now.
    #[error("the directory cannot be asked")]
    DirectoryAway,
    /// A directory that is written to says no.
    #[error("FreeIPA refuses: {0}")]
    DirectoryRefused(String),
    /// The person, or what it is about, comes from no directory that is written to.
    #[error("this comes from no directory that is written to")]
    NotWrittenBack,
    /// No such webhook, or none any more.
    #[error("the webhook does not exist")]
    WebhookNotFound,
    /// Another webhook has this name.
    #[error("the name of the webhook is taken")]
    WebhookNameTaken,
    /// There are as many as there can be.
    #[error("there are 20 webhooks, which is as many as there can be")]
    TooManyWebhooks,
    /// The address of a webhook does not do.
    #[error("url {0}")]
    WebhookUrl(UrlUnfit),
    /// No such archive, or none of theirs, or none any more.
    #[error("the archive does not exist")]
    ArchiveNotFound,
    /// No such filter, or none of theirs.
    #[error("the filter does not exist")]
    FilterNotFound,
    /// Another filter of theirs has this name.
    #[error("another of your filters has this name")]
    FilterNameTaken,
    /// They keep as many as they can.
    #[error("there are 50 filters of yours, which is as many as there can be")]
    TooManyFilters,
    /// Nothing in it is known to the list.
    #[error(
        "query must hold one of q, role, state, dormant and sort, as in the address of the list"
    )]
    NothingToFilter,
    /// A program that is nobody keeps no filters.
    #[error("filters belong to people: use the key of a person")]
    FilterOfNobody,
    /// The webhook of a delivery is off, or the delivery is gone.
    #[error("the webhook is switched off, or the delivery is not kept any more")]
    NotSentAgain,
    /// This process has no `APP_SECRET`, or what is kept was sealed under another.
    #[error("a secret cannot be sealed or opened")]
    NoSealer,
    /// A thing of an app cannot be called this.
    #[error(transparent)]
    NotAResource(#[from] NotAResource),
    /// A look-up asks about too many things.
    #[error("at most 200 things can be asked about at once")]
    TooManyThings,
    /// A grant is not to be as asked for.
    #[error(transparent)]
    GrantRefused(Refusal),
    /// Too often.
    #[error("asked too often")]
    Throttled(Duration),
    /// No secret could be made.
    #[error("randomness")]
    Randomness(#[from] NoRandomness),
    /// PostgreSQL.
    #[error("storage")]
    Storage(#[from] platform_pg::Error),
    /// Another service.
    #[error("another service")]
    Service(#[from] rpc::Error),
}

impl Classify for Error {
    fn outcome(&self) -> (Class, &'static str) {
        match self {
            Self::PersonNotFound(_) => (Class::NotFound, "accounts.person_not_found"),
            Self::GroupNotFound(_) | Self::NoSuchGroup => {
                (Class::NotFound, "accounts.group_not_found")
            }
            Self::NotManager => (Class::Forbidden, "accounts.not_manager"),
            Self::NotAdministrator => (Class::Forbidden, "accounts.not_administrator"),
            Self::GroupNameTaken => (Class::Conflict, "accounts.group_name_taken"),
            Self::EndPast => (Class::Unprocessable, "accounts.end_past"),
            Self::NotACursor => (Class::Invalid, "accounts.not_a_cursor"),
            Self::RequestNotFound => (Class::NotFound, "accounts.request_not_found"),
            Self::TooManyAtOnce => (Class::Invalid, "accounts.too_many_at_once"),
            Self::NotAnId(_) => (Class::Invalid, "accounts.not_an_id"),
            Self::Refused(change) => {
                let (class, code, _) = change.refusal();
                (class, code)
            }
            Self::LoginNotFound => (Class::NotFound, "accounts.login_not_found"),
            Self::UsernameTaken => (Class::Conflict, "accounts.username_taken"),
            Self::EmailTaken => (Class::Conflict, "accounts.email_taken"),
            Self::Limit => (Class::Invalid, "accounts.limit"),
            Self::NotAWord(..) => (Class::Invalid, "accounts.not_a_word"),
            Self::NotInvited => (Class::Conflict, "accounts.not_invited"),
            Self::Decided => (Class::Conflict, "accounts.decided"),
            Self::Cycle => (Class::Conflict, "accounts.cycle"),
            Self::ByRule => (Class::Conflict, "accounts.by_rule"),
            Self::NoRule => (Class::NotFound, "accounts.rule_not_found"),
            Self::Idempotency(refusal) => refusal.outcome(),
            Self::Unfit(..) => (Class::Invalid, "accounts.unfit"),
            Self::FieldNotFound => (Class::NotFound, "accounts.field_not_found"),
            Self::FieldNameTaken => (Class::Conflict, "accounts.field_name_taken"),
            Self::TooManyFields => (Class::Conflict, "accounts.fields_full"),
            Self::Unreadable(_) => (Class::Unprocessable, "accounts.import_unreadable"),
            Self::TooManyImports => (Class::Conflict, "accounts.imports_full"),
            Self::NoEmailColumn => (Class::Unprocessable, "accounts.import_no_email"),
            Self::ColumnTwice(_) => (Class::Unprocessable, "accounts.import_column_twice"),
            Self::HasBadRows => (Class::Conflict, "accounts.import_has_bad"),
            Self::NobodyNew => (Class::Conflict, "accounts.import_nobody_new"),
            Self::ImportNotNow => (Class::Conflict, "accounts.import_not_now"),
            Self::RegistrationOff => (Class::NotFound, "accounts.registration_off"),
            Self::RunNotFound => (Class::NotFound, "accounts.run_not_found"),
            Self::GroupsGone => (Class::Unprocessable, "accounts.groups_gone"),
            Self::ImportNotFound => (Class::NotFound, "accounts.import_not_found"),
            Self::DirectoryNotFound => (Class::NotFound, "accounts.directory_not_found"),
            Self::RunUnderWay => (Class::Conflict, "accounts.run_under_way"),
            Self::NotThatRun => (Class::Conflict, "accounts.not_that_run"),
            Self::DirectoryAway => (Class::Unavailable, "accounts.directory_away"),
            Self::DirectoryRefused(_) => (Class::Conflict, "accounts.directory_refused"),
            Self::NotWrittenBack => (Class::NotFound, "accounts.not_written_back"),
            Self::WebhookNameTaken => (Class::Conflict, "accounts.webhook_name_taken"),
            Self::TooManyWebhooks => (Class::Conflict, "accounts.webhooks_full"),
            Self::WebhookUrl(_) => (Class::Unprocessable, "accounts.webhook_url"),
            Self::NotSentAgain => (Class::Conflict, "accounts.not_sent_again"),
            Self::WebhookNotFound => (Class::NotFound, "accounts.webhook_not_found"),
            Self::ArchiveNotFound => (Class::NotFound, "accounts.archive_not_found"),
            Self::FilterNotFound => (Class::NotFound, "accounts.filter_not_found"),
            Self::FilterNameTaken => (Class::Conflict, "accounts.filter_name_taken"),
            Self::TooManyFilters => (Class::Conflict, "accounts.filters_full"),
            Self::NothingToFilter => (Class::Unprocessable, "accounts.filter_empty"),
            Self::FilterOfNobody => (Class::Forbidden, "accounts.filter_of_nobody"),
            Self::NoSealer => (Class::Internal, "accounts.no_sealer"),
            Self::NotAResource(_) => (Class::Invalid, "grants.not_a_resource"),
            Self::TooManyThings => (Class::Invalid, "grants.too_many_at_once"),
            Self::GrantRefused(refusal) => refusal.outcome(),
            Self::Throttled(wait) => (Class::Throttled(*wait), "accounts.throttled"),
            Self::Randomness(_) => (Class::Internal, "accounts.randomness"),
            Self::Storage(error) => error.outcome(),
            Self::Service(error) => error.outcome(),
        }
    }

    fn detail(&self) -> Option<String> {
        match self {
            Self::Idempotency(refusal) => refusal.detail(),
            Self::Service(error) => error.detail(),
            Self::Storage(error) => error.detail(),
            _ => Some(format!("{}.{}", self.sentence(), self.remedy())),
        }
    }

    fn fields(&self) -> Vec<FieldProblem> {
        let (_, code) = self.outcome();
        let field = match self {
            Self::Idempotency(refusal) => return refusal.fields(),
            Self::Service(error) => return error.fields(),
            Self::Storage(error) => return error.fields(),
            Self::GroupNameTaken
            | Self::WebhookNameTaken
            | Self::FilterNameTaken
            | Self::FieldNameTaken => "name",
            Self::Unreadable(_) => "content",
            Self::NoEmailColumn | Self::ColumnTwice(_) => "columns",
            Self::WebhookUrl(_) => "url",
            Self::NothingToFilter => "query",
            Self::EndPast => "ends_at",
            Self::NotACursor => "after",
            Self::NotAnId(field) | Self::NotAWord(field, _) | Self::Unfit(field, _) => field,
            Self::UsernameTaken => "username",
            Self::EmailTaken => "email",
            Self::Limit => "limit",
            Self::GroupsGone => "group_ids",
            _ => return Vec::new(),
        };
        let message = self.detail().unwrap_or_default();
        vec![FieldProblem::new(field, code, message)]
    }
}

impl Error {
    /// What happened, with a capital letter unless it begins with the name of a field.
    fn sentence(&self) -> String {
        let said = self.to_string();
        if matches!(
            self,
            Self::EndPast
                | Self::NotACursor
                | Self::NotAnId(_)
                | Self::NotAWord(..)
                | Self::Unfit(..)
                | Self::WebhookUrl(_)
                | Self::NothingToFilter
                | Self::Limit
                | Self::GroupsGone
                | Self::NoEmailColumn
                | Self::ColumnTwice(_)
        ) {
            return said;
        }
        let mut letters = said.chars();
        let first = letters.next().map(char::to_uppercase);
        first.into_iter().flatten().chain(letters).collect()
    }

    /// What to do about it, after a space; nothing where the sentence says it already.
    fn remedy(&self) -> &'static str {
        match self {
            Self::PersonNotFound(_) | Self::GroupNotFound(_) | Self::RequestNotFound => {
                " It may have been removed: look for it in the list."
            }
            Self::NotManager => " Ask one of them; an administrator confirms who they are first.",
            Self::NotAdministrator => " An administrator confirms who they are first.",
            Self::GroupNameTaken
            | Self::UsernameTaken
            | Self::EmailTaken
            | Self::WebhookNameTaken
            | Self::FilterNameTaken
            | Self::FieldNameTaken => " Choose another.",
            Self::TooManyWebhooks
            | Self::TooManyFilters
            | Self::TooManyFields
            | Self::TooManyImports => " Delete one first.",
            Self::HasBadRows => " Mend the rows, or leave them out with `bad`: `skip`.",
            Self::ImportNotNow => " Check it again.",
            Self::RunUnderWay => " Wait until it has ended.",
            Self::NotThatRun => " Read the newest run, and decide about that.",
            Self::NotACursor => " Leave it out to begin with the first page.",
            Self::Cycle => " Take it out of the group that it is to hold first.",
            Self::Unfit(_, unfit) => unfit.remedy(),
            Self::Throttled(_) => " Wait a moment.",
            _ => "",
        }
    }
}

platform::impl_into_response!(Error);
