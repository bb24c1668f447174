use std::collections::BTreeSet;

use stack_krm::yaml::{Entry, Node};
use stack_source::{Locus, Span, listed, nearest};

use super::rule;
use super::{Reader, component};
use crate::Places;

/// Keys that Compose and Kubernetes have where we have another word: of what, the key, and what to write.
const ELSEWHERE: [(&str, &str, &str); 37] = [
    ("a service", "environment", "write `env: {NAME: VALUE}`"),
    ("a service", "env_file", "write `env: {NAME: VALUE}`; keys belong under `secrets` of the stack"),
    (
        "a service",
        "depends_on",
        "write `uses: {SERVICE: {wait: ready}}`, or `after: [SERVICE]` for an order without traffic",
    ),
    ("a service", "links", "write `uses: [SERVICE]`"),
    ("a service", "networks", "take it out: who talks to whom follows from `uses`"),
    ("a service", "healthcheck", "write `probes: /PATH`, or `probes: {live: {exec: [COMMAND]}}`"),
    ("a service", "restart", "take it out: Kubernetes restarts what ends"),
    ("a service", "container_name", "write `names: {container: NAME}`"),
    ("a service", "entrypoint", "write `command: [PROGRAM]`"),
    ("a service", "deploy", "write `replicas: NUMBER` and `resources: {cpu: 250m..500m, memory: 256Mi..512Mi}`"),
    (
        "a service",
        "limits",
        "write `resources: {cpu: 250m..500m, memory: 256Mi..512Mi}`, from the request to the limit",
    ),
    ("a service", "configs", "write `files: {/PATH: FILE}`"),
    ("a service", "livenessProbe", "write `probes: {live: {path: /PATH}}`"),
    ("a service", "readinessProbe", "write `probes: {ready: {path: /PATH}}`"),
    ("a service", "startupProbe", "write `probes: {start: {path: /PATH}}`"),
    ("a service", "imagePullPolicy", "write `pull: {pulled: Always}` in an overlay"),
    ("a service", "securityContext", "write `user: NUMBER`; the rest is set for every service"),
    ("a service", "serviceAccount", "take it out: each service has its own"),
    ("a service", "serviceAccountName", "take it out: each service has its own"),
    ("a service", "nodeSelector", "write it as a patch of the overlay, under `patches`"),
    ("a service", "tolerations", "write them as a patch of the overlay, under `patches`"),
    ("a service", "envFrom", "write `env: {NAME: <secret.NAME.KEY>}`, a line for each key"),
    ("a service", "replicaCount", "write `replicas: NUMBER`"),
    ("a service", "autoscaling", "write `scale: {replicas: 1..5, cpu: 70%}`"),
    ("a service", "ingress", "write `expose: {ingress: {host: chat.example.com}}`"),
    ("a service", "hostname", "take it out: others find a service by its name"),
    ("a service", "cpu", "write `resources: {cpu: 250m..500m}`, from the request to the limit"),
    ("a service", "memory", "write `resources: {memory: 256Mi..512Mi}`, from the request to the limit"),
    ("a stack", "networks", "take it out: who talks to whom follows from `uses`"),
    (
        "a stack",
        "volumes",
        "write `volumes: {/PATH: 10Gi}`, or a component's `storage: 10Gi`, in the service that has the data",
    ),
    ("a stack", "configs", "write `files: {/PATH: FILE}` in the service that reads it"),
    ("an edge", "condition", "write `wait: ready` for `service_healthy`, `wait: started` for `service_started`"),
    ("an overlay", "namePrefix", "write `prefix: dev-`"),
    ("an overlay", "replicas", "write `services: {NAME: {replicas: NUMBER}}`"),
    ("an overlay", "volumes", "write `services: {NAME: {storage: SIZE}}`"),
    ("resources", "requests", "write `cpu: 250m..500m` and `memory: 256Mi..512Mi`, from the request to the limit"),
    ("an overlay", "env", "write `services: {NAME: {env: {VARIABLE: VALUE}}}`"),
];

/// The keys of a map: each is asked for by name, and what nobody asked for is an error with the nearest key that somebody did.
#[derive(Debug)]
pub struct Fields<'r, 't, 'n> {
    /// The reader, for what is wrong beyond a single value.
    pub reader: &'r mut Reader<'t>,
    what: &'static str,
    span: Span,
    entries: &'n [Entry],
    asked: Vec<&'static str>,
    /// Set where nobody can say which keys there are.
    any: bool,
}

impl<'t> Reader<'t> {
    /// Reads a map whose keys are known; `what` names it for messages: "a probe".
    pub fn fields<'n, T>(
        &mut self,
        node: &'n Node,
        what: &'static str,
        read: impl FnOnce(&mut Fields<'_, 't, 'n>) -> T,
    ) -> Option<T> {
        let Some(mapping) = node.as_mapping() else {
            self.wrong_kind(node, &format!("a map of what {what} can say, as `{{key: value}}`"));
            return None;
        };
        let asked = Vec::new();
        let mut fields = Fields { reader: self, what, span: node.span, entries: &mapping.entries, asked, any: false };
        let value = read(&mut fields);
        fields.refuse_unknown();
        Some(value)
    }
}

impl<'t, 'n> Fields<'_, 't, 'n> {
    /// The entry of a key, where it is there.
    pub fn entry(&mut self, key: &'static str) -> Option<&'n Entry> {
        self.asked.push(key);
        self.entries.iter().rev().find(|entry| entry.key.as_str() == key)
    }

    /// Whether a key is there; it counts as read only when its value is.
    pub fn has(&self, key: &str) -> bool {
        self.entries.iter().any(|entry| entry.key.as_str() == key)
    }

    /// The value of a key, where it is there.
    pub fn read<T>(
        &mut self,
        key: &'static str,
        read: impl FnOnce(&mut Reader<'t>, &'n Node) -> Option<T>,
    ) -> Option<T> {
        let entry = self.entry(key)?;
        // What was given says that it is not there.
        if self.reader.is_absent(&entry.value) {
            return None;
        }
        read(self.reader, &entry.value)
    }

    /// The value of a key without which the map means nothing.
    pub fn require<T>(
        &mut self,
        key: &'static str,
        read: impl FnOnce(&mut Reader<'t>, &'n Node) -> Option<T>,
    ) -> Option<T> {
        if !self.has(key) {
            self.missing(key, format!("add `{key}: …`"));
        }
        self.read(key, read)
    }

    /// Says that a key is missing.
    pub fn missing(&mut self, key: &str, help: String) {
        self.reader.fault(&rule::MISSING_KEY, self.span, format!("{} has no `{key}`", self.what), help);
    }

    /// Says that more than one of these keys is there, where it is so.
    pub fn refuse_several(&mut self, keys: &[&'static str]) {
        let found = |entry: &&&Entry| keys.contains(&entry.key.as_str());
        let entries = self.entries;
        let mut found = entries.iter().filter(|entry| found(&entry));
        if let (Some(first), Some(second)) = (found.next(), found.next())
            && first.key != second.key
        {
            let message = format!("`{}` and `{}` exclude each other", first.key.as_str(), second.key.as_str());
            self.reader.fault(&rule::CONFLICTING_KEYS, second.key.span, message, "keep one of them".to_owned());
        }
    }

    /// The place of the map.
    pub fn at(&self) -> Locus {
        self.reader.at(self.span)
    }

    /// The places of its keys.
    pub(super) fn places(&self) -> Places {
        self.entries.iter().map(|entry| (entry.key.as_str().to_owned(), self.reader.at(entry.key.span))).collect()
    }

    /// Takes every key: a fault that was said already leaves open which ones there are.
    pub(super) fn allow_any(&mut self) {
        self.any = true;
    }

    fn refuse_unknown(&mut self) {
        if self.any {
            return;
        }
        for entry in self.entries {
            let key = entry.key.as_str();
            if self.asked.contains(&key) {
                continue;
            }
            let owners = if self.what == "a service" { component::owners(key) } else { Vec::new() };
            let near = nearest(key, self.asked.iter().copied());
            let elsewhere = ELSEWHERE.iter().find(|(what, known, _)| (*what, *known) == (self.what, key));
            let help = match (elsewhere, near, owners.as_slice()) {
                (Some((_, _, here)), ..) => (*here).to_owned(),
                (None, Some(near), _) => format!("did you mean `{near}`?"),
                (None, None, [_, ..]) => format!("a service has it whose component is {}", listed(&owners)),
                (None, None, []) => {
                    format!("the keys of {} are {}", self.what, listed(self.asked.iter().collect::<BTreeSet<_>>()))
                }
            };
            self.reader.fault(&rule::UNKNOWN_KEY, entry.key.span, format!("`{key}` is no key of {}", self.what), help);
        }
    }
}
