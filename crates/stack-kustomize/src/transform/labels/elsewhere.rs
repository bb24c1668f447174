//! Labels that come to selectors of what lives elsewhere, and has none of them.

use stack_krm::yaml::{Node, Text};
use stack_source::Locus;

use crate::item::Item;
use crate::kyaml::text_of;
use crate::layer::Session;
use crate::rules::UNEXPECTED;

/// Where a `NetworkPolicy` lists those it lets in or out.
const PEERS: [[&str; 2]; 2] = [["ingress", "from"], ["egress", "to"]];

/// Tells of what an object selects elsewhere and will no longer.
pub(super) fn warn(item: &Item, pairs: &[(Text, Node)], at: &Locus, session: &mut Session) {
    let id = &item.id;
    let what = match id.gvk.kind.as_str() {
        "Service" if id.gvk.is_of_api_version("v1") && has_no_selector(item) => {
            "has no selector, and gets one of these labels"
        }
        "NetworkPolicy" if has_peer_elsewhere(item, pairs) => "asks for these labels on pods of other namespaces, too",
        _ => return,
    };
    session.warn(
        &UNEXPECTED,
        format!("`{id}` {what}"),
        at,
        "give the labels with `labels`, without `includeSelectors`",
    );
}

/// A Service without one has its endpoints from elsewhere, or is another name for a host and has none.
fn has_no_selector(item: &Item) -> bool {
    let is_host = item.node.at(["spec", "type"]).is_some_and(|kind| text_of(kind) == "ExternalName");
    !is_host && item.node.at(["spec", "selector"]).is_none_or(Node::is_null)
}

/// Whether labels that a selector does not have come to one that looks into other namespaces.
fn has_peer_elsewhere(item: &Item, pairs: &[(Text, Node)]) -> bool {
    let is_new = |labels: &Node| {
        pairs.iter().any(|(key, value)| labels.get(key).is_none_or(|known| text_of(known) != text_of(value)))
    };
    PEERS.iter().any(|[rules, peers]| {
        let rules = list(item.node.at(["spec", rules])).iter();
        let mut peers = rules.flat_map(|rule| list(rule.get(peers)));
        peers.any(|peer| {
            peer.get("namespaceSelector").is_some() && peer.at(["podSelector", "matchLabels"]).is_some_and(is_new)
        })
    })
}

fn list(node: Option<&Node>) -> &[Node] {
    node.and_then(Node::as_sequence).unwrap_or_default()
}
