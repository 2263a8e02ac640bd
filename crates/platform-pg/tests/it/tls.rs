//! TLS towards PostgreSQL: verified or refused. The server here speaks just enough to see what it is sent.

use std::path::PathBuf;
use std::sync::Arc;

use platform::Environment;
use rcgen::{BasicConstraints, CertificateParams, IsCa, Issuer, KeyPair};
use rustls::ServerConfig;
use rustls::pki_types::PrivateKeyDer;
use rustls::pki_types::pem::PemObject;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::mpsc;
use tokio_rustls::TlsAcceptor;

use crate::stage::notes;

/// What a client did.
#[derive(Debug, PartialEq, Eq)]
enum Seen {
    /// It told who it is, within TLS.
    Secret,
    /// It told who it is for everybody to read.
    Open,
    /// It asked for TLS, and left.
    Nothing,
}

struct Authority {
    issuer: Issuer<'static, KeyPair>,
    file: PathBuf,
}

fn authority(name: &str) -> Authority {
    let key = KeyPair::generate().unwrap();
    let mut params = CertificateParams::new(Vec::new()).unwrap();
    params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    let certificate = params.self_signed(&key).unwrap();
    let file = std::env::temp_dir().join(format!("cloud-test-{}-{name}.pem", std::process::id()));
    std::fs::write(&file, certificate.pem()).unwrap();
    Authority {
        issuer: Issuer::new(params, key),
        file,
    }
}

impl Drop for Authority {
    fn drop(&mut self) {
        std::fs::remove_file(&self.file).ok();
    }
}

fn acceptor(authority: &Authority, host: &str) -> TlsAcceptor {
    let key = KeyPair::generate().unwrap();
    let params = CertificateParams::new(vec![host.to_owned()]).unwrap();
    let certificate = params.signed_by(&key, &authority.issuer).unwrap();
    let config =
        ServerConfig::builder_with_provider(Arc::new(rustls::crypto::ring::default_provider()))
            .with_safe_default_protocol_versions()
            .unwrap()
            .with_no_client_auth()
            .with_single_cert(
                vec![certificate.der().clone()],
                PrivateKeyDer::from_pem_slice(key.serialize_pem().as_bytes()).unwrap(),
            )
            .unwrap();
    TlsAcceptor::from(Arc::new(config))
}

/// Answers one connection: TLS with `acceptor`, or without any when there is none.
async fn answer(mut stream: TcpStream, acceptor: Option<&TlsAcceptor>) -> Seen {
    let mut request = [0; 8];
    stream.read_exact(&mut request).await.unwrap();
    assert_eq!(
        request[4..],
        80_877_103_u32.to_be_bytes(),
        "the client did not ask for TLS"
    );
    let Some(acceptor) = acceptor else {
        stream.write_all(b"N").await.unwrap();
        return if startup(&mut stream).await {
            Seen::Open
        } else {
            Seen::Nothing
        };
    };
    stream.write_all(b"S").await.unwrap();
    let Ok(mut stream) = acceptor.accept(stream).await else {
        return Seen::Nothing;
    };
    if startup(&mut stream).await {
        Seen::Secret
    } else {
        Seen::Nothing
    }
}

/// Whether the client tells who it is; it is turned away then.
async fn startup(stream: &mut (impl AsyncReadExt + AsyncWriteExt + Unpin)) -> bool {
    let mut told = [0; 512];
    let length = stream.read(&mut told).await.unwrap_or(0);
    let told = String::from_utf8_lossy(&told[..length]).contains("ada");
    let fields = b"SFATAL\0VFATAL\0C3D000\0Mno such database\0\0";
    let size = u32::try_from(fields.len() + 4).unwrap().to_be_bytes();
    stream
        .write_all(&[b"E", size.as_slice(), fields].concat())
        .await
        .ok();
    stream.flush().await.ok();
    told
}

/// What a program with this `sslmode` and authority does, and what it says about it.
async fn attempt(
    mode: &str,
    trusted: Option<&Authority>,
    acceptor: Option<TlsAcceptor>,
) -> (Seen, String) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = listener.local_addr().unwrap().port();
    let (seen, mut sights) = mpsc::unbounded_channel();
    let serve = async {
        loop {
            let (stream, _) = listener.accept().await.unwrap();
            seen.send(answer(stream, acceptor.as_ref()).await).unwrap();
        }
    };
    let url = format!("postgres://ada:hunter2@127.0.0.1:{port}/x?sslmode={mode}");
    let environment = Environment::from_map([
        ("APP_SECRET", testkit::SECRET),
        ("REDIS_URL", "redis://127.0.0.1:1"),
        ("CLOUD_ENV", "dev"),
        ("START_WAIT_SECONDS", "0"),
        ("DATABASE_URL", &url),
    ]);
    let environment = match trusted {
        Some(authority) => {
            environment.with("DATABASE_CA_FILE", authority.file.display().to_string())
        }
        None => environment,
    };
    let migrations = notes();
    let error = tokio::select! {
        result = platform_pg::migrate(&environment, "alpha", &migrations) => result.unwrap_err().chain(),
        () = serve => unreachable!("the server ends with the test"),
    };
    assert!(!error.contains("hunter2"), "{error}");
    (sights.try_recv().unwrap_or(Seen::Nothing), error)
}

#[tokio::test]
async fn a_server_with_a_certificate_of_a_trusted_authority_is_talked_to() {
    let trusted = authority("trusted");
    for mode in ["require", "verify-full"] {
        let (seen, error) =
            attempt(mode, Some(&trusted), Some(acceptor(&trusted, "127.0.0.1"))).await;
        assert_eq!(seen, Seen::Secret, "{mode}: {error}");
        assert!(error.contains("no such database"), "{error}");
    }
}

#[tokio::test]
async fn nobody_else_learns_who_asks() {
    let (trusted, stranger) = (authority("mine"), authority("stranger"));
    let (seen, error) = attempt(
        "require",
        Some(&trusted),
        Some(acceptor(&stranger, "127.0.0.1")),
    )
    .await;
    assert_eq!(seen, Seen::Nothing, "a stranger's certificate: {error}");
    assert!(error.contains("certificate"), "{error}");
    let (seen, error) = attempt(
        "require",
        Some(&trusted),
        Some(acceptor(&trusted, "db.example.org")),
    )
    .await;
    assert_eq!(seen, Seen::Nothing, "another host's certificate: {error}");
    let (seen, error) = attempt("require", None, Some(acceptor(&trusted, "127.0.0.1"))).await;
    assert_eq!(
        seen,
        Seen::Nothing,
        "a private authority without DATABASE_CA_FILE: {error}"
    );
    let (seen, error) = attempt("require", Some(&trusted), None).await;
    assert_eq!(seen, Seen::Nothing, "a server without TLS: {error}");
}
