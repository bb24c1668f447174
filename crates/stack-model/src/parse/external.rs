use stack_krm::yaml::{Key, Node};

use super::{Reader, rule};
use crate::{External, ExternalKind};

/// `person`, a URL, or `{network: CIDR}`.
pub(super) fn external(reader: &mut Reader<'_>, key: &Key, node: &Node) -> Option<External> {
    let at = reader.at(key.span);
    if reader.is_absent(node) {
        return Some(External { kind: ExternalKind::Absent, at });
    }
    if node.as_mapping().is_some() {
        let network = reader.fields(node, "an external", |fields| fields.require("network", Reader::template));
        return network.flatten().map(|network| External { kind: ExternalKind::Network(network), at });
    }
    let url = reader.template(node)?;
    let kind = match url.as_text() {
        Some("person") => ExternalKind::Person,
        Some(text) if !text.contains("://") => {
            let help = "write `person`, a URL with its scheme, or `{network: 10.0.0.0/8}`".to_owned();
            reader.fault(&rule::INVALID_EXTERNAL, node.span, format!("`{text}` is no external"), help);
            return None;
        }
        Some(text) if !has_port(text) => {
            let help = "write a port from 1 to 65535 behind the host, or none".to_owned();
            reader.fault(&rule::INVALID_EXTERNAL, node.span, format!("`{text}` names no port that can be"), help);
            return None;
        }
        _ => ExternalKind::Url(url),
    };
    Some(External { kind, at })
}

/// Whether what stands behind the host, where something does, is a port.
fn has_port(url: &str) -> bool {
    let rest = url.split_once("://").map_or(url, |(_, rest)| rest);
    let authority = rest.split(['/', '?', '#']).next().unwrap_or(rest);
    let host = authority.rsplit('@').next().unwrap_or(authority);
    let behind = host.rsplit_once(']').map_or(host, |(_, behind)| behind);
    behind.split_once(':').is_none_or(|(_, port)| port.parse::<u16>().is_ok_and(|port| port > 0))
}
