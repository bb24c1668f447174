use std::collections::{BTreeMap, BTreeSet};

use stack_krm::ServiceName;
use stack_krm::yaml::Node;

use super::{Naming, config};
use crate::plan::{Composed, Part, Plan};
use crate::{CheckedStack, Environment, PlannedSecret, SecretValues, ServiceId};

/// The label by which the pods of a service are found. Its value is the service's final name, so that two instances of one stack
/// in one namespace never take each other's pods.
pub const SERVICE_LABEL: &str = "kstack.dev/service";

/// Whether a label is one by which selectors and policies find the pods of a service, or of the stack.
pub(crate) fn is_own_label(label: &str) -> bool {
    label.starts_with("kstack.dev/") || label == "app.kubernetes.io/part-of"
}

/// The variable that holds a service's host name: `STACK_LITELLM`. The prefix keeps it from being read by the application.
pub(crate) fn host_variable(service: &ServiceId) -> String {
    let letter = |c: char| if matches!(c, '-' | '/') { '_' } else { c.to_ascii_uppercase() };
    "STACK_".chars().chain(service.as_str().chars().map(letter)).collect()
}

/// The variable that holds a part of a value, where one does.
pub(crate) fn part_variable(part: &Part) -> Option<String> {
    match part {
        Part::Text(_) => None,
        Part::Host(service) => Some(host_variable(service)),
        Part::PodDomain(service) => Some(pod_domain_variable(service)),
        Part::Secret(secret, _) => Some(secret_variable(secret.secret.as_str(), secret.key.as_str())),
    }
}

/// The variable that holds the domain of a service's pods: `STACK_QDRANT_PODS`.
pub(crate) fn pod_domain_variable(service: &ServiceId) -> String {
    format!("{}_PODS", host_variable(service))
}

/// The variable that carries a key of a Secret into another variable's value.
pub(crate) fn secret_variable(secret: &str, key: &str) -> String {
    let letters = |text: &str| text.to_ascii_uppercase().replace(|c: char| !c.is_ascii_alphanumeric(), "_");
    format!("STACK_SECRET_{}_{}", letters(secret), letters(key))
}

/// Final names: what stands before and after, and the hashes of generated objects.
pub(super) struct Names<'a> {
    /// None where names stay plain.
    environment: Option<&'a Environment>,
    hashes: BTreeMap<(&'static str, String), String>,
    existing: BTreeSet<String>,
    /// The Kubernetes Services by which a service and its pods are found.
    hosts: BTreeMap<&'a ServiceId, (&'a ServiceName, &'a ServiceName)>,
}

impl<'a> Names<'a> {
    pub(super) fn of(stack: &'a CheckedStack, naming: Naming) -> Self {
        let host =
            |plan: &'a Plan| (&plan.id, (&plan.service_name, plan.pod_domain.as_ref().unwrap_or(&plan.service_name)));
        let hosts: BTreeMap<_, _> = stack.plans().iter().map(host).collect();
        let plain = Self { environment: None, hashes: BTreeMap::new(), existing: BTreeSet::new(), hosts };
        if naming == Naming::Plain {
            return plain;
        }
        let hashes = config::hashes(stack, &plain);
        let exists = |secret: &&PlannedSecret| secret.values == SecretValues::Existing;
        let existing = stack.secrets().iter().filter(exists).map(|secret| secret.name.to_string()).collect();
        Self { environment: Some(&stack.stack().environment), hashes, existing, hosts: plain.hosts }
    }

    /// The final name of what is called `name`.
    pub(super) fn name(&self, name: &str) -> String {
        self.environment.map_or_else(|| name.to_owned(), |environment| environment.final_name(name))
    }

    /// The host name of a service.
    pub(super) fn host(&self, service: &ServiceId) -> String {
        self.hosts.get(service).map_or_else(|| self.name(service.name()), |(host, _)| self.name(host.as_str()))
    }

    /// The domain under which the pods of a service have names.
    pub(super) fn pod_domain(&self, service: &ServiceId) -> String {
        self.hosts.get(service).map_or_else(|| self.name(service.name()), |(_, domain)| self.name(domain.as_str()))
    }

    /// The final name of a generated ConfigMap or Secret.
    pub(super) fn generated(&self, kind: &'static str, name: &str) -> String {
        let hash = self.hashes.get(&(kind, name.to_owned()));
        let name = self.name(name);
        hash.map_or_else(|| name.clone(), |hash| format!("{name}-{hash}"))
    }

    /// The final name of a Secret. One that exists already keeps its own, as Kustomize renames only what is in the tree.
    pub(super) fn secret(&self, name: &str) -> String {
        if self.existing.contains(name) { name.to_owned() } else { self.generated("Secret", name) }
    }

    pub(super) fn namespace(&self) -> Option<String> {
        self.environment?.namespace.as_ref().map(ToString::to_string)
    }

    /// The labels that the environment gives every object.
    pub(super) fn common_labels(&self) -> impl Iterator<Item = (String, String)> {
        let labels = self.environment.into_iter().flat_map(|environment| &environment.labels);
        labels.map(|(key, value)| (key.clone(), value.clone()))
    }
}

/// A value as the kubelet expands it: hosts and secrets come from variables of their own.
pub(super) fn expandable(value: &Composed) -> String {
    let mut text = String::new();
    for part in &value.0 {
        match part {
            Part::Text(plain) => push_literal(&mut text, plain),
            part => text.extend(part_variable(part).map(|variable| format!("$({variable})"))),
        }
    }
    text
}

/// Text that means itself: the kubelet takes `$(X)` for a variable and `$$` for `$`, so a `$` before either, or at an end to which
/// something may be joined, is written twice.
fn push_literal(text: &mut String, plain: &str) {
    let mut rest = plain.chars().peekable();
    while let Some(c) = rest.next() {
        text.push(c);
        if c == '$' && matches!(rest.peek(), None | Some('$' | '(')) {
            text.push('$');
        }
    }
}

/// The hash suffix of a generated object.
pub(super) fn hash(node: &Node) -> Option<String> {
    stack_krm::hash::suffix(node)
}
