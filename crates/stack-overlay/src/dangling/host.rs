use stack_krm::yaml::Node;
use stack_source::{Diagnostic, Locus, nearest};

use super::mention::Mention;
use super::rules::{FOREIGN_HOST, UNKNOWN_HOST, UNKNOWN_POD_HOST, UNKNOWN_SERVICE_PORT, UNRENAMED_HOST};
use super::service::Service;
use super::tree::{Tree, called};

/// Kubernetes Services that every cluster has.
const BUILT_IN: &[(&str, &str)] = &[("default", "kubernetes")];

/// Ends of public domains that a namespace may be called, too: a missing `x.dev` is rather a site.
const PUBLIC: &[&str] = &["ai", "app", "cloud", "com", "dev", "io", "net", "org", "run", "sh"];

/// What a host name means inside a namespace.
enum Meaning<'t, 'a> {
    /// A name outside the cluster, or one that the cluster itself brings.
    Elsewhere,
    Found(&'t Service<'a>),
    /// A Kubernetes Service that is not there.
    Missing {
        name: String,
        namespace: String,
    },
    /// A pod's own name, why it is none, and what to write.
    NoPod(String, String),
}

/// Who names a host: in words, where, and in which namespace.
pub(super) struct Speaker<'s> {
    pub(super) words: &'s str,
    pub(super) at: &'s Locus,
    pub(super) namespace: &'s str,
}

/// What is wrong with a host, if anything.
pub(super) fn judge(tree: &Tree<'_>, mention: &Mention, speaker: &Speaker<'_>) -> Option<Diagnostic> {
    let Mention { host, port, sure } = mention;
    let words = speaker.words;
    let found = match meaning(tree, host, speaker.namespace) {
        Meaning::Elsewhere => None,
        Meaning::Found(service) => wrong_port(tree, service, mention, words),
        Meaning::NoPod(why, help) => {
            Some(Diagnostic::new(&UNKNOWN_POD_HOST, format!("{words} names `{host}`, {why}")).help(help))
        }
        Meaning::Missing { name, namespace } => {
            if let Some(renamed) = tree.renamed("Service", &namespace, &name) {
                let listens = |port: &u16| {
                    tree.service(&namespace, renamed).is_some_and(|service| service.listens_on(*port, tree))
                };
                if *sure || port.as_ref().is_none_or(listens) {
                    let right = renamed_host(tree, host, &name, renamed, &namespace);
                    let message =
                        format!("{words} names the host `{host}`; that Kubernetes Service is called `{renamed}` here");
                    Some(Diagnostic::new(&UNRENAMED_HOST, message).help(format!("write `{right}`")))
                } else {
                    None
                }
            } else if *sure {
                let foreign = !tree.namespaces.contains(namespace.as_str())
                    && !tree.services.iter().any(|service| service.name() == name);
                let rule = if foreign { &FOREIGN_HOST } else { &UNKNOWN_HOST };
                let message = format!(
                    "{words} names the host `{host}`, and there is no Kubernetes Service `{name}` in `{namespace}`"
                );
                Some(Diagnostic::new(rule, message).help(advice(tree, host, &name, &namespace)))
            } else {
                None
            }
        }
    };
    found.map(|diagnostic| diagnostic.at(speaker.at.clone()))
}

/// The host with the Kubernetes Service's name of here, and the `StatefulSet`'s where the host is one of its pods.
fn renamed_host(tree: &Tree<'_>, host: &str, name: &str, renamed: &str, namespace: &str) -> String {
    let mut labels: Vec<String> = host.split('.').map(str::to_owned).collect();
    if let Some(label) = labels.iter_mut().take(2).find(|label| *label == name) {
        renamed.clone_into(label);
    }
    let owner = labels[0].rsplit_once('-').filter(|(_, number)| number.parse::<u32>().is_ok());
    if let Some((set, number)) =
        owner.and_then(|(owner, number)| Some((tree.renamed("StatefulSet", namespace, owner)?, number)))
    {
        labels[0] = format!("{set}-{number}");
    }
    labels.join(".")
}

fn wrong_port(tree: &Tree<'_>, service: &Service<'_>, mention: &Mention, words: &str) -> Option<Diagnostic> {
    let port = mention.port.filter(|_| mention.sure)?;
    if service.ports.is_empty() || service.listens_on(port, tree) {
        return None;
    }
    let message =
        format!("{words} connects to `{}:{port}`, and {} has no port {port}", mention.host, called(service.resource));
    Some(Diagnostic::new(&UNKNOWN_SERVICE_PORT, message).help(format!("it listens on {}", service.ports_in_words())))
}

fn advice(tree: &Tree<'_>, host: &str, name: &str, namespace: &str) -> String {
    if let Some(place) = tree.services.iter().find(|service| service.name() == name).map(|service| service.namespace) {
        return format!("`{name}` lies in the namespace `{place}`: write `{name}.{place}`");
    }
    if !tree.namespaces.contains(namespace)
        && let Some(near) = nearest(namespace, tree.namespaces.iter().copied())
    {
        return format!("did you mean the namespace `{near}`?");
    }
    let near = nearest(name, tree.names_of("Service", namespace)).or_else(|| tree.alike(namespace, name));
    near.map_or_else(
        || format!("add the Kubernetes Service `{name}`, or write the full domain where it lies outside"),
        |near| format!("did you mean `{}`?", host.replacen(name, near, 1)),
    )
}

fn meaning<'t, 'a>(tree: &'t Tree<'a>, host: &str, namespace: &str) -> Meaning<'t, 'a> {
    let host = host.strip_suffix('.').unwrap_or(host);
    let inner = host.strip_suffix(".svc.cluster.local").or_else(|| host.strip_suffix(".svc"));
    let parts: Vec<&str> = inner.unwrap_or(host).split('.').collect();
    match (parts.as_slice(), inner.is_some()) {
        ([name], false) => service(tree, name, namespace),
        ([name, place], true) => service(tree, name, place),
        ([pod, name, place], true) => pod_of(tree, pod, name, place),
        ([name, place], false) if tree.namespaces.contains(place) => match service(tree, name, place) {
            Meaning::Missing { .. } if PUBLIC.contains(place) => Meaning::Elsewhere,
            other => other,
        },
        ([pod, name, place], false) if tree.namespaces.contains(place) && tree.service(place, name).is_some() => {
            pod_of(tree, pod, name, place)
        }
        ([pod, name], false) if tree.service(namespace, name).is_some() || is_ordinal(tree, pod) => {
            pod_of(tree, pod, name, namespace)
        }
        _ => Meaning::Elsewhere,
    }
}

/// Whether a `StatefulSet` of the tree, by its name before or after an overlay, could have such a pod.
fn is_ordinal(tree: &Tree<'_>, pod: &str) -> bool {
    let Some((owner, number)) = pod.rsplit_once('-') else { return false };
    let known = |set: &str| set == owner || set.strip_suffix(owner).is_some_and(|rest| rest.ends_with('-'));
    number.parse::<u32>().is_ok() && tree.resources.of_kind("StatefulSet").any(|set| known(set.name()))
}

fn service<'t, 'a>(tree: &'t Tree<'a>, name: &str, namespace: &str) -> Meaning<'t, 'a> {
    if let Some(service) = tree.service(namespace, name) {
        return Meaning::Found(service);
    }
    let outside = namespace.starts_with("kube-")
        || BUILT_IN.contains(&(namespace, name))
        || (name == "kubernetes" && namespace == tree.assumed)
        || tree.is_made("Service", namespace, name);
    if outside {
        return Meaning::Elsewhere;
    }
    Meaning::Missing { name: name.to_owned(), namespace: namespace.to_owned() }
}

/// `postgres-0.postgres`: a headless Service, the `StatefulSet` that it governs, and a replica of that number.
fn pod_of<'t, 'a>(tree: &'t Tree<'a>, pod: &str, name: &str, namespace: &str) -> Meaning<'t, 'a> {
    let found = match service(tree, name, namespace) {
        Meaning::Found(service) => service,
        other => return other,
    };
    if !found.headless {
        let why = format!("and {} is not headless: its pods have no names", called(found.resource));
        return Meaning::NoPod(why, format!("write `{name}`, or make the Kubernetes Service headless"));
    }
    let governed = |set: &&stack_krm::Resource| {
        tree.namespace(set) == namespace && set.node().at(["spec", "serviceName"]).and_then(Node::as_str) == Some(name)
    };
    let sets: Vec<_> = tree.resources.of_kind("StatefulSet").filter(governed).collect();
    let number = |set: &stack_krm::Resource| pod.strip_prefix(set.name())?.strip_prefix('-')?.parse::<u64>().ok();
    let Some((set, number)) = sets.iter().find_map(|set| number(set).map(|number| (set, number))) else {
        let why = format!("which is no pod of a StatefulSet that `{name}` governs");
        let help = sets.first().map_or_else(
            || format!("give a StatefulSet `serviceName: {name}`, or write `{name}`"),
            |set| format!("write `{}-0.{name}`", set.name()),
        );
        return Meaning::NoPod(why, help);
    };
    let replicas = set.node().at(["spec", "replicas"]).and_then(Node::as_u64).unwrap_or(1);
    if number < replicas || super::references::is_scaled(tree, set) {
        return Meaning::Found(found);
    }
    let why = format!("and {} has {replicas} replicas, counted from 0", called(set));
    Meaning::NoPod(why, format!("raise `replicas` to {}, or name a pod before it", number + 1))
}
