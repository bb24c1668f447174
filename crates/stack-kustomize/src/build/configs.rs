//! The configurations of plugins that a kustomization lists.

use std::sync::Arc;

use stack_source::Locus;

use super::accumulate::{Accumulator, resource};
use super::finish::check_json;
use crate::documents::Source;
use crate::error::Result;
use crate::item::Item;
use crate::layer::{Layer, Session, joined};
use crate::objects::objects;
use crate::pool::Pool;
use crate::provenance::Origin;

/// The configurations: texts first, then files and folders.
pub(super) fn plugin_configs(
    layer: &Layer<'_>,
    field: &'static str,
    entries: &[String],
    session: &mut Session,
) -> Result<Vec<Item>> {
    let mut configs = Accumulator::default();
    let mut paths = Vec::new();
    for (index, entry) in entries.iter().enumerate() {
        let at = layer.file.entry(field, index);
        if !take_text(layer, entry, &at, &mut configs.pool, session)? {
            paths.push((entry, at));
        }
    }
    for (path, at) in paths {
        resource(layer, path, &at, &mut configs, session)?;
    }
    let mut configs = configs.pool.into_items();
    // They reach their plugins as JSON.
    for config in &mut configs {
        config.node.settle();
        check_json(config)?;
    }
    Ok(configs)
}

/// Takes the objects of an entry that is a text itself; whether it is one.
fn take_text(layer: &Layer<'_>, entry: &str, at: &Locus, pool: &mut Pool, session: &mut Session) -> Result<bool> {
    let block = layer.place.block(entry, at);
    let items = match objects(entry, &Source::field(at, block.as_ref()), session) {
        Ok(items) => items,
        Err(error) if entry.contains('\n') => return Err(error),
        Err(_) => return Ok(false),
    };
    session.ask_types(&items);
    for mut item in items {
        if session.tracks {
            let name = layer.file.path.name().unwrap_or_default();
            item.provenance.origin = Some(Arc::new(Origin::File { path: joined(&layer.way, name).into() }));
        }
        pool.append(item)?;
    }
    Ok(true)
}
