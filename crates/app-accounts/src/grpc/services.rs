//! All services that other apps and operators may call.

use platform::Boot;
use platform_pg::Database;
use rpc::accounts::v1::accounts_service_server::AccountsServiceServer;
use rpc::accounts::v1::admission_service_server::AdmissionServiceServer;
use rpc::accounts::v1::audit_service_server::AuditServiceServer;
use rpc::accounts::v1::directories_service_server::DirectoriesServiceServer;
use rpc::accounts::v1::grants_service_server::GrantsServiceServer;
use rpc::accounts::v1::life_cycle_service_server::LifeCycleServiceServer;
use rpc::accounts::v1::operating_service_server::OperatingServiceServer;
use rpc::accounts::v1::passwords_service_server::PasswordsServiceServer;
use tonic::service::Routes;

use super::Grpc;
use super::admission::Admission;
use super::audit::Audit;
use super::directories::Directories;
use super::grants::GrantsOfApps;
use super::life_cycle::LifeCycle;
use super::operating::Operating;
use super::passwords::Passwords;
use crate::Accounts;
use crate::service::directory_passwords::DirectoryPasswords;
use crate::service::operator::Operator;

/// Makes all of them, and follows what changes of grants.
pub fn all(boot: &Boot, db: Database, accounts: &Accounts) -> Routes {
    let passwords = accounts.directories.clone();
    let passwords = DirectoryPasswords::new(passwords, db.clone(), boot.clock.clone());
    let operator = Operator::new(db, accounts.people.clone(), accounts.invitations.clone());
    let grpc = Grpc::new(accounts.directory.clone(), operator);
    let notices = accounts.grants.notices().clone();
    let soft = boot.lifecycle.soft().clone();
    let grants = GrantsOfApps::new(accounts.grants.clone(), soft.clone());
    boot.spawn("grant notices", async move { notices.follow(&soft).await });
    Routes::new(AccountsServiceServer::new(grpc))
        .add_service(OperatingServiceServer::new(Operating::new(
            accounts.clone(),
        )))
        .add_service(DirectoriesServiceServer::new(Directories::new(
            accounts.clone(),
        )))
        .add_service(AdmissionServiceServer::new(Admission::new(
            accounts.clone(),
        )))
        .add_service(LifeCycleServiceServer::new(LifeCycle::new(
            accounts.clone(),
        )))
        .add_service(AuditServiceServer::new(Audit::new(accounts.clone())))
        .add_service(PasswordsServiceServer::new(Passwords::new(passwords)))
        .add_service(GrantsServiceServer::new(grants))
}
