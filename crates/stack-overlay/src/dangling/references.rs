use indexmap::IndexMap;
use indexmap::map::Entry;
use stack_krm::Resource;
use stack_krm::yaml::Node;
use stack_source::{Diagnostic, Report, Rule, nearest};

use super::environment::has_key;
use super::pod::{Pod, container_name};
use super::rules::{
    MISSING_CLAIM, MISSING_CONFIG_MAP, MISSING_DATA_KEY, MISSING_OBJECT, MISSING_SCALE_TARGET, MISSING_SECRET,
    MISSING_SERVICE, MISSING_SERVICE_ACCOUNT, MISSING_VOLUME, UNKNOWN_SERVICE_PORT, UNRENAMED_REFERENCE,
};
use super::tree::{Tree, called, nodes, place, text};

/// A field that names an object: the map that holds it, the field, and the kind of the object, unless the map says another.
struct Field {
    kind: &'static str,
    path: &'static [&'static str],
    name: &'static str,
    target: &'static str,
}

macro_rules! fields {
    ($($kind:literal $path:expr, $name:literal => $target:literal;)*) => {
        &[$(Field { kind: $kind, path: &$path, name: $name, target: $target }),*]
    };
}

/// Fields of a pod.
const POD_FIELDS: &[Field] = fields! {
    "" ["volumes", "*", "configMap"], "name" => "ConfigMap";
    "" ["volumes", "*", "projected", "sources", "*", "configMap"], "name" => "ConfigMap";
    "" ["volumes", "*", "secret"], "secretName" => "Secret";
    "" ["volumes", "*", "projected", "sources", "*", "secret"], "name" => "Secret";
    "" ["volumes", "*", "persistentVolumeClaim"], "claimName" => "PersistentVolumeClaim";
    "" ["imagePullSecrets", "*"], "name" => "Secret";
    "" [], "serviceAccountName" => "ServiceAccount";
};

/// Fields of a container.
const CONTAINER_FIELDS: &[Field] = fields! {
    "" ["envFrom", "*", "configMapRef"], "name" => "ConfigMap";
    "" ["envFrom", "*", "secretRef"], "name" => "Secret";
    "" ["env", "*", "valueFrom", "configMapKeyRef"], "name" => "ConfigMap";
    "" ["env", "*", "valueFrom", "secretKeyRef"], "name" => "Secret";
};

/// Fields of other objects.
const OBJECT_FIELDS: &[Field] = fields! {
    "HorizontalPodAutoscaler" ["spec", "scaleTargetRef"], "name" => "Deployment";
    "ScaledObject" ["spec", "scaleTargetRef"], "name" => "Deployment";
    "StatefulSet" ["spec"], "serviceName" => "Service";
    "Ingress" ["spec", "defaultBackend", "service"], "name" => "Service";
    "Ingress" ["spec", "rules", "*", "http", "paths", "*", "backend", "service"], "name" => "Service";
    "Ingress" ["spec", "tls", "*"], "secretName" => "Secret";
    "IngressRoute" ["spec", "routes", "*", "services", "*"], "name" => "Service";
    "IngressRoute" ["spec", "routes", "*", "middlewares", "*"], "name" => "Middleware";
    "IngressRoute" ["spec", "tls"], "secretName" => "Secret";
    "IngressRouteTCP" ["spec", "routes", "*", "services", "*"], "name" => "Service";
    "HTTPRoute" ["spec", "rules", "*", "backendRefs", "*"], "name" => "Service";
    "GRPCRoute" ["spec", "rules", "*", "backendRefs", "*"], "name" => "Service";
    "TCPRoute" ["spec", "rules", "*", "backendRefs", "*"], "name" => "Service";
    "RoleBinding" ["subjects", "*"], "name" => "ServiceAccount";
    "ClusterRoleBinding" ["subjects", "*"], "name" => "ServiceAccount";
    "Pooler" ["spec", "cluster"], "name" => "Cluster";
    "Cluster" ["spec", "bootstrap", "initdb", "secret"], "name" => "Secret";
    "Cluster" ["spec", "superuserSecret"], "name" => "Secret";
};

/// What the absence of an object of a kind breaks.
const MISSING: &[(&str, &Rule)] = &[
    ("ConfigMap", &MISSING_CONFIG_MAP),
    ("Secret", &MISSING_SECRET),
    ("PersistentVolumeClaim", &MISSING_CLAIM),
    ("ServiceAccount", &MISSING_SERVICE_ACCOUNT),
    ("Service", &MISSING_SERVICE),
];

/// Objects that the cluster brings: kind and name.
const BUILT_IN: &[(&str, &str)] =
    &[("ServiceAccount", "default"), ("ConfigMap", "kube-root-ca.crt"), ("Service", "kubernetes")];

/// Kinds of subjects and backends that are no objects of the tree.
const NO_OBJECTS: &[&str] = &["User", "Group", "TraefikService"];

/// Resolves every field that names an object. An object that is not there is one fault, however many fields name it.
pub(super) fn check(tree: &Tree<'_>, report: &mut Report) {
    let mut found = Found { report, missing: IndexMap::new() };
    for pod in &tree.pods {
        let from = called(pod.resource);
        for field in POD_FIELDS {
            field.check(tree, pod.resource, pod.spec, &from, &mut found);
        }
        for container in pod.containers() {
            let from = format!("container `{}` in {}", container_name(container), called(pod.resource));
            for field in CONTAINER_FIELDS {
                field.check(tree, pod.resource, container, &from, &mut found);
            }
            volumes(tree, pod, container, &from, found.report);
        }
    }
    for resource in tree.resources {
        for field in OBJECT_FIELDS.iter().filter(|field| field.kind == resource.kind()) {
            field.check(tree, resource, resource.node(), &called(resource), &mut found);
        }
    }
    let Found { report, missing } = found;
    missing.into_values().for_each(|fault| report.add(fault));
}

/// What is wrong so far.
struct Found<'r> {
    report: &'r mut Report,
    /// Objects that are not there: kind, namespace and name.
    missing: IndexMap<(String, String, String), Diagnostic>,
}

impl Found<'_> {
    fn missing(&mut self, kind: &str, namespace: &str, name: &str, fault: Diagnostic) {
        match self.missing.entry((kind.to_owned(), namespace.to_owned(), name.to_owned())) {
            Entry::Vacant(entry) => {
                entry.insert(fault);
            }
            Entry::Occupied(mut entry) if entry.get().rule == fault.rule => {
                entry.get_mut().related.push((fault.at, "named here too".to_owned()));
            }
            Entry::Occupied(_) => self.report.add(fault),
        }
    }
}

/// Whether an autoscaler decides how many replicas there are.
pub(super) fn is_scaled(tree: &Tree<'_>, resource: &Resource) -> bool {
    let targets = ["HorizontalPodAutoscaler", "ScaledObject"].into_iter().flat_map(|kind| tree.resources.of_kind(kind));
    targets.filter_map(|scaler| scaler.node().at(["spec", "scaleTargetRef"])).any(|target| {
        text(target, "name") == Some(resource.name()) && text(target, "kind").unwrap_or("Deployment") == resource.kind()
    })
}

impl Field {
    fn check(&self, tree: &Tree<'_>, resource: &Resource, root: &Node, from: &str, found: &mut Found<'_>) {
        for holder in nodes(root, self.path) {
            let Some(name) = text(holder, self.name) else { continue };
            // `kind` beside a name says what is named; at the top it is the object's own.
            let kind = if self.path.is_empty() || self.path == ["spec"] { None } else { text(holder, "kind") };
            let kind = kind.unwrap_or(self.target);
            let node = holder.get(self.name).unwrap_or(holder);
            let namespace = tree.namespace_of(resource, text(holder, "namespace"));
            if NO_OBJECTS.contains(&kind) || holder.get("optional").and_then(Node::as_bool) == Some(true) {
                continue;
            }
            match tree.object(kind, namespace, name) {
                Some(object) => {
                    keys(resource, holder, object, from, found.report);
                    port(tree, resource, holder, object, from, found.report);
                }
                None if self.comes_from_outside(tree, resource, kind, namespace, name) => {}
                None => {
                    let (rule, message, help) = self.missing(tree, kind, namespace, name, from);
                    let fault = Diagnostic::new(rule, message).at(place(resource, node)).maybe_help(help);
                    found.missing(kind, namespace, name, fault);
                }
            }
        }
    }

    fn comes_from_outside(
        &self,
        tree: &Tree<'_>,
        resource: &Resource,
        kind: &str,
        namespace: &str,
        name: &str,
    ) -> bool {
        let made = |kind| tree.is_made(kind, namespace, name);
        let issued = self.kind == "Ingress"
            && kind == "Secret"
            && resource.annotations().any(|(key, _)| key.starts_with("cert-manager.io/"));
        let made = match kind {
            "Secret" => made("Secret"),
            "Service" => made("Service"),
            _ => false,
        };
        // A role binding often speaks of accounts that a chart or another tree brings.
        let foreign = kind == "ServiceAccount" && !tree.namespaces.contains(namespace);
        // A StatefulSet puts its own claim in the place of a volume of that name.
        let claims = nodes(resource.node(), &["spec", "volumeClaimTemplates", "*", "metadata"]);
        let templated = kind == "PersistentVolumeClaim" && claims.iter().any(|claim| text(claim, "name") == Some(name));
        BUILT_IN.contains(&(kind, name)) || templated || made || issued || foreign
    }

    fn missing(
        &self,
        tree: &Tree<'_>,
        kind: &str,
        namespace: &str,
        name: &str,
        from: &str,
    ) -> (&'static Rule, String, Option<String>) {
        if let Some(renamed) = tree.renamed(kind, namespace, name) {
            let message = format!("{from} names the {kind} `{name}`, which is called `{renamed}` here");
            return (
                &UNRENAMED_REFERENCE,
                message,
                Some(format!("write `{renamed}`, or a `nameReference` for this field")),
            );
        }
        let scales = self.path.last() == Some(&"scaleTargetRef");
        let known = MISSING.iter().find(|(known, _)| *known == kind).map(|(_, rule)| *rule);
        let rule = if scales { &MISSING_SCALE_TARGET } else { known.unwrap_or(&MISSING_OBJECT) };
        let message = format!("{from} names the {kind} `{name}`, which is not in `{namespace}`");
        let near = nearest(name, tree.names_of(kind, namespace)).map(|near| format!("did you mean `{near}`?"));
        (rule, message, near.or_else(|| Some(format!("add the {kind} `{name}`, or take the reference out"))))
    }
}

/// The key that is taken, and the keys that a volume shows as files.
fn keys(resource: &Resource, holder: &Node, object: &Resource, from: &str, report: &mut Report) {
    if !matches!(object.kind(), "ConfigMap" | "Secret") {
        return;
    }
    let own = holder.get("key").into_iter();
    for node in own.chain(nodes(holder, &["items", "*", "key"])) {
        let key = node.as_scalar().map(|scalar| scalar.text.as_str()).unwrap_or_default();
        if !has_key(object, key) {
            report.add(missing_key(resource, node, object, key, from));
        }
    }
}

fn missing_key(resource: &Resource, node: &Node, object: &Resource, key: &str, from: &str) -> Diagnostic {
    let fields =
        ["data", "stringData", "binaryData"].into_iter().filter_map(|field| object.node().get(field)?.as_mapping());
    let known: Vec<&str> = fields.flat_map(|keys| keys.iter().map(|(key, _)| key)).collect();
    let help = nearest(key, known.iter().copied()).map_or_else(
        || {
            format!(
                "it has {}",
                if known.is_empty() { "no keys".to_owned() } else { format!("`{}`", known.join("`, `")) }
            )
        },
        |near| format!("did you mean `{near}`?"),
    );
    let message = format!("{from} takes the key `{key}` from {}, which does not have it", called(object));
    Diagnostic::new(&MISSING_DATA_KEY, message).at(place(resource, node)).help(help)
}

/// The port that stands beside a backend's name.
fn port(tree: &Tree<'_>, resource: &Resource, holder: &Node, object: &Resource, from: &str, report: &mut Report) {
    let Some(service) = tree.service(tree.namespace_of(object, None), object.name()) else { return };
    let Some(node) = holder.get("port") else { return };
    let named = node.get("name").or_else(|| Some(node).filter(|node| node.as_str().is_some()));
    let numbered = node.get("number").unwrap_or(node).as_u64();
    let found = match (named.and_then(Node::as_str), numbered) {
        (Some(name), _) => service.ports.iter().any(|port| port.name == Some(name)),
        (None, Some(number)) => service.external || service.ports.iter().any(|port| u64::from(port.number) == number),
        (None, None) => true,
    };
    if !found {
        let asked =
            named.and_then(Node::as_str).map_or_else(|| numbered.unwrap_or_default().to_string(), str::to_owned);
        let message = format!("{from} asks for the port `{asked}` of {}, which does not have it", called(object));
        let known: Vec<String> = service
            .ports
            .iter()
            .map(|port| port.name.map_or_else(|| port.number.to_string(), |name| format!("`{name}` ({})", port.number)))
            .collect();
        let help = format!("it has {}", known.join(", "));
        report.add(Diagnostic::new(&UNKNOWN_SERVICE_PORT, message).at(place(resource, node)).help(help));
    }
}

/// Mounts name volumes of the pod, and their `subPath` a key of a mounted `ConfigMap` or Secret.
fn volumes(tree: &Tree<'_>, pod: &Pod<'_>, container: &Node, from: &str, report: &mut Report) {
    for mount in nodes(container, &["volumeMounts", "*"]) {
        let Some(name) = text(mount, "name").filter(|name| !pod.has_claim_named(name)) else { continue };
        let Some(volume) = pod.volume(name) else {
            let known = nodes(pod.spec, &["volumes", "*"]);
            let near = nearest(name, known.into_iter().filter_map(|volume| text(volume, "name")));
            let help =
                near.map_or_else(|| format!("add the volume `{name}`"), |near| format!("did you mean `{near}`?"));
            let message = format!("{from} mounts the volume `{name}`, which the pod does not have");
            report.add(Diagnostic::new(&MISSING_VOLUME, message).at(place(pod.resource, mount)).help(help));
            continue;
        };
        for (source, field, kind) in [("configMap", "name", "ConfigMap"), ("secret", "secretName", "Secret")] {
            let object = volume.get(source).and_then(|source| text(source, field));
            let object = object.and_then(|name| tree.object(kind, pod.namespace, name));
            let (Some(object), Some(file)) = (object, text(mount, "subPath")) else { continue };
            let items = nodes(volume, &[source, "items", "*", "path"]);
            let shown =
                items.iter().any(|path| path.as_str() == Some(file)) || (items.is_empty() && has_key(object, file));
            if !shown {
                report.add(missing_key(pod.resource, mount.get("subPath").unwrap_or(mount), object, file, from));
            }
        }
    }
}
