use stack_krm::yaml::Node;

use super::Reader;
use crate::{Build, Sync};

/// A folder of the package, or a map of what is said of the build.
pub(super) fn build(reader: &mut Reader<'_>, node: &Node) -> Option<Build> {
    let at = reader.at(node.span);
    if node.as_scalar().is_some() && !node.is_null() {
        return Some(Build { context: Some(reader.text(node)?), at, ..Build::default() });
    }
    reader.fields(node, "a build", |fields| Build {
        context: fields.read("context", Reader::text),
        dockerfile: fields.read("dockerfile", Reader::text),
        target: fields.read("target", Reader::text),
        args: fields.read("args", Reader::template_map).unwrap_or_default(),
        sync: fields.read("sync", syncs).unwrap_or_default(),
        at,
    })
}

/// Globs and the folders in the container: `src/**/*: /app`, or `{to: /app, strip: src/}`.
fn syncs(reader: &mut Reader<'_>, node: &Node) -> Option<Vec<Sync>> {
    let wanted = "a map of files and folders in the container, as `{src/**/*: /app}`";
    let syncs = reader.map(node, wanted, |reader, key, node| {
        let (files, at) = (key.as_str().to_owned(), reader.at(key.span));
        if node.as_mapping().is_none() {
            return Some(Sync { files, to: reader.text(node)?, strip: None, at });
        }
        let sync = reader.fields(node, "a sync", |fields| {
            let to = fields.require("to", Reader::text);
            let strip = fields.read("strip", Reader::text);
            Some(Sync { files, to: to?, strip, at })
        });
        sync.flatten()
    });
    syncs.map(|syncs| syncs.into_values().collect())
}
