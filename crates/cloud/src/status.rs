//! `cloud status`.

use std::process::ExitCode;

use crate::control;
use crate::error::Error;
use crate::installation::Installation;
use crate::instance::Instance;
use crate::operator::Operator;
use crate::output::say;
use crate::report::Report;

/// Tells what runs: by the platform of the data directory, else by the registry that the
/// environment names. Exit code 0 when all is well, 1 when something is not, 3 when nothing runs.
pub(crate) async fn run(installation: &Installation, json: bool) -> Result<ExitCode, Error> {
    let found = Instance::read(installation.data_dir())?;
    let (instance, report) = match found {
        Some(instance) => {
            let answer = control::ask_status(&instance.control).await;
            let report =
                answer.ok_or_else(|| Error::NotRunning(installation.data_dir().to_owned()))?;
            (Some(instance), report)
        }
        None if installation.variable("REDIS_URL").is_some() => {
            let operator = Operator::connect(installation).await?;
            (None, Report::of(&operator.registry().snapshot()).await)
        }
        None => return Err(Error::NotRunning(installation.data_dir().to_owned())),
    };
    if json {
        say(
            &serde_json::json!({"instance": instance.as_ref().map(public), "report": report})
                .to_string(),
        );
    } else {
        if let Some(instance) = &instance {
            say(&heading(installation, instance));
        }
        say(report.table().trim_end());
    }
    Ok(if report.is_healthy() {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    })
}

fn heading(installation: &Installation, instance: &Instance) -> String {
    format!(
        "Cloud {} at {} (process {}, since {})\ndata in {}\n",
        instance.version,
        instance.app_url,
        instance.pid,
        instance.started_at.strftime("%Y-%m-%d %H:%M:%S UTC"),
        installation.data_dir().display()
    )
}

/// What others may see of an instance: not where its Redis is.
fn public(instance: &Instance) -> serde_json::Value {
    serde_json::json!({
        "pid": instance.pid,
        "version": instance.version,
        "started_at": instance.started_at,
        "app_url": instance.app_url,
        "gateway": instance.gateway,
    })
}
