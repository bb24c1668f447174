use std::sync::Arc;

use stack_krm::yaml::{Key, Node};
use stack_source::{Locus, Span};

use super::given::Row;
use super::relation::edges;
use super::{Reader, rule, secrets, service};
use crate::{Namespace, Relation, Service, ServiceId, Stack};

/// Namespaces by name, with their services; one with `each` once for every row.
pub(super) fn namespaces(reader: &mut Reader<'_>, node: &Node, stack: &mut Stack) -> Option<()> {
    let wanted = "a map of namespaces, as `{data-layer: {services: …}}`";
    reader.map(node, wanted, |reader, key, node| {
        let Some(each) = node.get("each") else {
            namespace(reader, key, key.as_str(), node, stack);
            return Some(());
        };
        for row in rows(reader, each) {
            reader.with_row(row, node, |reader, node| {
                let name = reader.with_given(key.as_str()).into_owned();
                namespace(reader, key, &name, node, stack);
            });
        }
        Some(())
    })?;
    Some(())
}

/// `{env: {prod: {replicas: 2}, staging: {replicas: 1}}}`
fn rows(reader: &mut Reader<'_>, node: &Node) -> Vec<Row> {
    let wanted = "a word and its rows, as `{env: {prod: {}, staging: {}}}`";
    let tables = reader.map(node, wanted, |reader, word, node| {
        let rows = reader.map(node, "a map of rows, as `{prod: {replicas: 2}}`", |reader, name, node| {
            let at = reader.at(name.span);
            let cells = reader.map_all(node, "a map, as `{replicas: 2}`", |reader, key, node| {
                Some(Some((reader.setting(node)?, reader.at(if node.is_null() { key.span } else { node.span }))))
            })?;
            Some(Row { word: word.as_str().to_owned(), name: name.as_str().to_owned(), cells, at })
        })?;
        Some((word.span, rows))
    });
    let tables: Vec<_> = tables.unwrap_or_default().into_values().collect();
    if let [_, (span, _), ..] = tables.as_slice() {
        let help = "keep one word, and write its rows out".to_owned();
        reader.fault(&rule::CONFLICTING_KEYS, *span, "`each` goes through the rows of one word", help);
    }
    tables.into_iter().next().map(|(_, rows)| rows.into_values().collect()).unwrap_or_default()
}

fn namespace(reader: &mut Reader<'_>, key: &Key, name: &str, node: &Node, stack: &mut Stack) {
    let at = reader.at(key.span);
    if let Err(error) = stack_krm::DnsLabel::new(name) {
        let help = super::proposed_name::<stack_krm::DnsLabel>(name);
        reader.fault(&crate::rule::INVALID_NAME, key.span, error.to_string(), help);
        return;
    }
    reader.fields(node, "a namespace", |fields| {
        // Its rows were read: this is one of them.
        let _ = fields.entry("each");
        let existing = fields.read("existing", Reader::flag).unwrap_or(false);
        let secrets = fields.read("secrets", secrets).unwrap_or_default();
        let binds = fields.read("bind", binds).unwrap_or_default();
        let services = fields.read("services", |reader, node| {
            reader.map(node, "a map of services, as `{web: {image: NAME:TAG}}`", |reader, key, node| {
                service::declared(reader, key.span, node)
            })
        });
        for (service_name, mut service) in services.unwrap_or_default() {
            bind(fields.reader, &mut service, &binds);
            stack.services.insert(ServiceId::new(Some(name), &service_name), Arc::new(service));
        }
        stack.namespaces.insert(name.to_owned(), Namespace { existing, secrets, at });
    });
}

fn binds(reader: &mut Reader<'_>, node: &Node) -> Option<Vec<Relation>> {
    let Some(mapping) = node.as_mapping() else {
        reader.wrong_kind(node, "a map of targets, as `{postgres: {env: {DB_HOST: <host>}}}`");
        return None;
    };
    Some(edges(reader, mapping))
}

fn span(at: &Locus) -> Span {
    match at {
        Locus::File { span, .. } => *span,
        _ => Span::default(),
    }
}

/// Lays what the namespace says of an edge under what its service says of it.
fn bind(reader: &mut Reader<'_>, service: &mut Service, binds: &[Relation]) {
    for relation in &mut service.uses {
        if let Some(bound) = binds.iter().find(|bound| bound.to == relation.to) {
            let weight: usize = bound.env.iter().map(|(name, value)| name.len() + value.plain().len()).sum();
            if !reader.may_repeat(weight, span(&relation.at)) {
                return;
            }
            let mut whole = Relation { at: relation.at.clone(), ..bound.clone() };
            whole.merge(relation);
            *relation = whole;
        }
    }
}
