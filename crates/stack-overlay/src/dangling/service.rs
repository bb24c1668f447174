use stack_krm::Resource;
use stack_krm::yaml::Node;

use super::selector::Selector;
use super::tree::{Tree, text, texts};

/// A Kubernetes Service.
pub(super) struct Service<'a> {
    pub(super) resource: &'a Resource,
    pub(super) namespace: &'a str,
    pub(super) ports: Vec<ServicePort<'a>>,
    /// None where somebody else keeps the endpoints.
    pub(super) selector: Option<Selector<'a>>,
    pub(super) headless: bool,
    /// An alias of a name outside.
    pub(super) external: bool,
}

/// One of its ports.
pub(super) struct ServicePort<'a> {
    pub(super) name: Option<&'a str>,
    pub(super) number: u16,
    pub(super) target: Option<&'a Node>,
}

impl<'a> Service<'a> {
    pub(super) fn of(resource: &'a Resource, namespace: &'a str) -> Self {
        let spec = resource.node().get("spec");
        let field = |key| spec.and_then(|spec| text(spec, key));
        let ports = spec.and_then(|spec| spec.get("ports")).and_then(Node::as_sequence).unwrap_or_default();
        let labels = texts(spec.and_then(|spec| spec.get("selector")));
        Self {
            resource,
            namespace,
            ports: ports.iter().filter_map(ServicePort::of).collect(),
            selector: (!labels.is_empty()).then(|| Selector::of_labels(labels)),
            headless: field("clusterIP") == Some("None"),
            external: field("type") == Some("ExternalName"),
        }
    }

    pub(super) fn name(&self) -> &'a str {
        self.resource.name()
    }

    /// Whether a client reaches something there. A headless Service leads to the pods themselves, so their ports count too.
    pub(super) fn listens_on(&self, port: u16, tree: &Tree<'a>) -> bool {
        if self.external || self.ports.iter().any(|known| known.number == port) {
            return true;
        }
        self.headless && tree.pods_of(self).any(|pod| pod.ports().any(|(_, number)| number == port))
    }

    pub(super) fn ports_in_words(&self) -> String {
        let numbers: Vec<String> = self.ports.iter().map(|port| port.number.to_string()).collect();
        numbers.join(", ")
    }
}

impl<'a> ServicePort<'a> {
    fn of(node: &'a Node) -> Option<Self> {
        let number = node.get("port")?.as_u64().and_then(|number| u16::try_from(number).ok())?;
        Some(Self { name: text(node, "name"), number, target: node.get("targetPort") })
    }
}
