use stack_krm::Resource;
use stack_krm::yaml::Node;
use stack_source::{Diagnostic, Report, nearest};

use super::operators;
use super::rules::{POLICY_SELECTS_NOTHING, SELECTS_NOTHING};
use super::selector::Selector;
use super::tree::{Tree, called, nodes, place};

/// Kinds with a selector of pods in their own namespace, and where it stands.
const SELECTORS: &[(&str, &[&str])] =
    &[("NetworkPolicy", &["spec", "podSelector"]), ("PodDisruptionBudget", &["spec", "selector"])];

/// The label that every namespace has.
const NAME_LABEL: &str = "kubernetes.io/metadata.name";

/// Finds selectors that fit no pod.
pub(super) fn check(tree: &Tree<'_>, report: &mut Report) {
    for service in &tree.services {
        let Some(selector) = service.selector.as_ref().filter(|selector| !is_foreign(selector)) else { continue };
        if !service.external && tree.pods_of(service).next().is_none() {
            let node = service.resource.node().at(["spec", "selector"]).unwrap_or(service.resource.node());
            report.add(nothing(tree, service.resource, node, selector, service.namespace));
        }
    }
    for (kind, path) in SELECTORS {
        for resource in tree.resources.of_kind(kind) {
            let Some(node) = resource.node().at(path.iter().copied()) else { continue };
            let (selector, namespace) = (Selector::of(node), tree.namespace(resource));
            if !selector.is_empty() && !is_foreign(&selector) && !selects(tree, &selector, &[namespace]) {
                report.add(nothing(tree, resource, node, &selector, namespace));
            }
        }
    }
    for policy in tree.resources.of_kind("NetworkPolicy") {
        let from = nodes(policy.node(), &["spec", "ingress", "*", "from", "*"]);
        for peer in from.into_iter().chain(nodes(policy.node(), &["spec", "egress", "*", "to", "*"])) {
            check_peer(tree, policy, peer, report);
        }
    }
}

/// A selector of pods that an operator makes.
fn is_foreign(selector: &Selector<'_>) -> bool {
    selector.keys().any(operators::labels)
}

fn selects(tree: &Tree<'_>, selector: &Selector<'_>, namespaces: &[&str]) -> bool {
    tree.pods.iter().any(|pod| namespaces.contains(&pod.namespace) && selector.fits(&pod.labels))
}

fn nothing(tree: &Tree<'_>, resource: &Resource, node: &Node, selector: &Selector<'_>, namespace: &str) -> Diagnostic {
    let message = format!("{} selects pods with {}, and `{namespace}` has none", called(resource), selector.in_words());
    Diagnostic::new(&SELECTS_NOTHING, message)
        .at(place(resource, node))
        .help(labels_in_words(tree, selector, namespace))
}

/// Values that pods have under the selector's keys, the nearest first.
fn labels_in_words(tree: &Tree<'_>, selector: &Selector<'_>, namespace: &str) -> String {
    let pods = || tree.pods.iter().filter(|pod| pod.namespace == namespace);
    for key in selector.keys() {
        let values =
            || pods().flat_map(|pod| pod.labels.iter()).filter(|(known, _)| *known == key).map(|(_, value)| *value);
        let wanted = selector.label(key).unwrap_or_default();
        if values().any(|value| value == wanted) {
            continue;
        }
        if let Some(near) = nearest(wanted, values()) {
            return format!("did you mean `{key}: {near}`?");
        }
        let mut known: Vec<&str> = values().collect();
        known.sort_unstable();
        known.dedup();
        known.truncate(8);
        if !known.is_empty() {
            return format!("pods there have `{key}` with {}", known.join(", "));
        }
        return format!("no pod there has the label `{key}`: give it to the pods' template");
    }
    "no pod has all of these labels at once".into()
}

/// A peer selects pods of the policy's namespace, or of the one that its `namespaceSelector` names.
fn check_peer(tree: &Tree<'_>, policy: &Resource, peer: &Node, report: &mut Report) {
    let Some(node) = peer.get("podSelector") else { return };
    let selector = Selector::of(node);
    if selector.is_empty() || is_foreign(&selector) {
        return;
    }
    let own = tree.namespace(policy);
    let namespace = match peer.get("namespaceSelector") {
        None => own,
        // Only the name is said by one namespace alone; any other label may stand on namespaces outside the tree.
        Some(namespaces) => match Selector::of(namespaces).label(NAME_LABEL) {
            Some(name) => name,
            None => return,
        },
    };
    // A namespace without a pod in the tree is filled by somebody else.
    let ours = namespace == own || tree.pods.iter().any(|pod| pod.namespace == namespace);
    if ours && !selects(tree, &selector, &[namespace]) {
        let message = format!("a peer of {} has {}, and no pod there has", called(policy), selector.in_words());
        let help = labels_in_words(tree, &selector, namespace);
        report.add(Diagnostic::new(&POLICY_SELECTS_NOTHING, message).at(place(policy, node)).help(help));
    }
}
