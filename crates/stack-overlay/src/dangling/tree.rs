use std::collections::{BTreeMap, BTreeSet};

use stack_krm::yaml::{Mapping, Node};
use stack_krm::{Resource, ResourceSet};
use stack_source::Locus;

use super::operators;
use super::pod::{self, Pod};
use super::selector::Selector;
use super::service::Service;

/// A rendered tree, with what the cluster would find in it by name.
pub(super) struct Tree<'a> {
    pub(super) resources: &'a ResourceSet,
    /// The namespace of whatever has none.
    pub(super) assumed: &'a str,
    pub(super) services: Vec<Service<'a>>,
    by_name: BTreeMap<(&'a str, &'a str), usize>,
    pub(super) pods: Vec<Pod<'a>>,
    pub(super) namespaces: BTreeSet<&'a str>,
    objects: BTreeMap<(&'a str, &'a str, &'a str), &'a Resource>,
    made: BTreeSet<(&'static str, String, String)>,
    /// Names of releases: charts call what they make after them.
    releases: Vec<&'a str>,
    /// Pods by namespace and label.
    by_label: BTreeMap<(&'a str, &'a str, &'a str), Vec<usize>>,
    /// What all Kubernetes Services' and workloads' names start with, up to a hyphen, and what they end with.
    prefix: &'a str,
    suffix: &'a str,
}

impl<'a> Tree<'a> {
    pub(super) fn new(resources: &'a ResourceSet, assumed: &'a str) -> Self {
        let namespace = |resource: &'a Resource| resource.namespace().unwrap_or(assumed);
        let objects: BTreeMap<_, _> =
            resources.iter().map(|object| ((object.kind(), namespace(object), object.name()), object)).collect();
        let services: Vec<Service<'_>> = resources
            .of_kind("Service")
            .filter(|object| object.gvk().group.is_empty())
            .map(|object| Service::of(object, namespace(object)))
            .collect();
        let places = services.iter().enumerate();
        let by_name = places.map(|(index, service)| ((service.namespace, service.name()), index)).collect();
        let pods: Vec<Pod<'_>> = resources.iter().filter_map(|object| pod::of(object, namespace(object))).collect();
        let namespaces = resources.of_kind("Namespace").map(Resource::name);
        let namespaces = namespaces.chain(resources.iter().map(namespace)).chain([assumed]).collect();
        let made = resources.iter().flat_map(|object| operators::makes(object, namespace(object))).collect();
        let releases = ["HelmRelease", "HelmChart"].into_iter().flat_map(|kind| resources.of_kind(kind));
        let releases = releases.map(Resource::name).collect();
        let mut by_label: BTreeMap<_, Vec<usize>> = BTreeMap::new();
        for (index, pod) in pods.iter().enumerate() {
            for (key, value) in &pod.labels {
                by_label.entry((pod.namespace, *key, *value)).or_default().push(index);
            }
        }
        let mut names: Vec<&str> = services.iter().map(Service::name).collect();
        names.extend(pods.iter().map(|pod| pod.resource.name()));
        let prefix = shared_prefix(&names);
        let suffix = shared_suffix(&names);
        Self {
            resources,
            assumed,
            services,
            by_name,
            pods,
            namespaces,
            objects,
            made,
            releases,
            by_label,
            prefix,
            suffix,
        }
    }

    pub(super) fn namespace<'r>(&'r self, resource: &'r Resource) -> &'r str {
        resource.namespace().unwrap_or(self.assumed)
    }

    /// The namespace that a reference of an object means: the one beside it, else the object's own.
    pub(super) fn namespace_of<'r>(&'r self, resource: &'r Resource, beside: Option<&'r str>) -> &'r str {
        beside.unwrap_or_else(|| self.namespace(resource))
    }

    pub(super) fn object(&self, kind: &str, namespace: &str, name: &str) -> Option<&'a Resource> {
        self.objects.get(&(kind, namespace, name)).copied()
    }

    /// Whether an operator makes this object out of a custom resource of the tree.
    pub(super) fn is_made(&self, kind: &'static str, namespace: &str, name: &str) -> bool {
        self.made.contains(&(kind, namespace.to_owned(), name.to_owned()))
            || self
                .releases
                .iter()
                .any(|release| name.strip_prefix(release).is_some_and(|rest| rest.is_empty() || rest.starts_with('-')))
    }

    pub(super) fn service(&self, namespace: &str, name: &str) -> Option<&Service<'a>> {
        self.by_name.get(&(namespace, name)).copied().map(|index| &self.services[index])
    }

    /// The pods that a Kubernetes Service selects.
    pub(super) fn pods_of<'t>(&'t self, service: &'t Service<'a>) -> impl Iterator<Item = &'t Pod<'a>> {
        let selector = service.selector.as_ref();
        let first = selector.and_then(Selector::first_label);
        let some = first.and_then(|(key, value)| self.by_label.get(&(service.namespace, key, value)));
        let pods = some.into_iter().flatten().map(|index| &self.pods[*index]);
        pods.filter(move |pod| selector.is_some_and(|selector| selector.fits(&pod.labels)))
    }

    /// The names of all objects of a kind in a namespace, in order.
    pub(super) fn names_of<'t>(&'t self, kind: &'t str, namespace: &'t str) -> impl Iterator<Item = &'a str> + 't {
        let objects: &BTreeMap<(&str, &str, &str), &'a Resource> = &self.objects;
        objects
            .range((kind, namespace, "")..)
            .take_while(move |((known, place, _), _)| *known == kind && *place == namespace)
            .map(|(_, object)| object.name())
    }

    /// The object that an overlay has made of the one with this name: with the tree's prefix and suffix, or with a hash.
    pub(super) fn renamed(&self, kind: &str, namespace: &str, name: &str) -> Option<&'a str> {
        let whole = format!("{}{name}{}", self.prefix, self.suffix);
        self.names_of(kind, namespace)
            .filter(|known| *known != name)
            .find(|known| *known == whole || without_hash(known).is_some_and(|known| known == name || known == whole))
    }

    /// A Kubernetes Service whose name holds this one as its first or last part.
    pub(super) fn alike(&self, namespace: &str, name: &str) -> Option<&'a str> {
        self.names_of("Service", namespace).filter(|known| *known != name).find(|known| {
            let rest = known.strip_suffix(name).map(|rest| rest.ends_with('-'));
            rest.or_else(|| known.strip_prefix(name).map(|rest| rest.starts_with('-'))).unwrap_or(false)
        })
    }
}

/// Up to the last hyphen that all share, where there is more than one name.
fn shared_prefix<'a>(names: &[&'a str]) -> &'a str {
    let Some((first, rest)) = names.split_first() else { return "" };
    if rest.iter().all(|name| name == first) {
        return "";
    }
    let mut hyphens = first.rmatch_indices('-').map(|(at, _)| &first[..=at]);
    hyphens.find(|prefix| rest.iter().all(|name| name.starts_with(prefix))).unwrap_or("")
}

fn shared_suffix<'a>(names: &[&'a str]) -> &'a str {
    let Some((first, rest)) = names.split_first() else { return "" };
    if rest.iter().all(|name| name == first) {
        return "";
    }
    let mut hyphens = first.match_indices('-').map(|(at, _)| &first[at..]);
    hyphens.find(|suffix| rest.iter().all(|name| name.ends_with(suffix))).unwrap_or("")
}

/// The name before the ten characters that kustomize adds to what it generates.
fn without_hash(name: &str) -> Option<&str> {
    let (rest, hash) = name.rsplit_once('-')?;
    (hash.len() == 10 && hash.bytes().all(|byte| byte.is_ascii_digit() || byte.is_ascii_lowercase())).then_some(rest)
}

/// The place of a node of an object: the node's own where it lies in the object's text, else the object's.
pub(super) fn place(resource: &Resource, node: &Node) -> Locus {
    match resource.origin() {
        Locus::File { path, span } => {
            let inside = node.span.end > node.span.start
                && (span.end == span.start || (span.start <= node.span.start && node.span.end <= span.end));
            Locus::in_file(path.clone(), if inside { node.span } else { *span })
        }
        other => other.clone(),
    }
}

/// An object as messages name it.
pub(super) fn called(resource: &Resource) -> String {
    format!("`{} {}`", resource.kind(), resource.name())
}

/// The nodes under a path of keys; `*` stands for every item of a list.
pub(super) fn nodes<'n>(node: &'n Node, path: &[&str]) -> Vec<&'n Node> {
    let Some((first, rest)) = path.split_first() else { return vec![node] };
    if *first == "*" {
        return node.as_sequence().unwrap_or_default().iter().flat_map(|item| nodes(item, rest)).collect();
    }
    node.get(first).map(|node| nodes(node, rest)).unwrap_or_default()
}

/// A text under a key.
pub(super) fn text<'n>(node: &'n Node, key: &str) -> Option<&'n str> {
    node.get(key)?.as_scalar().map(|scalar| scalar.text.as_str()).filter(|text| !text.is_empty())
}

/// Keys and texts of a map, such as labels.
pub(super) fn texts(node: Option<&Node>) -> Vec<(&str, &str)> {
    let entries = node.and_then(Node::as_mapping).into_iter().flat_map(Mapping::iter);
    entries.filter_map(|(key, value)| Some((key, value.as_scalar()?.text.as_str()))).collect()
}

#[cfg(test)]
mod tests {
    use stack_krm::yaml::{Limits, read};
    use stack_krm::{Resource, ResourceSet};
    use stack_source::Locus;

    use super::Tree;

    #[test]
    fn names_are_those_of_one_kind_and_namespace() {
        let mut resources = ResourceSet::new();
        for (kind, namespace, name) in [
            ("ConfigMap", "b", "w"),
            ("Secret", "a", "x"),
            ("Secret", "b", "z"),
            ("Secret", "b", "y"),
            ("Secret", "ba", "x"),
            ("Service", "b", "v"),
        ] {
            let text = format!("{{apiVersion: v1, kind: {kind}, metadata: {{name: {name}, namespace: {namespace}}}}}");
            let root = read(&text, &Limits::default()).unwrap().remove(0).root;
            resources.insert(Resource::new(root, Locus::default()).unwrap()).unwrap();
        }
        let tree = Tree::new(&resources, "default");
        assert_eq!(tree.names_of("Secret", "b").collect::<Vec<_>>(), ["y", "z"]);
        assert_eq!(tree.names_of("Secret", "c").count(), 0);
        assert_eq!(tree.names_of("Service", "b").collect::<Vec<_>>(), ["v"]);
    }
}
