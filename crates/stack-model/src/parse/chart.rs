use indexmap::IndexMap;
use stack_krm::yaml::Node;

use super::port::{numbers, ports};
use super::{Fields, Reader};
use crate::{Chart, ChartPort, Port, RawObject, Template};

/// `{from: https://charts.example.com, name: signoz, version: 0.131.0}`, and the keys beside it that are about the chart.
pub(super) fn chart(fields: &mut Fields<'_, '_, '_>) -> Option<Chart> {
    let _ = fields.entry("chart")?;
    let chart = fields.read("chart", |reader, node| {
        let at = reader.at(node.span);
        let chart = reader.fields(node, "a chart", |fields| {
            let from = fields.require("from", Reader::text);
            let name = fields.require("name", Reader::text);
            let version = fields.require("version", Reader::text);
            let (values, serves, needs, pods) = (None, Vec::new(), Vec::new(), IndexMap::new());
            Some(Chart { from: from?, name: name?, version: version?, values, serves, needs, pods, at })
        });
        chart.flatten()
    });
    let values = fields.read("values", |_, node| Some(node.clone()));
    let serves = fields.read("serves", Reader::texts).unwrap_or_default();
    let needs = fields.read("needs", Reader::texts).unwrap_or_default();
    let pods = fields.read("pods", Reader::template_map).unwrap_or_default();
    chart.map(|chart| Chart { values, serves, needs, pods, ..chart })
}

/// The ports of a chart: `{ui: {service: signoz, port: 8080/http, pods: {app: signoz}}}`, or as those of any service.
pub(super) fn chart_ports(reader: &mut Reader<'_>, node: &Node) -> Option<IndexMap<String, Port>> {
    if node.as_mapping().is_none_or(|mapping| mapping.iter().all(|(_, port)| port.as_mapping().is_none())) {
        return ports(reader, node);
    }
    reader.map(node, "a map of ports, as `{ui: {service: app, port: 8080/http}}`", |reader, key, node| {
        let port = reader.fields(node, "a port of a chart", |fields| {
            let service = fields.require("service", Reader::text);
            let pods: IndexMap<String, Template> = fields.read("pods", Reader::template_map).unwrap_or_default();
            let port = fields.require("port", |reader, node| numbers(reader, key.as_str(), node));
            Some(Port { chart: Some(Box::new(ChartPort { service: service?, pods })), ..port? })
        });
        port.flatten()
    })
}

/// Objects by name: `{tls: {kind: traefik.io/v1alpha1 TLSOption, spec: …}}`.
pub(super) fn objects(reader: &mut Reader<'_>, node: &Node) -> Option<IndexMap<String, RawObject>> {
    let wanted = "a map of objects, as `{tls: {kind: traefik.io/v1alpha1 TLSOption, spec: {}}}`";
    reader.map(node, wanted, |reader, key, node| {
        let at = reader.at(key.span);
        let mut body = node.clone();
        if let Some(mapping) = body.as_mapping_mut() {
            mapping.remove("kind");
            mapping.remove("namespace");
        }
        let object = reader.fields(node, "an object", |fields| {
            fields.allow_any();
            let kind = fields.require("kind", kind);
            let namespace = fields.read("namespace", Reader::text);
            let (api_version, kind) = kind?;
            Some(RawObject { api_version, kind, namespace, body, at })
        });
        object.flatten()
    })
}

/// `traefik.io/v1alpha1 TLSOption`, or `v1 LimitRange`.
fn kind(reader: &mut Reader<'_>, node: &Node) -> Option<(String, String)> {
    let text = reader.text(node)?;
    match text.split_once(' ') {
        Some((api_version, kind)) if !api_version.is_empty() && !kind.is_empty() && !kind.contains(' ') => {
            Some((api_version.to_owned(), kind.to_owned()))
        }
        _ => {
            reader.wrong_kind(node, "a version and a kind, as `traefik.io/v1alpha1 TLSOption`");
            None
        }
    }
}
