use std::collections::BTreeMap;

use stack_krm::yaml::Node;
use stack_source::{Diagnostic, Locus, Report, Rule, TreePath, nearest};

use super::rules::{
    FORWARD_NAMESPACE, FORWARD_PORT, FORWARD_TO_NOTHING, FORWARD_WITHOUT_PODS, LOCAL_PORT, NEVER_PULLED, NO_MANIFESTS,
    UNUSED_ARTIFACT,
};
use super::service::Service;
use super::tree::{Tree, called, nodes, place, text};

/// A skaffold.yaml and the tree that it deploys.
struct Skaffold<'s, 'a> {
    tree: &'s Tree<'a>,
    path: &'s TreePath,
    root: &'s Node,
}

/// Checks what Skaffold itself does not: it forwards, builds and waits without asking whether anything is there.
pub(super) fn check(tree: &Tree<'_>, path: &TreePath, root: &Node, report: &mut Report) {
    let skaffold = Skaffold { tree, path, root };
    for forward in nodes(root, &["portForward", "*"]) {
        skaffold.forward(forward, report);
    }
    skaffold.local_ports(report);
    skaffold.artifacts(report);
    skaffold.manifests(report);
}

/// The kinds that Skaffold forwards to, as it writes them.
const KINDS: &[(&str, &str)] = &[
    ("daemonset", "DaemonSet"),
    ("deployment", "Deployment"),
    ("pod", "Pod"),
    ("replicaset", "ReplicaSet"),
    ("service", "Service"),
    ("statefulset", "StatefulSet"),
];

impl Skaffold<'_, '_> {
    fn say(&self, rule: &'static Rule, node: &Node, message: String, help: String) -> Diagnostic {
        Diagnostic::new(rule, message).at(Locus::in_file(self.path.clone(), node.span)).help(help)
    }

    fn forward(&self, forward: &Node, report: &mut Report) {
        let tree = self.tree;
        let Some(name) = text(forward, "resourceName").filter(|name| !name.contains("{{")) else { return };
        let node = forward.get("resourceName").unwrap_or(forward);
        let asked = text(forward, "resourceType").unwrap_or_default();
        let known = KINDS.iter().find(|(known, _)| known.eq_ignore_ascii_case(asked));
        let Some((lower, kind)) = known.copied().filter(|(lower, _)| *lower == asked) else {
            let lower = known.map_or("service", |(lower, _)| lower);
            let message = format!("the forward to `{name}` has the resource type `{asked}`");
            report.add(self.say(&FORWARD_TO_NOTHING, forward, message, format!("write `resourceType: {lower}`")));
            return;
        };
        let default = self.root.at(["deploy", "kubectl"]).and_then(|kubectl| text(kubectl, "defaultNamespace"));
        let namespace = text(forward, "namespace").or(default).unwrap_or(tree.assumed);
        if tree.object(kind, namespace, name).is_none() {
            report.add(self.no_target(kind, lower, namespace, name, node));
            return;
        }
        if let Some(default) = default.filter(|default| *default != namespace) {
            let message = format!("the forward to `{name}` is for `{namespace}`, and Skaffold deploys to `{default}`");
            report.add(self.say(
                &FORWARD_NAMESPACE,
                forward,
                message,
                format!("write `defaultNamespace: {namespace}`"),
            ));
        }
        if let Some(service) = tree.service(namespace, name).filter(|_| kind == "Service") {
            self.port(forward, service, report);
            self.pods(node, service, report);
        }
    }

    fn no_target(&self, kind: &str, lower: &str, namespace: &str, name: &str, node: &Node) -> Diagnostic {
        let elsewhere = self.tree.namespaces.iter().find(|other| self.tree.object(kind, other, name).is_some());
        if let Some(other) = elsewhere {
            let message =
                format!("the forward looks for the {lower} `{name}` in `{namespace}`, and it is rendered in `{other}`");
            return self.say(&FORWARD_NAMESPACE, node, message, format!("write `namespace: {other}`"));
        }
        let near = self.tree.renamed(kind, namespace, name);
        let near = near.or_else(|| nearest(name, self.tree.names_of(kind, namespace)));
        let help =
            near.map_or_else(|| "take the forward out".to_owned(), |near| format!("write `resourceName: {near}`"));
        self.say(&FORWARD_TO_NOTHING, node, format!("no {lower} `{name}` is rendered in `{namespace}`"), help)
    }

    fn port(&self, forward: &Node, service: &Service<'_>, report: &mut Report) {
        let node = forward.get("port").unwrap_or(forward);
        let number = node.as_u64();
        if number.is_some_and(|number| service.ports.iter().any(|port| u64::from(port.number) == number)) {
            return;
        }
        let named = node.as_str().and_then(|name| service.ports.iter().find(|port| port.name == Some(name)));
        let asked = node.as_scalar().map(|scalar| scalar.text.as_str()).unwrap_or_default();
        let message = format!("the forward to `{}` asks for the port `{asked}`", service.name());
        let help = named.map_or_else(
            || format!("it listens on {}", service.ports_in_words()),
            |port| format!("write the number, `port: {}`: a name gets any local port", port.number),
        );
        report.add(self.say(&FORWARD_PORT, node, message, help));
    }

    fn pods(&self, node: &Node, service: &Service<'_>, report: &mut Report) {
        if service.selector.is_none() || service.external {
            let message = format!("the forward goes to {}, which selects no pods itself", called(service.resource));
            report.add(self.say(&FORWARD_WITHOUT_PODS, node, message, "take the forward out".into()));
        } else if self.tree.pods_of(service).next().is_none() {
            let message =
                format!("the forward goes to {}, and no rendered pod has its labels", called(service.resource));
            report.add(self.say(&FORWARD_WITHOUT_PODS, node, message, "mend the selector".into()));
        }
    }

    fn local_ports(&self, report: &mut Report) {
        let mut taken: BTreeMap<u64, &str> = BTreeMap::new();
        for forward in nodes(self.root, &["portForward", "*"]) {
            let name = text(forward, "resourceName").unwrap_or("?");
            let Some(node) = forward.get("localPort") else {
                let message = format!("the forward to `{name}` has no local port");
                report.add(self.say(&LOCAL_PORT, forward, message, "add `localPort`".into()));
                continue;
            };
            let port = node.as_u64().unwrap_or_default();
            if !(1024..=65535).contains(&port) {
                let message = format!("the forward to `{name}` has the local port {port}");
                report.add(self.say(&LOCAL_PORT, node, message, "take one from 1024 to 65535".into()));
            } else if let Some(other) = taken.insert(port, name) {
                let message = format!("`{other}` and `{name}` are both forwarded to the local port {port}");
                report.add(self.say(&LOCAL_PORT, node, message, "give each its own".into()));
            }
        }
    }

    fn artifacts(&self, report: &mut Report) {
        let artifacts: Vec<(&str, &Node)> = nodes(self.root, &["build", "artifacts", "*", "image"])
            .into_iter()
            .filter_map(|image| Some((image.as_str()?, image)))
            .collect();
        let required = nodes(self.root, &["build", "artifacts", "*", "requires", "*", "image"]);
        let images: Vec<&str> = self.containers().filter_map(|(_, container)| text(container, "image")).collect();
        for (artifact, node) in &artifacts {
            let used = images.iter().any(|image| repository(image) == *artifact)
                || required.iter().any(|image| image.as_str() == Some(artifact))
                || self.in_custom_resources(artifact);
            if !used {
                let near = nearest(artifact, images.iter().map(|image| repository(image)));
                let help =
                    near.map_or_else(|| "take the artifact out".to_owned(), |near| format!("did you mean `{near}`?"));
                let message = format!("no rendered pod uses the image `{artifact}`");
                report.add(self.say(&UNUSED_ARTIFACT, node, message, help));
            }
        }
        for (resource, container) in self.containers() {
            let Some(image) = text(container, "image") else { continue };
            let built = artifacts.iter().any(|(artifact, _)| *artifact == repository(image));
            if text(container, "imagePullPolicy") == Some("Never") && !built {
                let message = format!("{} never pulls `{image}`, and Skaffold does not build it", called(resource));
                let at = place(resource, container.get("imagePullPolicy").unwrap_or(container));
                report.add(
                    Diagnostic::new(&NEVER_PULLED, message).at(at).help("write `IfNotPresent`, or add an artifact"),
                );
            }
        }
    }

    fn containers(&self) -> impl Iterator<Item = (&stack_krm::Resource, &Node)> {
        self.tree.pods.iter().flat_map(|pod| pod.containers().map(|container| (pod.resource, container)))
    }

    /// Custom resources name their image under keys of their own, which `resourceSelector` tells Skaffold.
    fn in_custom_resources(&self, artifact: &str) -> bool {
        let allowed = nodes(self.root, &["resourceSelector", "allow", "*", "groupKind"]);
        let kinds = allowed.into_iter().filter_map(|kind| kind.as_str()?.split('.').next());
        kinds.flat_map(|kind| self.tree.resources.of_kind(kind)).any(|resource| {
            let mut todo = vec![resource.node()];
            while let Some(node) = todo.pop() {
                if node.as_str().is_some_and(|text| repository(text) == artifact) {
                    return true;
                }
                todo.extend(node.as_sequence().unwrap_or_default());
                todo.extend(node.as_mapping().into_iter().flat_map(|mapping| mapping.iter().map(|(_, value)| value)));
            }
            false
        })
    }

    fn manifests(&self, report: &mut Report) {
        let named = |way: &[&str]| !nodes(self.root, &[&["manifests"], way].concat()).is_empty();
        let ways: [&[&str]; 4] = [&["kustomize", "paths", "*"], &["rawYaml", "*"], &["helm"], &["kpt"]];
        if !ways.into_iter().any(named) && nodes(self.root, &["requires", "*"]).is_empty() {
            let help = "add `manifests: {kustomize: {paths: [FOLDER]}}`".to_owned();
            report.add(self.say(&NO_MANIFESTS, self.root, "no kustomization is named".into(), help));
        }
    }
}

/// An image without its tag and digest.
fn repository(image: &str) -> &str {
    let image = image.split('@').next().unwrap_or(image);
    match image.rsplit_once(':') {
        Some((repository, tag)) if !tag.contains('/') => repository,
        _ => image,
    }
}
