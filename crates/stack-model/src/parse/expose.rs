use stack_krm::yaml::Node;

use super::{Fields, Reader, rule};
use crate::{Expose, IngressRule, Template, Way};

/// What `expose` says: edges from outside, and whether clients are led straight to the pods.
#[derive(Default)]
pub(super) struct Exposure {
    pub(super) edges: Vec<Expose>,
    pub(super) headless: bool,
}

/// `headless`, one way, or a list of ways.
pub(super) fn expose(reader: &mut Reader<'_>, node: &Node) -> Option<Exposure> {
    if node.as_mapping().is_some() {
        return Some(Exposure { edges: edge(reader, node)?, headless: false });
    }
    if node.as_sequence().is_some() {
        let edges = reader.list(node, "a list of ways", edge)?;
        return Some(Exposure { edges: edges.into_iter().flatten().collect(), headless: false });
    }
    let headless = reader.word(node, "a way to a service", &[("headless", true)])?;
    Some(Exposure { edges: Vec::new(), headless })
}

const WAYS: [&str; 3] = ["ingress", "load-balancer", "node-port"];

/// One way, or one for each port: `node-port: {http: 30080, grpc: 30090}`. None where a value says that there is none.
fn edge(reader: &mut Reader<'_>, node: &Node) -> Option<Vec<Expose>> {
    reader.fields(node, "a way to a service", |fields| {
        fields.refuse_several(&WAYS);
        if !WAYS.iter().any(|way| fields.has(way)) {
            let help = "add `ingress: {host: …}`, `load-balancer: true` or `node-port: 30080`".to_owned();
            fields.reader.fault(
                &rule::MISSING_KEY,
                node.span,
                "nothing says by which way the service is reached",
                help,
            );
        }
        let ways = ways(fields);
        let port = fields.read("port", Reader::text);
        let to = fields.read("to", Reader::text);
        let purpose = fields.read("purpose", Reader::text);
        let at = fields.at();
        let expose = |(of_way, way): (Option<String>, Way)| Expose {
            way,
            port: of_way.or_else(|| port.clone()),
            to: to.clone(),
            purpose: purpose.clone(),
            at: at.clone(),
        };
        ways.into_iter().map(expose).collect()
    })
}

/// Ways, each with the port where it says one.
fn ways(fields: &mut Fields<'_, '_, '_>) -> Vec<(Option<String>, Way)> {
    let mut ways: Vec<(Option<String>, Way)> = Vec::new();
    ways.extend(fields.read("ingress", ingress).map(|(port, rule)| (port, Way::Ingress(rule))));
    ways.extend(fields.read("load-balancer", load_balancer).map(|way| (None, way)));
    ways.extend(fields.read("node-port", node_ports).unwrap_or_default());
    ways
}

/// `30080`, or `{http: 30080}`.
fn node_ports(reader: &mut Reader<'_>, node: &Node) -> Option<Vec<(Option<String>, Way)>> {
    if node.as_mapping().is_none() {
        return Some(vec![(None, Way::NodePort(Some(reader.port_number(node)?)))]);
    }
    let ports = reader.map(node, "a map of ports, as `{http: 30080}`", |reader, _, node| reader.port_number(node))?;
    Some(ports.into_iter().map(|(port, number)| (Some(port), Way::NodePort(Some(number)))).collect())
}

/// Host, path and what happens there; nothing where the host is absent.
fn ingress(reader: &mut Reader<'_>, node: &Node) -> Option<(Option<String>, IngressRule)> {
    let rule = reader.fields(node, "an ingress", |fields| {
        let host: Option<Template> = fields.require("host", Reader::template);
        let path = fields.read("path", Reader::text).unwrap_or_else(|| "/".to_owned());
        let tls = fields.read("tls", |reader, node| {
            let wanted = "the name of the Secret that holds the certificate, as `chat-tls`";
            if node.as_bool().is_none() {
                return reader.text(node);
            }
            reader.wrong_kind(node, wanted);
            None
        });
        let strip = fields.read("strip", Reader::text);
        let body = fields.read("body", Reader::quantity);
        let port = fields.read("port", Reader::text);
        Some((port, IngressRule { host: host?, path, tls, strip, body }))
    });
    rule.flatten()
}

/// `true`, or the address that it should have.
fn load_balancer(reader: &mut Reader<'_>, node: &Node) -> Option<Way> {
    match node.as_bool() {
        Some(true) => Some(Way::LoadBalancer(None)),
        Some(false) => {
            let help = "take the key out".to_owned();
            reader.fault(&rule::WRONG_KIND, node.span, "a load balancer is `true` or an address", help);
            None
        }
        None => reader.text(node).map(|address| Way::LoadBalancer(Some(address))),
    }
}
