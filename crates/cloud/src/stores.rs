//! PostgreSQL and Redis: the configured ones, or private ones below the data directory.

use embedded::{DataDir, Postgres, PostgresOptions, Redis, RedisOptions};
use platform::Environment;

use crate::error::Error;

/// The stores of a running platform.
pub(crate) struct Stores {
    postgres: Option<Postgres>,
    redis: Option<Redis>,
}

impl Stores {
    /// Starts what the environment does not name.
    pub(crate) async fn start(data: &DataDir, environment: &Environment) -> Result<Self, Error> {
        let postgres = async {
            if names_database(environment) {
                return Ok(None);
            }
            Postgres::start(data, PostgresOptions::default())
                .await
                .map(Some)
        };
        let redis = async {
            if is_set(environment, "REDIS_URL") {
                return Ok(None);
            }
            Redis::start(data, RedisOptions::default()).await.map(Some)
        };
        let (postgres, redis) = tokio::try_join!(postgres, redis)?;
        Ok(Self { postgres, redis })
    }

    /// Starts only what a migration needs.
    pub(crate) async fn start_database(
        data: &DataDir,
        environment: &Environment,
    ) -> Result<Self, Error> {
        let postgres = if names_database(environment) {
            None
        } else {
            Some(Postgres::start(data, PostgresOptions::default()).await?)
        };
        Ok(Self {
            postgres,
            redis: None,
        })
    }

    /// The environment with the addresses of the private stores.
    pub(crate) fn join(&self, mut environment: Environment) -> Environment {
        if let Some(postgres) = &self.postgres {
            environment = environment.with("DATABASE_OWNER_URL", postgres.url());
        }
        if let Some(redis) = &self.redis {
            environment = environment.with("REDIS_URL", redis.url());
        }
        environment
    }

    /// The address of the private Redis, if there is one.
    pub(crate) fn redis_url(&self) -> Option<String> {
        self.redis.as_ref().map(Redis::url)
    }

    /// Stops the private stores.
    pub(crate) async fn stop(self) -> Result<(), Error> {
        let postgres = async {
            match self.postgres {
                Some(postgres) => postgres.stop().await,
                None => Ok(()),
            }
        };
        let redis = async {
            match self.redis {
                Some(redis) => redis.stop().await,
                None => Ok(()),
            }
        };
        let (postgres, redis) = tokio::join!(postgres, redis);
        postgres?;
        redis?;
        Ok(())
    }
}

/// Whether an operator named a database, their own or an owner's.
fn names_database(environment: &Environment) -> bool {
    is_set(environment, "DATABASE_URL") || is_set(environment, "DATABASE_OWNER_URL")
}

fn is_set(environment: &Environment, name: &str) -> bool {
    environment.get(name).is_some() || environment.get(&format!("{name}_FILE")).is_some()
}
