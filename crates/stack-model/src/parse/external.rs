use stack_krm::yaml::{Key, Node};

use super::{Reader, rule};
use crate::{External, ExternalKind, address};

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
