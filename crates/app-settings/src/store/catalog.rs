//! Reads everything at one moment.

use platform_pg::{GenericClient, Row};
use registry::{AppId, Label, SettingDeclaration};
use serde_json::Value;

use crate::domain::catalog::{AppSettings, Catalog, Content, Setting, Stored};
use crate::domain::seal::Envelope;
use crate::error::Error;

/// All apps, declarations and values, in one statement and so at one version.
pub(crate) async fn load(client: &impl GenericClient) -> Result<Catalog, Error> {
    let rows = client
        .query(include_str!("../../sql/catalog_load.sql"), &[])
        .await?;
    let mut catalog = Catalog::default();
    for row in &rows {
        catalog.version = row.try_get("catalog_version")?;
        let Some(id) = row.try_get::<_, Option<String>>("app")? else {
            continue;
        };
        let is_next = catalog.apps.last().is_none_or(|app| app.id.as_str() != id);
        if is_next {
            catalog.apps.push(read_app(&id, row)?);
        }
        if let (Some(setting), Some(app)) = (read_setting(row)?, catalog.apps.last_mut()) {
            app.settings.push(setting);
        }
    }
    Ok(catalog)
}

fn read_app(id: &str, row: &Row) -> Result<AppSettings, Error> {
    Ok(AppSettings {
        id: AppId::new(id).map_err(|_| Error::Stored("app id"))?,
        name: serde_json::from_value::<Label>(row.try_get("name")?)?,
        icon: row.try_get("icon")?,
        version: row.try_get("app_version")?,
        settings: Vec::new(),
    })
}

fn read_setting(row: &Row) -> Result<Option<Setting>, Error> {
    let Some(declaration) = row.try_get::<_, Option<Value>>("declaration")? else {
        return Ok(None);
    };
    Ok(Some(Setting {
        declaration: serde_json::from_value::<SettingDeclaration>(declaration)?,
        stored: read_stored(row)?,
    }))
}

fn read_stored(row: &Row) -> Result<Option<Stored>, Error> {
    let Some(revision) = row.try_get::<_, Option<i64>>("revision")? else {
        return Ok(None);
    };
    let plain: Option<Value> = row.try_get("value")?;
    let sealed: Option<Vec<u8>> = row.try_get("envelope")?;
    let content = match (plain, sealed.and_then(Envelope::from_bytes)) {
        (Some(value), None) => Content::Plain(value),
        (None, Some(envelope)) => Content::Sealed(envelope),
        _ => return Err(Error::Stored("value")),
    };
    Ok(Some(Stored {
        content,
        revision,
        changed_at: row.try_get("changed_at")?,
        changed_by: row.try_get("changed_by_name")?,
    }))
}
