//! A private PostgreSQL for fault tests. Everything else shares one; see [`crate::database`].

use embedded::{DataDir, Postgres, PostgresOptions};
use rustix::process::Signal;
use tokio::sync::Mutex;

use crate::guard;
use crate::redis::signal_process;

const OPTIONS: PostgresOptions = PostgresOptions {
    durable: false,
    connections: 60,
};

/// A PostgreSQL server that belongs to one test, which may kill it.
pub struct TestPostgres {
    /// Address of its database for the owner, a superuser; the same after a restart.
    pub owner_url: String,
    directory: DataDir,
    server: Mutex<Option<Postgres>>,
}

/// Creates and starts a private PostgreSQL server. Takes about a second.
pub async fn postgres_server() -> TestPostgres {
    let scratch = guard::scratch("p");
    let directory = DataDir::open(&scratch).expect("a data directory for PostgreSQL");
    let server = Postgres::start(&directory, OPTIONS)
        .await
        .expect("PostgreSQL starts");
    TestPostgres {
        owner_url: server.url(),
        directory,
        server: Mutex::new(Some(server)),
    }
}

impl TestPostgres {
    /// Kills the server without warning. It stays down until [`TestPostgres::start`].
    pub async fn kill(&self) {
        let server = self.server.lock().await.take().expect("PostgreSQL runs");
        server.kill().await.expect("PostgreSQL is killed");
    }

    /// Stops the server; clients are disconnected. It stays down until [`TestPostgres::start`].
    pub async fn stop(&self) {
        let server = self.server.lock().await.take().expect("PostgreSQL runs");
        server.stop().await.expect("PostgreSQL stops");
    }

    /// Starts the server again, with its data, under the same address.
    pub async fn start(&self) {
        let mut server = self.server.lock().await;
        assert!(server.is_none(), "PostgreSQL runs already");
        *server = Some(
            Postgres::start(&self.directory, OPTIONS)
                .await
                .expect("PostgreSQL starts"),
        );
    }

    /// Freezes the server's listener: connections that exist go on, new ones hang.
    pub async fn pause(&self) {
        self.signal(Signal::STOP).await;
    }

    /// Lets a frozen server go on.
    pub async fn resume(&self) {
        self.signal(Signal::CONT).await;
    }

    async fn signal(&self, signal: Signal) {
        let server = self.server.lock().await;
        let pid = server
            .as_ref()
            .and_then(|server| server.status().borrow().pid)
            .expect("PostgreSQL runs");
        signal_process(pid, signal);
    }
}
