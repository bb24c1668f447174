use indexmap::IndexMap;
use stack_krm::yaml::Node;

use super::Reader;
use crate::{AccessMode, Claim, ConfigFile, Piece, Template, Volume, VolumeSource};

/// Volumes by mount path.
pub(super) fn volumes(reader: &mut Reader<'_>, node: &Node) -> Option<IndexMap<String, Volume>> {
    reader.map(node, "a map of mount paths, as `{/data: 10Gi}`", |reader, key, node| {
        Some(Volume { source: source(reader, node)?, at: reader.at(key.span) })
    })
}

/// `empty`, `empty 4Gi`, `memory 256Mi`, or a claim.
fn source(reader: &mut Reader<'_>, node: &Node) -> Option<VolumeSource> {
    let text = node.as_scalar().filter(|_| !node.is_null()).map(|scalar| scalar.text.as_str());
    match text.map(|text| text.split_once(' ').unwrap_or((text, ""))) {
        Some((kind @ ("empty" | "memory"), size)) => {
            let size = if size.is_empty() { None } else { Some(reader.quantity_of(node, size.trim())?) };
            Some(VolumeSource::Empty { size, memory: kind == "memory" })
        }
        Some((word, _)) if word.starts_with(|c: char| c.is_ascii_alphabetic()) => {
            let kinds = ["empty", "memory"].into_iter();
            reader.unknown_word(&super::rule::UNKNOWN_WORD, node, word, "a kind of volume", kinds);
            None
        }
        _ => claim(reader, node).map(VolumeSource::Claim),
    }
}

/// `20Gi`, or a map of what is asked of the storage.
pub(super) fn claim(reader: &mut Reader<'_>, node: &Node) -> Option<Claim> {
    if node.as_mapping().is_none() {
        return reader.quantity(node).map(Claim::of);
    }
    let claim = reader.fields(node, "a claim", |fields| {
        let size = fields.require("size", Reader::quantity);
        let name = fields.read("name", Reader::name);
        let access = fields.read("access", |reader, node| reader.word(node, "an access mode", &AccessMode::words()));
        Some(Claim { size: size?, name, access: access.unwrap_or_default() })
    });
    claim.flatten()
}

/// `<secret.NAME.KEY>`
fn names_secret(template: &Template) -> bool {
    matches!(template.pieces(), [Piece::Reference(reference)] if reference.path().first() == Some(&"secret"))
}

/// Files of the container: `/path/in/container: path/in/package`, or `{text: …}`.
pub(super) fn files(reader: &mut Reader<'_>, node: &Node) -> Option<IndexMap<String, ConfigFile>> {
    reader.map(node, "a map of paths, as `{/etc/app.yaml: app.yaml}`", |reader, _, node| {
        if node.as_mapping().is_some() {
            let text = reader.fields(node, "a file", |fields| fields.require("text", Reader::template));
            return text.flatten().map(ConfigFile::Text);
        }
        if let Some(secret) = reader.template(node).filter(names_secret) {
            return Some(ConfigFile::Secret(secret));
        }
        Some(ConfigFile::Original { path: reader.text(node)?, at: reader.at(node.span) })
    })
}
