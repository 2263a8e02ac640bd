//! The role and the schema of an app, made with an owner's URL: the app owns its schema and reaches nothing else.
//!
//! Safe to run by any number of processes at once and at every start. A start that finds everything in order
//! changes nothing.

use std::time::Duration;

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use platform::AppId;
use postgres_protocol::password::scram_sha_256;
use registry::AppSecret;
use tokio_postgres::error::SqlState;
use tokio_postgres::{Client, Transaction};
use tokio_postgres_rustls::MakeRustlsConnect;

use crate::target::Target;
use crate::{Error, Limits, Schema, connection};

/// Grows when the grants below change, so that existing schemas get them at the next start.
const REVISION: u32 = 1;
/// Roles belong to the whole server while advisory locks belong to one database: two databases provisioned at
/// once can still collide, and then the loser begins again.
const ATTEMPTS: u32 = 8;
const PAUSE: Duration = Duration::from_millis(50);

/// What the role and the schema of one app should be.
pub(crate) struct Provisioning {
    schema: Schema,
    owner: Target,
    service: Target,
    password: String,
}

/// The password of an app's own role: whoever has APP_SECRET can tell it, nobody has to pass it around.
pub(crate) fn password(app: &AppId, secret: &AppSecret) -> String {
    URL_SAFE_NO_PAD.encode(secret.derive(&format!("database:{app}")))
}

impl Provisioning {
    pub(crate) fn new(app: &AppId, schema: &Schema, secret: &AppSecret, owner: Target) -> Self {
        let password = password(app, secret);
        let service = owner.with_role(&schema.role(), &password);
        Self {
            schema: schema.clone(),
            owner,
            service,
            password,
        }
    }

    /// Where the owner connects.
    pub(crate) fn owner(&self) -> &Target {
        &self.owner
    }

    /// Where the app connects.
    pub(crate) fn service(&self) -> &Target {
        &self.service
    }

    /// Makes role and schema, unless they are in order.
    pub(crate) async fn ensure(
        &self,
        tls: &MakeRustlsConnect,
        limits: &Limits,
    ) -> Result<(), Error> {
        if self.is_in_order(tls, limits).await {
            return Ok(());
        }
        let config = self
            .owner
            .maintenance(&self.schema, limits, "cloud/provision");
        let (mut client, wire) = connection::open(&config, tls)
            .await
            .map_err(|error| Error::connecting(&error))?;
        let provisioned = connection::drive(wire, async move {
            let mut attempt = 1;
            loop {
                match self.provision(&mut client).await {
                    Ok(()) => return Ok(()),
                    Err(error) if attempt < ATTEMPTS && is_collision(&error) => {
                        attempt += 1;
                        tokio::time::sleep(PAUSE * attempt).await;
                    }
                    Err(error) => return Err(explain(&error)),
                }
            }
        });
        provisioned.await?;
        tracing::info!(schema = %self.schema, role = self.schema.role(), "provisioned the app's schema");
        Ok(())
    }

    /// Whether the app's role can sign in and finds its schema as this revision leaves it.
    async fn is_in_order(&self, tls: &MakeRustlsConnect, limits: &Limits) -> bool {
        let config = self
            .service
            .maintenance(&self.schema, limits, "cloud/provision");
        let Ok((client, wire)) = connection::open(&config, tls).await else {
            return false;
        };
        let name = self.schema.name().to_owned();
        let found = connection::drive(wire, async move {
            let sql = "SELECT obj_description(oid, 'pg_namespace') FROM pg_namespace \
                       WHERE nspname = $1 AND nspowner = current_user::regrole";
            let row = client.query_opt(sql, &[&name]).await?;
            Ok(row
                .map(|row| row.try_get::<_, Option<String>>(0))
                .transpose()?
                .flatten())
        });
        matches!(found.await, Ok(Some(found)) if found == comment())
    }

    /// All in one transaction. Names come from [`Schema`] and the owner's own URL, and are quoted.
    async fn provision(&self, client: &mut Client) -> Result<(), tokio_postgres::Error> {
        let transaction = client.transaction().await?;
        let lock = "SELECT pg_advisory_xact_lock(hashtextextended('cloud:provision', 0))";
        transaction.query(lock, &[]).await?;
        self.provision_role(&transaction).await?;
        self.provision_schema(&transaction).await?;
        transaction.commit().await
    }

    async fn provision_role(
        &self,
        transaction: &Transaction<'_>,
    ) -> Result<(), tokio_postgres::Error> {
        let role = self.schema.role();
        let known = transaction
            .query_opt("SELECT 1 FROM pg_roles WHERE rolname = $1", &[&role])
            .await?;
        let verb = if known.is_some() { "ALTER" } else { "CREATE" };
        let owner = transaction
            .query_one(
                "SELECT rolsuper FROM pg_roles WHERE rolname = current_user",
                &[],
            )
            .await?;
        let is_superuser: bool = owner.try_get(0)?;
        let mut attributes = "LOGIN NOCREATEDB NOCREATEROLE NOINHERIT".to_owned();
        if is_superuser {
            // Only a superuser may even say so; nobody else can have given more.
            attributes.push_str(" NOSUPERUSER NOREPLICATION NOBYPASSRLS");
        }
        // The verifier instead of the password: statements end up in logs. It holds no quote (base64, `$`, `:`).
        let verifier = scram_sha_256(self.password.as_bytes());
        let sql = format!("{verb} ROLE \"{role}\" {attributes} PASSWORD '{verifier}'");
        transaction.batch_execute(&sql).await?;
        if !is_superuser {
            // Whoever makes a schema for a role must be a member of it.
            transaction
                .batch_execute(&format!("GRANT \"{role}\" TO CURRENT_USER"))
                .await?;
        }
        Ok(())
    }

    async fn provision_schema(
        &self,
        transaction: &Transaction<'_>,
    ) -> Result<(), tokio_postgres::Error> {
        let (schema, role) = (self.schema.name(), self.schema.role());
        let database = self.owner.database().replace('"', "\"\"");
        let comment = comment();
        let sql = format!(
            "CREATE SCHEMA IF NOT EXISTS \"{schema}\" AUTHORIZATION \"{role}\";
             ALTER SCHEMA \"{schema}\" OWNER TO \"{role}\";
             REVOKE ALL ON SCHEMA \"{schema}\" FROM PUBLIC;
             REVOKE TEMPORARY ON DATABASE \"{database}\" FROM PUBLIC;
             REVOKE ALL ON DATABASE \"{database}\" FROM \"{role}\";
             GRANT CONNECT ON DATABASE \"{database}\" TO \"{role}\";
             ALTER ROLE \"{role}\" IN DATABASE \"{database}\" SET search_path = \"{schema}\";
             COMMENT ON SCHEMA \"{schema}\" IS '{comment}';"
        );
        transaction.batch_execute(&sql).await?;
        // Some operators drop the schema that everybody could write to, others keep it.
        let public = transaction
            .query_opt("SELECT 1 FROM pg_namespace WHERE nspname = 'public'", &[])
            .await?;
        if public.is_some() {
            let sql = format!("REVOKE ALL ON SCHEMA public FROM PUBLIC, \"{role}\"");
            transaction.batch_execute(&sql).await?;
        }
        Ok(())
    }
}

/// What a schema that is in order carries as its comment.
fn comment() -> String {
    format!("Cloud, revision {REVISION}")
}

/// Somebody else changed the same role or database at the same moment.
fn is_collision(error: &tokio_postgres::Error) -> bool {
    let Some(db) = error.as_db_error() else {
        return false;
    };
    let codes = [
        &SqlState::DUPLICATE_OBJECT,
        &SqlState::UNIQUE_VIOLATION,
        &SqlState::DUPLICATE_SCHEMA,
    ];
    codes.contains(&db.code())
        || *db.code() == SqlState::T_R_SERIALIZATION_FAILURE
        || *db.code() == SqlState::T_R_DEADLOCK_DETECTED
        // The server has no code of its own for two updates of one catalogue row.
        || (*db.code() == SqlState::INTERNAL_ERROR && db.message().contains("concurrently updated"))
}

/// Provisioning touches no row of anybody, so the server's message may be shown; what is missing is mostly a
/// privilege of the owner.
fn explain(error: &tokio_postgres::Error) -> Error {
    match error.as_db_error() {
        Some(db) if *db.code() == SqlState::INSUFFICIENT_PRIVILEGE => Error::Config(format!(
            "the role of DATABASE_OWNER_URL may not provision ({}): it must own the database and have CREATEROLE",
            db.message()
        )),
        Some(db)
            if !["08", "53", "57", "58"]
                .contains(&db.code().code().get(..2).unwrap_or_default()) =>
        {
            Error::Config(format!(
                "provisioning failed: {} ({})",
                db.message(),
                db.code().code()
            ))
        }
        _ => Error::connecting(error),
    }
}
