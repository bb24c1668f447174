use stack_krm::yaml::{Mapping, Node};
use stack_source::{Locus, Span};

use super::{Fields, Reader, rule};
use crate::{Protocol, Relation, Wait};

/// Edges: a map from targets to what is said of the edge, which may be nothing, or a list of targets and of such maps.
pub(super) fn uses(reader: &mut Reader<'_>, node: &Node) -> Option<Vec<Relation>> {
    if let Some(mapping) = node.as_mapping() {
        return Some(edges(reader, mapping));
    }
    let wanted = "a map or a list of services, as `[redis, {postgres: {wait: ready}}]`";
    let lists = reader.list(node, wanted, |reader, item| match item.as_mapping() {
        Some(mapping) => Some(edges(reader, mapping)),
        None => Some(vec![plain(reader, item)?]),
    });
    lists.map(|lists| lists.into_iter().flatten().collect())
}

pub(super) fn edges(reader: &mut Reader<'_>, mapping: &Mapping) -> Vec<Relation> {
    let entry = |entry: &stack_krm::yaml::Entry| relation(reader, entry.key.as_str(), entry.key.span, &entry.value);
    mapping.entries.iter().filter_map(entry).collect()
}

/// An edge of which nothing is said but where it leads.
pub(super) fn plain(reader: &mut Reader<'_>, node: &Node) -> Option<Relation> {
    let target = &reader.scalar(node, "a service, as `redis` or `qdrant.grpc`")?;
    Some(to(target, reader.at(node.span)))
}

pub(super) fn to(target: &str, at: Locus) -> Relation {
    Relation { at, ..Relation::to(target) }
}

fn relation(reader: &mut Reader<'_>, target: &str, key: Span, node: &Node) -> Option<Relation> {
    let at = reader.at(key);
    if node.is_null() {
        return Some(to(target, at));
    }
    reader.fields(node, "an edge", |fields| {
        let mut relation = to(target, at);
        relation.ports = fields.read("ports", Reader::texts).unwrap_or_default();
        relation.env = fields.read("env", Reader::template_map).unwrap_or_default();
        relation.protocol = fields.read("protocol", protocol_of);
        relation.otherwise = fields.read("else", Reader::template_map).unwrap_or_default();
        relation.via = fields.read("via", Reader::text);
        relation.grants = super::grant::grants(fields);
        waiting(fields, &mut relation);
        relation
    })
}

/// What every edge can say, a route's too.
pub(super) fn waiting(fields: &mut Fields<'_, '_, '_>, relation: &mut Relation) {
    relation.purpose = fields.read("purpose", Reader::text);
    relation.wait = fields.read("wait", |reader, node| reader.word(node, "a condition to wait for", &Wait::words()));
}

fn protocol_of(reader: &mut Reader<'_>, node: &Node) -> Option<Protocol> {
    let text = &reader.scalar(node, "a protocol")?;
    protocol(reader, node, text)
}

/// A protocol that is a part of a scalar's text.
pub(super) fn protocol(reader: &mut Reader<'_>, node: &Node, text: &str) -> Option<Protocol> {
    let protocol = Protocol::named(text);
    if protocol.is_none() {
        let names: Vec<_> = Protocol::all().map(Protocol::name).collect();
        reader.unknown_word(&rule::UNKNOWN_PROTOCOL, node, text, "a protocol", names.into_iter());
    }
    protocol
}
