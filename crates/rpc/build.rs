//! Compiles `proto/` without protoc: messages, server traits (tonic's generator) and clients (ours).
//!
//! A client is generated per service over `crate::Channel`, because every call of this platform has a
//! deadline, an identity and a retry rule, which tonic's own clients know nothing of.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::{fs, io};

use prost_build::{Method, Service, ServiceGenerator};
use prost_types::method_options::IdempotencyLevel;

/// Messages that carry secrets: their `Debug` is written by hand in `src/redacted.rs`.
const SECRET_MESSAGES: [&str; 15] = [
    ".cloud.auth.v1.IntrospectRequest",
    ".cloud.auth.v1.Principal",
    ".cloud.auth.v1.GetSigningKeysResponse",
    ".cloud.auth.v1.CreateInvitationResponse",
    ".cloud.auth.v1.CreateKeyResponse",
    ".cloud.auth.v1.StartResetResponse",
    ".cloud.accounts.v1.CreateUserResponse",
    ".cloud.accounts.v1.InvitePersonResponse",
    ".cloud.accounts.v1.VerifyPasswordRequest",
    ".cloud.accounts.v1.ChangePasswordRequest",
    ".cloud.notifications.v1.MailAction",
    ".cloud.notifications.v1.MailBlock",
    ".cloud.notifications.v1.MailRecipient",
    ".cloud.personal.v1.CollectPersonalDataResponse",
    ".cloud.settings.v1.Values",
];

#[allow(
    clippy::disallowed_methods,
    reason = "a build script has only the environment that cargo gives it"
)]
fn main() -> Result<(), Box<dyn std::error::Error>> {
    // At run time: the same build script may serve two checkouts that share a target directory.
    let own = std::env::var_os("CARGO_MANIFEST_DIR").ok_or("cargo names no CARGO_MANIFEST_DIR")?;
    let root = Path::new(&own).join("../../proto");
    println!("cargo::rerun-if-changed={}", root.display());
    let mut files = Vec::new();
    collect(&root, &mut files)?;
    let descriptors = protox::compile(files, [root])?;

    let mut config = prost_build::Config::new();
    config.skip_debug(SECRET_MESSAGES);
    config.service_generator(Box::new(Generator {
        server: tonic_prost_build::configure()
            .build_client(false)
            .build_transport(false)
            .service_generator(),
    }));
    config.compile_fds(descriptors)?;
    Ok(())
}

/// Every `.proto` file below `directory`, in a stable order.
fn collect(directory: &Path, files: &mut Vec<PathBuf>) -> io::Result<()> {
    let mut entries = fs::read_dir(directory)?
        .map(|entry| entry.map(|entry| entry.path()))
        .collect::<io::Result<Vec<_>>>()?;
    entries.sort();
    for path in entries {
        if path.is_dir() {
            collect(&path, files)?;
        } else if path
            .extension()
            .is_some_and(|extension| extension == "proto")
        {
            files.push(path);
        }
    }
    Ok(())
}

/// Tonic's server trait and our client for each service.
struct Generator {
    server: Box<dyn ServiceGenerator>,
}

impl ServiceGenerator for Generator {
    fn generate(&mut self, service: Service, buffer: &mut String) {
        if client(&service, buffer).is_err() {
            unreachable!("a string takes every write");
        }
        self.server.generate(service, buffer);
    }

    fn finalize(&mut self, buffer: &mut String) {
        self.server.finalize(buffer);
    }

    fn finalize_package(&mut self, package: &str, buffer: &mut String) {
        self.server.finalize_package(package, buffer);
    }
}

/// Writes the client of one service. The feature that turns it on is the domain's name, the second
/// part of the package.
fn client(service: &Service, out: &mut String) -> std::fmt::Result {
    let full_name = format!("{}.{}", service.package, service.proto_name);
    let feature = service.package.split('.').nth(1).unwrap_or_default();
    let name = format!("{}Client", service.proto_name.trim_end_matches("Service"));
    writeln!(
        out,
        "/// Client of `{full_name}`.
        #[cfg(feature = \"{feature}\")]
        #[derive(Clone, Debug)]
        pub struct {name} {{ channel: crate::Channel }}

        #[cfg(feature = \"{feature}\")]
        impl {name} {{
            /// Calls over `channel`.
            pub fn new(channel: crate::Channel) -> Self {{ Self {{ channel }} }}"
    )?;
    for method in &service.methods {
        assert!(
            !method.client_streaming,
            "{full_name}: client streams are not generated until a service needs one"
        );
        client_method(&full_name, method, out)?;
    }
    writeln!(out, "}}")
}

fn client_method(service: &str, method: &Method, out: &mut String) -> std::fmt::Result {
    let idempotent = matches!(
        method.options.idempotency_level(),
        IdempotencyLevel::NoSideEffects | IdempotencyLevel::Idempotent
    );
    let (call, answer) = if method.server_streaming {
        (
            "server_streaming",
            format!("tonic::Streaming<{}>", method.output_type),
        )
    } else {
        ("unary", method.output_type.clone())
    };
    method.comments.append_with_indent(1, out);
    writeln!(
        out,
        "pub async fn {name}(&self, call: crate::Call, request: {input}) -> Result<{answer}, crate::Error> {{
            const METHOD: crate::Method = crate::Method {{ path: \"/{service}/{proto}\", idempotent: {idempotent} }};
            self.channel.{call}(call, METHOD, request).await
        }}",
        name = method.name,
        input = method.input_type,
        proto = method.proto_name,
    )
}
