//! `cloud.accounts.v1.OperatingService`: what `cloud user` and `cloud group` ask.

use rpc::accounts::v1 as wire;
use rpc::accounts::v1::operating_service_server::OperatingService;
use tonic::Request;
use uuid::Uuid;

use crate::api::cursor::{decode, encode};
use crate::domain::group::{Group, GroupId, NewGroup};
use crate::domain::joining::Joining;
use crate::domain::membership::Member;
use crate::domain::name::{Line, Unfit};
use crate::domain::person::{Person, State};
use crate::error::Error;
use crate::grpc::answered;
use crate::service::actor::Actor;
use crate::service::groups::GroupChange;
use crate::service::invitations::Link;
use crate::service::memberships::{MemberChange, Removal};
use crate::service::people::Change;
use crate::store::membership::Span;
use crate::store::person::Filter;
use crate::{Accounts, grpc};

/// Rows of a page.
const PAGE: i64 = 200;

/// The service.
#[derive(Debug)]
pub struct Operating {
    accounts: Accounts,
}

impl Operating {
    /// Over the use cases of this app.
    pub fn new(accounts: Accounts) -> Self {
        Self { accounts }
    }

    async fn find(&self, login: &str) -> Result<wire::FindPersonResponse, Error> {
        let found = by_login(&self.accounts, login).await?;
        let groups = self.accounts.directory.groups(found.id).await?;
        Ok(wire::FindPersonResponse {
            person: Some(person(found)),
            groups: groups.into_iter().map(|(_, name)| name).collect(),
        })
    }

    async fn list(
        &self,
        request: wire::ListPeopleRequest,
    ) -> Result<wire::ListPeopleResponse, Error> {
        let state = Some(request.state.as_str()).filter(|word| !word.is_empty());
        let state = state.map(str::parse::<State>).transpose().map_err(|_| {
            Error::NotAWord("state", "invited, active, suspended, expired or deleted")
        })?;
        let filter = Filter {
            query: Filter::words(&request.query),
            state,
            ..Filter::default()
        };
        let after = place(&request.page_token)?;
        let directory = &self.accounts.directory;
        let mut found = directory.after(&filter, None, after, PAGE + 1).await?;
        let next = next(&mut found, |person| (person.id.0, &person.display_name));
        Ok(wire::ListPeopleResponse {
            people: found.into_iter().map(person).collect(),
            next_page_token: next,
        })
    }

    async fn invite(&self, login: &str) -> Result<wire::InvitePersonResponse, Error> {
        let found = by_login(&self.accounts, login).await?;
        let invitations = &self.accounts.invitations;
        match invitations.link(&operator(), found.id, None).await? {
            Link::Made(made) => Ok(wire::InvitePersonResponse {
                invitation_path: made.path,
            }),
            Link::NotInvited => Err(Error::NotInvited),
        }
    }

    async fn change_access(
        &self,
        request: wire::ChangeAccessRequest,
    ) -> Result<wire::ChangeAccessResponse, Error> {
        let found = by_login(&self.accounts, &request.login).await?;
        let (actor, accounts) = (operator(), &self.accounts);
        let change = match (request.step(), found.state) {
            (wire::AccessStep::Unspecified, _) => {
                return Err(Error::NotAWord("step", "suspend or restore"));
            }
            (wire::AccessStep::Suspend, _) => {
                accounts.people.set_access(&actor, found.id, false).await?
            }
            (wire::AccessStep::Restore, State::Deleted) => {
                accounts.life_cycle.restore(&actor, found.id).await?
            }
            (wire::AccessStep::Restore, _) => {
                accounts.people.set_access(&actor, found.id, true).await?
            }
        };
        match change {
            Change::Done | Change::Unchanged => Ok(wire::ChangeAccessResponse {
                person: Some(person(accounts.directory.person(found.id).await?)),
            }),
            refused => Err(Error::Refused(refused)),
        }
    }

    async fn list_groups(&self, token: &str) -> Result<wire::ListGroupsResponse, Error> {
        let after = place(token)?;
        let after = after
            .as_ref()
            .map(|(id, name)| (GroupId(*id), name.as_str()));
        let mut found = self.accounts.groups.after(after, PAGE + 1).await?;
        let next = next(&mut found, |group| (group.id.0, &group.name));
        Ok(wire::ListGroupsResponse {
            groups: found.into_iter().map(group).collect(),
            next_page_token: next,
        })
    }

    async fn find_group(&self, name: &str) -> Result<wire::FindGroupResponse, Error> {
        let found = self.accounts.groups.by_name(name).await?;
        let span = Span {
            limit: PAGE,
            offset: 0,
        };
        let contents = self.accounts.memberships.contents(found.id, span).await?;
        let people = contents.people.rows.into_iter();
        Ok(wire::FindGroupResponse {
            group: Some(group(contents.group)),
            people: people.map(|inside| person(inside.person)).collect(),
            groups: contents
                .groups
                .into_iter()
                .map(|group| group.name)
                .collect(),
            total: contents.people.total,
        })
    }

    async fn create_group(
        &self,
        request: wire::CreateGroupRequest,
    ) -> Result<wire::CreateGroupResponse, Error> {
        let unfit = |field: &'static str| move |unfit: Unfit| Error::Unfit(field, unfit);
        let new = NewGroup {
            id: GroupId(Uuid::now_v7()),
            name: Line::required(&request.name).map_err(unfit("name"))?,
            description: Line::parse(&request.description).map_err(unfit("description"))?,
            joining: Joining::default(),
        };
        let groups = &self.accounts.groups;
        let created = groups
            .create(&operator(), new.id, &new.name, &new.description)
            .await?;
        match created {
            GroupChange::Done => Ok(wire::CreateGroupResponse {
                group_id: new.id.to_string(),
            }),
            _ => Err(Error::GroupNameTaken),
        }
    }

    async fn change_member(&self, request: wire::ChangeMemberRequest) -> Result<bool, Error> {
        let id = self.accounts.groups.by_name(&request.group).await?.id;
        let member = match &request.member {
            Some(wire::change_member_request::Member::Login(login)) => {
                Member::Person(by_login(&self.accounts, login).await?.id)
            }
            Some(wire::change_member_request::Member::InnerGroup(name)) => {
                Member::Group(self.accounts.groups.by_name(name).await?.id)
            }
            None => return Err(Error::NotAWord("member", "a person or a group")),
        };
        let (actor, memberships) = (operator(), &self.accounts.memberships);
        if !request.inside {
            return match memberships.remove(&actor, id, member).await? {
                Removal::ByRule => Err(Error::ByRule),
                removal => Ok(matches!(removal, Removal::Done(_))),
            };
        }
        match memberships.add(&actor, id, member, None).await? {
            MemberChange::Done => Ok(true),
            MemberChange::Cycle => Err(Error::Cycle),
            _ => Ok(false),
        }
    }
}

/// Who has this sign-in name or mail address.
pub(super) async fn by_login(accounts: &Accounts, login: &str) -> Result<Person, Error> {
    let found = accounts.directory.by_login(login).await?;
    found.ok_or(Error::LoginNotFound)
}

/// Whom the audit trail names.
pub(super) fn operator() -> Actor {
    Actor::platform("operator")
}

/// Where a page begins.
pub(super) fn place(token: &str) -> Result<Option<(Uuid, String)>, Error> {
    let token = Some(token).filter(|token| !token.is_empty());
    token.map(decode).transpose()
}

/// Cuts off the row beyond the page and names the next one; empty on the last.
fn next<T>(rows: &mut Vec<T>, of: impl FnOnce(&T) -> (Uuid, &str)) -> String {
    let size = usize::try_from(PAGE).unwrap_or(usize::MAX);
    let more = rows.len() > size;
    rows.truncate(size);
    let last = rows.last().filter(|_| more).map(of);
    last.map(|(id, name)| encode(id, name)).unwrap_or_default()
}

fn person(person: Person) -> wire::OperatedPerson {
    wire::OperatedPerson {
        user_id: person.id.to_string(),
        username: person.username,
        display_name: person.display_name,
        email: person.email,
        role: person.role.as_str().to_owned(),
        state: person.state.as_str().to_owned(),
        ends_on: person
            .ends_on
            .map(|day| day.to_string())
            .unwrap_or_default(),
    }
}

fn group(group: Group) -> wire::OperatedGroup {
    wire::OperatedGroup {
        group_id: group.id.to_string(),
        name: group.name,
        description: group.description,
        joining: group.joining.as_str().to_owned(),
    }
}

#[tonic::async_trait]
impl OperatingService for Operating {
    async fn find_person(
        &self,
        request: Request<wire::FindPersonRequest>,
    ) -> grpc::Answer<wire::FindPersonResponse> {
        answered(self.find(&request.get_ref().login).await)
    }

    async fn list_people(
        &self,
        request: Request<wire::ListPeopleRequest>,
    ) -> grpc::Answer<wire::ListPeopleResponse> {
        answered(self.list(request.into_inner()).await)
    }

    async fn invite_person(
        &self,
        request: Request<wire::InvitePersonRequest>,
    ) -> grpc::Answer<wire::InvitePersonResponse> {
        answered(self.invite(&request.get_ref().login).await)
    }

    async fn change_access(
        &self,
        request: Request<wire::ChangeAccessRequest>,
    ) -> grpc::Answer<wire::ChangeAccessResponse> {
        answered(Self::change_access(self, request.into_inner()).await)
    }

    async fn list_groups(
        &self,
        request: Request<wire::ListGroupsRequest>,
    ) -> grpc::Answer<wire::ListGroupsResponse> {
        answered(Self::list_groups(self, &request.get_ref().page_token).await)
    }

    async fn find_group(
        &self,
        request: Request<wire::FindGroupRequest>,
    ) -> grpc::Answer<wire::FindGroupResponse> {
        answered(Self::find_group(self, &request.get_ref().name).await)
    }

    async fn create_group(
        &self,
        request: Request<wire::CreateGroupRequest>,
    ) -> grpc::Answer<wire::CreateGroupResponse> {
        answered(Self::create_group(self, request.into_inner()).await)
    }

    async fn change_member(
        &self,
        request: Request<wire::ChangeMemberRequest>,
    ) -> grpc::Answer<wire::ChangeMemberResponse> {
        let changed = Self::change_member(self, request.into_inner()).await;
        answered(changed.map(|changed| wire::ChangeMemberResponse { changed }))
    }
}
