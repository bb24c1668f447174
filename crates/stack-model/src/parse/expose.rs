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
        return Some(Exposure { edges: vec![edge(reader, node)?], headless: false });
    }
    if node.as_sequence().is_some() {
        let edges = reader.list(node, "a list of ways", edge)?;
        return Some(Exposure { edges, headless: false });
    }
    let headless = reader.word(node, "a way to a service", &[("headless", true)])?;
    Some(Exposure { edges: Vec::new(), headless })
}

const WAYS: [&str; 3] = ["ingress", "load-balancer", "node-port"];

fn edge(reader: &mut Reader<'_>, node: &Node) -> Option<Expose> {
    let edge = reader.fields(node, "a way to a service", |fields| {
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
        let way = way(fields);
        let port = fields.read("port", Reader::text);
        let to = fields.read("to", Reader::text);
        let purpose = fields.read("purpose", Reader::text);
        Some(Expose { way: way?, port, to, purpose, at: fields.at() })
    });
    edge.flatten()
}

fn way(fields: &mut Fields<'_, '_, '_>) -> Option<Way> {
    let ingress = fields.read("ingress", ingress).map(Way::Ingress);
    let load_balancer = fields.read("load-balancer", load_balancer);
    let node_port = fields.read("node-port", Reader::port_number).map(|number| Way::NodePort(Some(number)));
    ingress.or(load_balancer).or(node_port)
}

fn ingress(reader: &mut Reader<'_>, node: &Node) -> Option<IngressRule> {
    let rule = reader.fields(node, "an ingress", |fields| {
        let host: Option<Template> = fields.require("host", Reader::template);
        let path = fields.read("path", Reader::text).unwrap_or_else(|| "/".to_owned());
        let tls = fields.read("tls", Reader::text);
        Some(IngressRule { host: host?, path, tls })
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
