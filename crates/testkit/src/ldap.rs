//! A private slapd, Debian's OpenLDAP, shaped like FreeIPA: its attributes, the overlays for `memberOf` and password
//! policy, TLS with a certificate of a private authority.

use std::fs;
use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

use rcgen::{BasicConstraints, CertificateParams, CertifiedIssuer, IsCa, KeyPair};
use rustix::process::Signal;
use tokio::net::TcpStream;
use tokio::sync::Mutex;

use crate::guard;
use crate::redis::signal_process;
use crate::waiting::until;

const SHAPE: &str = include_str!("ldap/shape.schema");
/// Where the tree starts.
pub const LDAP_BASE: &str = "dc=example,dc=org";
/// May read everything. Called as people are, so that it may be one who signs in to FreeIPA, too.
pub const LDAP_READER: &str = "uid=reader,dc=example,dc=org";
/// May read five entries in all.
pub const LDAP_LIMITED: &str = "cn=limited,dc=example,dc=org";
/// A password policy for entries that name it as `pwdPolicySubentry`: three wrong ones lock, one is too old after a day
/// and good for two more sign-ins, the last three are not taken again, eight characters at least.
pub const LDAP_POLICY: &str = "cn=strict,dc=example,dc=org";
/// The password of both accounts.
pub const LDAP_PASSWORD: &str = "reader's canary";
const ADMINISTRATOR: &str = "cn=admin,dc=example,dc=org";

/// The tree and the accounts that read it. The addresses stay the same after a restart.
const TREE: &str = "\
dn: dc=example,dc=org
objectClass: dcObject
objectClass: organization
dc: example
o: Example

dn: uid=reader,dc=example,dc=org
objectClass: account
objectClass: simpleSecurityObject
uid: reader
userPassword: reader's canary

dn: cn=limited,dc=example,dc=org
objectClass: organizationalRole
objectClass: simpleSecurityObject
cn: limited
userPassword: reader's canary

dn: cn=users,dc=example,dc=org
objectClass: organizationalRole
cn: users

dn: cn=groups,dc=example,dc=org
objectClass: organizationalRole
cn: groups

dn: cn=strict,dc=example,dc=org
objectClass: organizationalRole
objectClass: pwdPolicy
cn: strict
pwdAttribute: userPassword
pwdLockout: TRUE
pwdMaxFailure: 3
pwdMaxAge: 86400
pwdGraceAuthNLimit: 2
pwdMustChange: TRUE
pwdInHistory: 3
pwdCheckQuality: 2
pwdMinLength: 8

";

/// A directory that belongs to one test.
pub struct TestLdap {
    /// Port at 127.0.0.1 that starts in plain text and offers StartTLS.
    pub port: u16,
    /// Port at 127.0.0.1 that speaks TLS from the first byte.
    pub tls_port: u16,
    /// The authority that signed its certificate, in PEM. The certificate is for 127.0.0.1 and not for `localhost`.
    pub authority: String,
    place: PathBuf,
    server: Mutex<Option<Child>>,
}

/// Starts a directory with these entries (LDIF) below `cn=users` and `cn=groups`. Entries that are given here have no
/// `memberOf`: for that add the groups with [`TestLdap::change`].
pub async fn ldap_server(entries: &str) -> TestLdap {
    let place = guard::scratch("l");
    fs::create_dir_all(place.join("servers")).expect("a directory for slapd");
    fs::create_dir_all(place.join("data")).expect("a directory for its data");
    let authority = write_certificates(&place);
    fs::write(place.join("shape.schema"), SHAPE).expect("the schema is written");
    fs::write(place.join("slapd.conf"), configuration(&place)).expect("it is configured");
    let ldif = place.join("entries.ldif");
    fs::write(&ldif, format!("{TREE}{entries}")).expect("the entries are written");
    let mut load = program("slapadd");
    load.arg("-q").arg("-f").arg(place.join("slapd.conf"));
    expect_success(load.arg("-l").arg(&ldif));
    // Another process may take a port between here and there.
    for _ in 0..5 {
        let (port, tls_port) = (free_port(), free_port());
        if let Some(child) = run(&place, port, tls_port).await {
            return TestLdap {
                port,
                tls_port,
                authority,
                place,
                server: Mutex::new(Some(child)),
            };
        }
    }
    panic!("slapd does not start; its tests need Debian's packages slapd and ldap-utils");
}

impl TestLdap {
    /// Adds, changes and deletes entries (LDIF with `changetype`; without one, added).
    pub fn change(&self, ldif: &str) {
        let file = self.place.join("change.ldif");
        fs::write(&file, ldif).expect("the changes are written");
        let mut change = Command::new("ldapmodify");
        change.args(["-a", "-x", "-D", ADMINISTRATOR, "-w", LDAP_PASSWORD]);
        change
            .arg("-H")
            .arg(format!("ldap://127.0.0.1:{}", self.port));
        expect_success(change.arg("-f").arg(&file));
    }

    /// Kills the server without warning. It stays down until [`TestLdap::start`].
    pub async fn kill(&self) {
        let mut child = self.server.lock().await.take().expect("slapd runs");
        child.kill().expect("slapd is killed");
        child.wait().expect("slapd has ended");
    }

    /// Starts the server again, with its data.
    pub async fn start(&self) {
        let mut server = self.server.lock().await;
        assert!(server.is_none(), "slapd runs already");
        *server = run(&self.place, self.port, self.tls_port).await;
        assert!(server.is_some(), "slapd starts again");
    }

    /// Freezes the server: connections stay open and nothing answers.
    pub async fn pause(&self) {
        self.signal(Signal::STOP).await;
    }

    /// Lets a frozen server go on.
    pub async fn resume(&self) {
        self.signal(Signal::CONT).await;
    }

    async fn signal(&self, signal: Signal) {
        let server = self.server.lock().await;
        signal_process(server.as_ref().expect("slapd runs").id(), signal);
    }
}

impl Drop for TestLdap {
    fn drop(&mut self) {
        if let Some(child) = self.server.get_mut() {
            drop(child.kill());
            drop(child.wait());
        }
        // What is left of the directory goes with the guard.
        drop(fs::remove_dir_all(&self.place));
    }
}

fn configuration(place: &Path) -> String {
    let at = place.display();
    let schemas = ["core", "cosine", "nis", "inetorgperson"]
        .map(|name| format!("include /etc/ldap/schema/{name}.schema\n"));
    format!(
        "{}include {at}/shape.schema\n\
         modulepath /usr/lib/ldap\nmoduleload back_mdb\nmoduleload memberof\nmoduleload ppolicy\n\
         pidfile {at}/servers/slapd.pid\n\
         TLSCACertificateFile {at}/ca.pem\nTLSCertificateFile {at}/cert.pem\nTLSCertificateKeyFile {at}/key.pem\n\
         database mdb\nsuffix {LDAP_BASE}\ndirectory {at}/data\nmaxsize 268435456\ndbnosync\n\
         rootdn {ADMINISTRATOR}\nrootpw \"{LDAP_PASSWORD}\"\nindex objectClass eq\nindex member eq\n\
         limits dn.exact=\"{LDAP_READER}\" size=unlimited time=unlimited\n\
         limits dn.exact=\"{LDAP_LIMITED}\" size.soft=5 size.hard=5 size.pr=5 size.prtotal=5\n\
         access to attrs=userPassword by self =xw by anonymous auth by * none\n\
         access to * by dn.exact=\"{LDAP_READER}\" read by dn.exact=\"{LDAP_LIMITED}\" read by * none\n\
         overlay memberof\nmemberof-refint TRUE\noverlay ppolicy\nppolicy_use_lockout\n",
        schemas.concat()
    )
}

fn write_certificates(place: &Path) -> String {
    let mut params = CertificateParams::default();
    params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    let key = KeyPair::generate().expect("a key");
    let root = CertifiedIssuer::self_signed(params, key).expect("an authority");
    let key = KeyPair::generate().expect("a key");
    let leaf = CertificateParams::new(vec!["127.0.0.1".to_owned()]).expect("a name");
    let leaf = leaf.signed_by(&key, &root).expect("a certificate");
    let write = |name, text: &str| fs::write(place.join(name), text).expect("it is written");
    write("ca.pem", &root.pem());
    write("cert.pem", &leaf.pem());
    write("key.pem", &key.serialize_pem());
    root.pem()
}

fn free_port() -> u16 {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
    listener.local_addr().expect("its address").port()
}

/// Debian keeps the server's programs off `PATH`.
fn program(name: &str) -> Command {
    let path = Path::new("/usr/sbin").join(name);
    let is_there = path.is_file();
    Command::new(if is_there { path } else { PathBuf::from(name) })
}

fn expect_success(command: &mut Command) {
    let output = command.stdin(Stdio::null()).output();
    let output = output
        .unwrap_or_else(|error| panic!("{command:?}: {error} (apt-get install slapd ldap-utils)"));
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{command:?}: {said}");
}

/// Starts the process; `None` when it ends before it listens.
async fn run(place: &Path, port: u16, tls_port: u16) -> Option<Child> {
    let mut command = program("slapd");
    // With a level of messages it stays in the foreground.
    command.args(["-d", "0", "-h"]);
    command.arg(format!(
        "ldap://127.0.0.1:{port}/ ldaps://127.0.0.1:{tls_port}/"
    ));
    command.arg("-f").arg(place.join("slapd.conf"));
    let log = fs::File::create(place.join("slapd.log")).expect("a file for its messages");
    command
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(log);
    let mut child = command
        .spawn()
        .expect("slapd (apt-get install slapd ldap-utils)");
    // By this it is found and ended should the test be killed, also before it writes the file itself.
    let pid = child.id().to_string();
    fs::write(place.join("servers/slapd.pid"), pid).expect("its id is written");
    let listens = until("slapd listens or ends", async || {
        if child.try_wait().expect("its state").is_some() {
            return Some(false);
        }
        let listens = TcpStream::connect(("127.0.0.1", tls_port)).await.is_ok();
        listens.then_some(true)
    });
    listens.await.then_some(child)
}
