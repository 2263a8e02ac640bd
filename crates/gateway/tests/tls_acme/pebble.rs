//! Debian's pebble: a certificate authority for tests, started with its own addresses, and a name server that finds
//! every name here.

use std::net::{Ipv4Addr, SocketAddr};
use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use rcgen::{BasicConstraints, CertificateParams, CertifiedIssuer, IsCa, KeyPair};
use rustls::RootCertStore;
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, ServerName};
use tokio::io::{AsyncBufReadExt, AsyncReadExt, AsyncWriteExt, BufReader};
use tokio::net::{TcpListener, TcpStream, UdpSocket};
use tokio::process::{Child, Command};
use tokio_rustls::TlsConnector;
use tokio_util::task::{AbortOnDropHandle, TaskTracker};

/// An authority that runs.
pub(crate) struct Pebble {
    pub(crate) directory: url::Url,
    pub(crate) roots: Vec<CertificateDer<'static>>,
    counts: Arc<Counts>,
    place: PathBuf,
    settings: Settings,
    management: SocketAddr,
    child: Child,
    names: SocketAddr,
    _name_server: AbortOnDropHandle<()>,
}

/// What it has done.
#[derive(Default)]
struct Counts {
    orders: AtomicUsize,
    certificates: AtomicUsize,
}

/// What a test wants of it.
#[derive(Clone, Copy)]
pub(crate) struct Settings {
    /// Where challenges are looked at: TLS, then plain.
    pub(crate) ports: (u16, u16),
    /// How long certificates live.
    pub(crate) life: Duration,
}

impl Settings {
    pub(crate) fn new(ports: (u16, u16)) -> Self {
        Self {
            ports,
            life: Duration::from_hours(24 * 90),
        }
    }
}

/// Whether it is installed.
pub(crate) fn is_installed() -> bool {
    let path = std::env::vars_os().find(|(name, _)| name == "PATH");
    path.is_some_and(|(_, path)| {
        std::env::split_paths(&path).any(|folder| folder.join("pebble").is_file())
    })
}

impl Pebble {
    pub(crate) async fn start(settings: Settings) -> Self {
        let place = testkit::scratch("p");
        std::fs::create_dir_all(place.join("servers")).unwrap();
        let roots = write_certificates(&place);
        let (names, task) = serve_names().await;
        // Another process may take a port between here and there.
        for _ in 0..5 {
            let (acme, management) = (free_port().await, free_port().await);
            write_config(&place, settings, acme, management);
            let counts = Arc::<Counts>::default();
            if let Some(child) = run(&place, names, acme, &counts).await {
                return Self {
                    directory: format!("https://{acme}/dir").parse().unwrap(),
                    roots,
                    counts,
                    place,
                    settings,
                    management,
                    child,
                    names,
                    _name_server: task,
                };
            }
        }
        panic!("pebble does not start");
    }

    /// How many certificates it has issued.
    pub(crate) fn issued(&self) -> usize {
        self.counts.certificates.load(Ordering::Relaxed)
    }

    /// How many orders it has taken.
    pub(crate) fn orders(&self) -> usize {
        self.counts.orders.load(Ordering::Relaxed)
    }

    /// Starts it anew, at the same address. It has forgotten everything.
    pub(crate) async fn forget(&mut self) {
        self.child.kill().await.unwrap();
        let acme: SocketAddr = self.directory.authority().parse().unwrap();
        write_config(&self.place, self.settings, acme, self.management);
        let child = run(&self.place, self.names, acme, &self.counts).await;
        self.child = child.expect("pebble starts again");
    }

    /// The root of what it issues; another one after each start.
    pub(crate) async fn root(&self) -> RootCertStore {
        let connector = TlsConnector::from(Arc::new(client_of(&self.roots)));
        let stream = TcpStream::connect(self.management).await.unwrap();
        let name = ServerName::try_from("127.0.0.1").unwrap();
        let mut stream = connector.connect(name, stream).await.unwrap();
        let request = b"GET /roots/0 HTTP/1.0\r\n\r\n";
        stream.write_all(request).await.unwrap();
        let mut pem = Vec::new();
        stream.read_to_end(&mut pem).await.unwrap();
        let mut store = RootCertStore::empty();
        store
            .add(CertificateDer::from_pem_slice(&pem).unwrap())
            .unwrap();
        store
    }
}

fn client_of(roots: &[CertificateDer<'static>]) -> rustls::ClientConfig {
    let mut store = RootCertStore::empty();
    for root in roots {
        store.add(root.clone()).unwrap();
    }
    verifying(store)
}

/// A client that believes these roots only.
pub(crate) fn verifying(roots: RootCertStore) -> rustls::ClientConfig {
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    rustls::ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_root_certificates(roots)
        .with_no_client_auth()
}

async fn free_port() -> SocketAddr {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    listener.local_addr().unwrap()
}

/// What it serves its own directory with: a certificate of a private authority.
fn write_certificates(place: &Path) -> Vec<CertificateDer<'static>> {
    let mut params = CertificateParams::default();
    params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    let root = CertifiedIssuer::self_signed(params, KeyPair::generate().unwrap()).unwrap();
    let key = KeyPair::generate().unwrap();
    let leaf = CertificateParams::new(vec!["127.0.0.1".to_owned()]).unwrap();
    let leaf = leaf.signed_by(&key, &root).unwrap();
    std::fs::write(place.join("cert.pem"), leaf.pem()).unwrap();
    std::fs::write(place.join("key.pem"), key.serialize_pem()).unwrap();
    vec![root.der().clone()]
}

fn write_config(place: &Path, settings: Settings, acme: SocketAddr, management: SocketAddr) {
    let config = serde_json::json!({ "pebble": {
        "listenAddress": acme.to_string(),
        "managementListenAddress": management.to_string(),
        "certificate": place.join("cert.pem"),
        "privateKey": place.join("key.pem"),
        "tlsPort": settings.ports.0,
        "httpPort": settings.ports.1,
        "certificateValidityPeriod": settings.life.as_secs(),
    } });
    std::fs::write(place.join("pebble.json"), config.to_string()).unwrap();
}

/// Starts the process; `None` when it ends before it listens.
async fn run(
    place: &Path,
    names: SocketAddr,
    acme: SocketAddr,
    counts: &Arc<Counts>,
) -> Option<Child> {
    let mut child = Command::new("pebble")
        .arg("-config")
        .arg(place.join("pebble.json"))
        .args(["-dnsserver", &names.to_string(), "-strict"])
        .env("PEBBLE_VA_NOSLEEP", "1")
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .kill_on_drop(true)
        .spawn()
        .unwrap();
    // By this it is found and ended should the test be killed.
    let pid = child.id().unwrap().to_string();
    std::fs::write(place.join("servers/pebble.pid"), pid).unwrap();
    let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
    let counts = Arc::clone(counts);
    TaskTracker::new().spawn(async move {
        while let Ok(Some(line)) = lines.next_line().await {
            let counted = [
                ("Added order", &counts.orders),
                ("Issued certificate serial", &counts.certificates),
            ];
            for (mark, count) in counted {
                if line.contains(mark) {
                    count.fetch_add(1, Ordering::Relaxed);
                }
            }
        }
    });
    let listens = testkit::until("pebble listens or ends", async || {
        if child.try_wait().unwrap().is_some() {
            return Some(false);
        }
        TcpStream::connect(acme).await.is_ok().then_some(true)
    });
    listens.await.then_some(child)
}

/// A name server for which every name is this machine.
async fn serve_names() -> (SocketAddr, AbortOnDropHandle<()>) {
    let socket = UdpSocket::bind("127.0.0.1:0").await.unwrap();
    let address = socket.local_addr().unwrap();
    let task = TaskTracker::new().spawn(async move {
        let mut question = [0; 512];
        loop {
            let (length, from) = socket.recv_from(&mut question).await.unwrap();
            if let Some(answer) = answer(&question[..length]) {
                drop(socket.send_to(&answer, from).await);
            }
        }
    });
    (address, AbortOnDropHandle::new(task))
}

/// Answers one question: an A record for A, nothing for everything else.
fn answer(question: &[u8]) -> Option<Vec<u8>> {
    const HEAD: usize = 12;
    let name_end = HEAD + question.get(HEAD..)?.iter().position(|&byte| byte == 0)?;
    let asked = question.get(HEAD..name_end + 5)?;
    let is_a = asked.get(asked.len() - 4..asked.len() - 2)? == [0, 1];
    let mut answer = question.get(..2)?.to_vec();
    // A response without fault; one question; one answer or none.
    answer.extend([0x84, 0, 0, 1, 0, u8::from(is_a), 0, 0, 0, 0]);
    answer.extend(asked);
    if is_a {
        answer.extend([0xc0, 12, 0, 1, 0, 1, 0, 0, 0, 0, 0, 4]);
        answer.extend(Ipv4Addr::LOCALHOST.octets());
    }
    Some(answer)
}
