//! `cloud.accounts.v1.AccountsService`: convert, call the use case, convert.

pub mod admission;
pub mod audit;
pub mod directories;
pub mod grants;
pub mod life_cycle;
pub mod operating;
pub mod passwords;
pub mod services;

use std::str::FromStr;

use platform::Role;
use rpc::accounts::v1::accounts_service_server::AccountsService;
use rpc::accounts::v1::{
    BatchGetUsersRequest, BatchGetUsersResponse, CreateUserRequest, CreateUserResponse,
    GetUserRequest, GetUserResponse, Group, ListUserGroupsRequest, ListUserGroupsResponse,
    PromoteUserRequest, PromoteUserResponse, SearchUsersRequest, SearchUsersResponse, User,
};
use rpc::server::status;
use tonic::{Request, Response, Status};
use uuid::Uuid;

use crate::domain::person::{Person, PersonId};
use crate::error::Error;
use crate::service::directory::Directory;
use crate::service::operator::{NewUser, Operator};
use crate::store::person::{Filter, Order};

/// What a method answers.
type Answer<T> = Result<Response<T>, Status>;

/// People of a page unless the caller says otherwise.
const PAGE: i32 = 20;

/// Which apps may call which method. Whatever is not listed is refused.
pub const CALLERS: rpc::server::Allow = &[
    ("/cloud.accounts.v1.AccountsService/GetUser", &["*"]),
    ("/cloud.accounts.v1.AccountsService/BatchGetUsers", &["*"]),
    ("/cloud.accounts.v1.AccountsService/SearchUsers", &["*"]),
    ("/cloud.accounts.v1.AccountsService/ListUserGroups", &["*"]),
    ("/cloud.accounts.v1.AccountsService/CreateUser", &["cloud"]),
    ("/cloud.accounts.v1.AccountsService/PromoteUser", &["cloud"]),
    (
        "/cloud.accounts.v1.AuditService/ListAuditEntries",
        &["cloud"],
    ),
    ("/cloud.accounts.v1.OperatingService/FindPerson", &["cloud"]),
    ("/cloud.accounts.v1.OperatingService/ListPeople", &["cloud"]),
    (
        "/cloud.accounts.v1.OperatingService/InvitePerson",
        &["cloud"],
    ),
    (
        "/cloud.accounts.v1.OperatingService/ChangeAccess",
        &["cloud"],
    ),
    ("/cloud.accounts.v1.OperatingService/ListGroups", &["cloud"]),
    ("/cloud.accounts.v1.OperatingService/FindGroup", &["cloud"]),
    (
        "/cloud.accounts.v1.OperatingService/CreateGroup",
        &["cloud"],
    ),
    (
        "/cloud.accounts.v1.OperatingService/ChangeMember",
        &["cloud"],
    ),
    (
        "/cloud.accounts.v1.DirectoriesService/ListDirectories",
        &["cloud"],
    ),
    (
        "/cloud.accounts.v1.DirectoriesService/ListDirectoryRuns",
        &["cloud"],
    ),
    (
        "/cloud.accounts.v1.DirectoriesService/GetDirectoryRun",
        &["cloud"],
    ),
    (
        "/cloud.accounts.v1.DirectoriesService/BeginDirectoryRun",
        &["cloud"],
    ),
    (
        "/cloud.accounts.v1.DirectoriesService/DecideDirectoryRun",
        &["cloud"],
    ),
    (
        "/cloud.accounts.v1.AdmissionService/ListInvitations",
        &["cloud"],
    ),
    (
        "/cloud.accounts.v1.AdmissionService/MailInvitation",
        &["cloud"],
    ),
    (
        "/cloud.accounts.v1.AdmissionService/RevokeInvitation",
        &["cloud"],
    ),
    (
        "/cloud.accounts.v1.AdmissionService/ListAccountRequests",
        &["cloud"],
    ),
    (
        "/cloud.accounts.v1.AdmissionService/ApproveAccountRequest",
        &["cloud"],
    ),
    (
        "/cloud.accounts.v1.AdmissionService/DenyAccountRequest",
        &["cloud"],
    ),
    ("/cloud.accounts.v1.LifeCycleService/ListEnding", &["cloud"]),
    (
        "/cloud.accounts.v1.LifeCycleService/ListDormant",
        &["cloud"],
    ),
    (
        "/cloud.accounts.v1.LifeCycleService/ListLifeCycleRuns",
        &["cloud"],
    ),
    (
        "/cloud.accounts.v1.LifeCycleService/BeginLifeCycleRun",
        &["cloud"],
    ),
    (
        "/cloud.accounts.v1.PasswordsService/VerifyPassword",
        &["auth"],
    ),
    (
        "/cloud.accounts.v1.PasswordsService/ChangePassword",
        &["auth"],
    ),
    ("/cloud.accounts.v1.GrantsService/GetLevels", &["*"]),
    ("/cloud.accounts.v1.GrantsService/ListReachable", &["*"]),
    ("/cloud.accounts.v1.GrantsService/ListGrants", &["*"]),
    ("/cloud.accounts.v1.GrantsService/SetGrant", &["*"]),
    ("/cloud.accounts.v1.GrantsService/RemoveGrant", &["*"]),
    ("/cloud.accounts.v1.GrantsService/ForgetResource", &["*"]),
    ("/cloud.accounts.v1.GrantsService/WatchGrants", &["*"]),
];

/// The service.
#[derive(Debug)]
pub struct Grpc {
    directory: Directory,
    operator: Operator,
}

impl Grpc {
    /// Over the use cases of this app.
    pub fn new(directory: Directory, operator: Operator) -> Self {
        Self {
            directory,
            operator,
        }
    }
}

#[tonic::async_trait]
impl AccountsService for Grpc {
    async fn get_user(
        &self,
        request: Request<GetUserRequest>,
    ) -> Result<Response<GetUserResponse>, Status> {
        let id = id(&request.get_ref().user_id)?;
        let person = self
            .directory
            .person(id)
            .await
            .map_err(|error| status(&error))?;
        Ok(Response::new(GetUserResponse {
            user: Some(user(&person)),
        }))
    }

    async fn batch_get_users(
        &self,
        request: Request<BatchGetUsersRequest>,
    ) -> Result<Response<BatchGetUsersResponse>, Status> {
        let ids: Result<Vec<_>, Status> = request
            .get_ref()
            .user_ids
            .iter()
            .map(|text| id(text))
            .collect();
        let people = self
            .directory
            .people(&ids?)
            .await
            .map_err(|error| status(&error))?;
        Ok(Response::new(BatchGetUsersResponse {
            users: people.iter().map(user).collect(),
        }))
    }

    async fn search_users(
        &self,
        request: Request<SearchUsersRequest>,
    ) -> Result<Response<SearchUsersResponse>, Status> {
        let request = request.into_inner();
        let size = i64::from(if request.page_size == 0 {
            PAGE
        } else {
            request.page_size.clamp(1, 100)
        });
        let offset = i64::from_str(&request.page_token).unwrap_or(0).max(0);
        let filter = Filter {
            query: Filter::words(&request.query),
            ..Filter::default()
        };
        let page = self
            .directory
            .page(&filter, Order::Name, size, offset)
            .await
            .map_err(|error| status(&error))?;
        let next = offset + size;
        let next_page_token = if next < page.total {
            next.to_string()
        } else {
            String::new()
        };
        Ok(Response::new(SearchUsersResponse {
            users: page.people.iter().map(user).collect(),
            next_page_token,
        }))
    }

    async fn list_user_groups(
        &self,
        request: Request<ListUserGroupsRequest>,
    ) -> Result<Response<ListUserGroupsResponse>, Status> {
        let id = id(&request.get_ref().user_id)?;
        let groups = self.directory.groups(id).await;
        let groups = groups
            .map_err(|error| status(&error))?
            .into_iter()
            .map(|(id, name)| Group {
                group_id: id.to_string(),
                name,
            })
            .collect();
        Ok(Response::new(ListUserGroupsResponse { groups }))
    }

    async fn create_user(
        &self,
        request: Request<CreateUserRequest>,
    ) -> Result<Response<CreateUserResponse>, Status> {
        let CreateUserRequest {
            username,
            email,
            display_name,
            role,
        } = request.into_inner();
        let new = NewUser {
            username,
            email,
            display_name,
            role,
        };
        let (id, invitation) = self
            .operator
            .create(&new)
            .await
            .map_err(|error| status(&error))?;
        Ok(Response::new(CreateUserResponse {
            user_id: id.to_string(),
            invitation_path: invitation.path,
        }))
    }

    async fn promote_user(
        &self,
        request: Request<PromoteUserRequest>,
    ) -> Result<Response<PromoteUserResponse>, Status> {
        let id = self
            .operator
            .promote(&request.get_ref().login)
            .await
            .map_err(|error| status(&error))?;
        Ok(Response::new(PromoteUserResponse {
            user_id: id.to_string(),
        }))
    }
}

fn answered<T>(result: Result<T, Error>) -> Answer<T> {
    result.map(Response::new).map_err(|error| status(&error))
}

fn id(text: &str) -> Result<PersonId, Status> {
    Uuid::parse_str(text)
        .map(PersonId)
        .map_err(|_| status(&Error::NotAnId("user_id")))
}

fn user(person: &Person) -> User {
    User {
        user_id: person.id.to_string(),
        username: person.username.clone(),
        display_name: person.display_name.clone(),
        email: person.email.clone(),
        state: person.state.access().to_owned(),
        role: Role::as_str(person.role).to_owned(),
        avatar_path: person.avatar_path(),
    }
}
