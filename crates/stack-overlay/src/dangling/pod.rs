use stack_krm::Resource;
use stack_krm::yaml::Node;

use super::tree::{nodes, text, texts};

/// A pod, or the template that pods are made from.
pub(super) struct Pod<'a> {
    pub(super) resource: &'a Resource,
    pub(super) namespace: &'a str,
    pub(super) labels: Vec<(&'a str, &'a str)>,
    pub(super) annotations: Vec<(&'a str, &'a str)>,
    pub(super) spec: &'a Node,
}

/// Where kinds keep their pods' template; every other kind may have one at the first of these places.
const TEMPLATES: &[(&str, &[&str])] =
    &[("", &["spec", "template"]), ("Pod", &[]), ("CronJob", &["spec", "jobTemplate", "spec", "template"])];

/// The lists of containers of a pod, in the order in which they start.
const CONTAINERS: &[&str] = &["initContainers", "containers", "ephemeralContainers"];

pub(super) fn of<'a>(resource: &'a Resource, namespace: &'a str) -> Option<Pod<'a>> {
    let own = TEMPLATES.iter().find(|(kind, _)| *kind == resource.kind()).unwrap_or(&TEMPLATES[0]);
    let template = resource.node().at(own.1.iter().copied())?;
    let spec = template.get("spec").filter(|spec| spec.get("containers").is_some())?;
    let labels = texts(template.at(["metadata", "labels"]));
    let annotations = texts(template.at(["metadata", "annotations"]));
    Some(Pod { resource, namespace, labels, annotations, spec })
}

impl<'a> Pod<'a> {
    pub(super) fn containers(&self) -> impl Iterator<Item = &'a Node> {
        let spec = self.spec;
        CONTAINERS.iter().flat_map(move |list| nodes(spec, &[list, "*"]))
    }

    /// The ports that its containers declare, with their names.
    pub(super) fn ports(&self) -> impl Iterator<Item = (Option<&'a str>, u16)> {
        self.containers().flat_map(container_ports)
    }

    pub(super) fn has_port_named(&self, name: &str) -> bool {
        self.ports().any(|(known, _)| known == Some(name))
    }

    pub(super) fn volume(&self, name: &str) -> Option<&'a Node> {
        nodes(self.spec, &["volumes", "*"]).into_iter().find(|volume| text(volume, "name") == Some(name))
    }

    /// Whether a claim of a `StatefulSet` makes this volume.
    pub(super) fn has_claim_named(&self, name: &str) -> bool {
        let claims = nodes(self.resource.node(), &["spec", "volumeClaimTemplates", "*", "metadata"]);
        claims.into_iter().any(|metadata| text(metadata, "name") == Some(name))
    }

    /// Whether the pod knows this host by a line of its own.
    pub(super) fn has_alias(&self, host: &str) -> bool {
        let aliases = nodes(self.spec, &["hostAliases", "*", "hostnames", "*"]);
        text(self.spec, "hostname") == Some(host) || aliases.into_iter().any(|alias| alias.as_str() == Some(host))
    }
}

/// The ports that a container declares, with their names.
pub(super) fn container_ports(container: &Node) -> Vec<(Option<&str>, u16)> {
    let ports = nodes(container, &["ports", "*"]).into_iter();
    ports
        .filter_map(|port| {
            let number = port.get("containerPort")?.as_u64().and_then(|number| u16::try_from(number).ok())?;
            Some((text(port, "name"), number))
        })
        .collect()
}

/// How messages name a container.
pub(super) fn container_name(container: &Node) -> &str {
    text(container, "name").unwrap_or("?")
}
