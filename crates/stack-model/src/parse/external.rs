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
        _ => ExternalKind::Url(url),
    };
    Some(External { kind, at })
}
