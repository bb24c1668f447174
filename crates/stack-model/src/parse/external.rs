use stack_krm::yaml::{Key, Node};

use super::{Reader, rule};
use crate::{External, ExternalKind, Network, address};

/// `person`, a URL, `{network: CIDR}`, `{network: CIDR, port: NUMBER}` or `{network: CIDR, url: URL}`.
pub(super) fn external(reader: &mut Reader<'_>, key: &Key, node: &Node) -> Option<External> {
    let at = reader.at(key.span);
    if reader.is_absent(node) {
        return Some(External { kind: ExternalKind::Absent, at });
    }
    if node.as_mapping().is_some() {
        let network = reader.fields(node, "an external", |fields| {
            fields.refuse_several(&["url", "port"]);
            let range = fields.require("network", Reader::template);
            let url = fields.read("url", Reader::template);
            let port = fields.read("port", Reader::port_number);
            Some(Network { range: range?, url, port })
        });
        return network.flatten().map(|network| External { kind: network.into(), at });
    }
    let url = reader.template(node)?;
    let kind = match url.as_text() {
        Some("person") => ExternalKind::Person,
        Some(text) => {
            if let Some((message, help)) = address::fault(text) {
                reader.fault(&rule::INVALID_EXTERNAL, node.span, message, help);
                return None;
            }
            ExternalKind::Url(url)
        }
        None => ExternalKind::Url(url),
    };
    Some(External { kind, at })
}
