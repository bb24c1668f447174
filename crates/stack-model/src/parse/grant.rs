use stack_krm::yaml::Node;

use super::{Fields, Reader};
use crate::{Grant, GrantKind};

/// A word, and what it asks for of a name.
type Row = (&'static str, fn(String) -> GrantKind);

const NAMED: [Row; 6] = [
    ("database", GrantKind::Database),
    ("bucket", GrantKind::Bucket),
    ("subjects", GrantKind::Subjects),
    ("graph", GrantKind::Graph),
    ("prefix", GrantKind::Prefix),
    ("key", GrantKind::Key),
];

/// What an edge asks of its provider.
pub(super) fn grants(fields: &mut Fields<'_, '_, '_>) -> Vec<Grant> {
    let named = NAMED.into_iter().filter_map(|(word, kind)| {
        fields.read(word, |reader, node| Some(Grant { kind: kind(reader.text(node)?), at: reader.at(node.span) }))
    });
    let mut grants: Vec<Grant> = named.collect();
    grants.extend(fields.read("client", client));
    grants
}

/// `{id: web, redirect: https://app.example.com/signin}`
fn client(reader: &mut Reader<'_>, node: &Node) -> Option<Grant> {
    let client = reader.fields(node, "a client", |fields| {
        let id = fields.require("id", Reader::text);
        let redirect = fields.read("redirect", Reader::text);
        Some(Grant { kind: GrantKind::Client { id: id?, redirect }, at: fields.at() })
    });
    client.flatten()
}
