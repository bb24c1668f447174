//! What dangles in a rendered stream: a second opinion, written without a look at kstack's own check.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::LazyLock;

use regex::Regex;
use serde_json::Value;

use super::yaml::{list, text};

#[cfg(test)]
mod tests;

/// Where a text names a host: in a URL, before a port, as the argument of a wait.
static HOSTS: LazyLock<Vec<Regex>> = LazyLock::new(|| {
    [
        r#"[a-z][a-z0-9+.]*://(?:[^\s/@"']*@)?([a-z0-9][a-z0-9.-]*)"#,
        r"\b([a-z][a-z0-9.-]*):[0-9]{2,5}\b",
        r#"\bnc(?: -[a-z]+(?: [0-9]+)?)* "?([a-z0-9][a-z0-9.-]*)"? [0-9]+"#,
        r"(?:-h|--host)[ =]([a-z0-9][a-z0-9.-]*)",
    ]
    .iter()
    .filter_map(|pattern| Regex::new(pattern).ok())
    .collect()
});

/// What a script tells a person.
static TOLD: LazyLock<Option<Regex>> = LazyLock::new(|| Regex::new(r#"\becho ("[^"]*"|'[^']*')"#).ok());

/// `$(NAME)` that nothing has replaced.
static LEFT_OVER: LazyLock<Option<Regex>> = LazyLock::new(|| Regex::new(r"(?:^|[^$])\$\([A-Z][A-Z0-9_]*\)").ok());

type Labels = BTreeMap<String, String>;

/// The names of the Kubernetes Services in a stream.
pub(super) fn service_names(objects: &[Value]) -> Vec<String> {
    of_kind(objects, "Service").map(|object| text(object, "/metadata/name").to_owned()).collect()
}

/// All that dangles. `names` are the Services of the base: a host that contains one of them is meant to be one of ours.
pub(super) fn faults(objects: &[Value], names: &[String]) -> Vec<String> {
    let stream = Stream { objects, names };
    let mut faults = Vec::new();
    for object in objects {
        let said: Vec<String> = match text(object, "/kind") {
            "Service" => stream.service(object),
            "ConfigMap" => stream.config_map(object),
            "Ingress" => stream.ingress(object),
            "HorizontalPodAutoscaler" => stream.autoscaler(object),
            "NetworkPolicy" => stream.policy(object),
            _ => Vec::new(),
        };
        let workload = pod_spec(object).map(|spec| stream.workload(object, spec)).unwrap_or_default();
        let place = format!("{} {}", text(object, "/kind"), text(object, "/metadata/name"));
        faults.extend(said.into_iter().chain(workload).map(|fault| format!("{place}: {fault}")));
    }
    faults
}

#[derive(Clone, Copy)]
struct Stream<'a> {
    objects: &'a [Value],
    names: &'a [String],
}

impl<'a> Stream<'a> {
    fn named(&self, kind: &str, namespace: &str, name: &str) -> Option<&'a Value> {
        of_kind(self.objects, kind)
            .find(|object| text(object, "/metadata/name") == name && self::namespace(object) == namespace)
    }

    fn service(&self, service: &Value) -> Vec<String> {
        let selector = labels(service.pointer("/spec/selector"));
        if selector.is_empty() {
            return Vec::new();
        }
        match self.selected(namespace(service), &selector).len() {
            0 => vec![format!("selects no pod with {selector:?}")],
            1 => Vec::new(),
            many => vec![format!("selects the pods of {many} workloads with {selector:?}")],
        }
    }

    fn policy(&self, policy: &Value) -> Vec<String> {
        let mut selectors: Vec<&Value> = policy.pointer("/spec/podSelector").into_iter().collect();
        for (rules, peers) in [("/spec/ingress", "/from"), ("/spec/egress", "/to")] {
            let peers = list(policy, rules).iter().flat_map(|rule| list(rule, peers));
            selectors.extend(
                peers.filter(|peer| peer.get("namespaceSelector").is_none()).filter_map(|peer| peer.get("podSelector")),
            );
        }
        let selectors = selectors.into_iter().map(|selector| labels(selector.get("matchLabels")));
        let empty =
            selectors.filter(|labels| !labels.is_empty() && self.selected(namespace(policy), labels).is_empty());
        empty.map(|labels| format!("selects no pod with {labels:?}")).collect()
    }

    fn ingress(&self, ingress: &Value) -> Vec<String> {
        let paths = list(ingress, "/spec/rules").iter().flat_map(|rule| list(rule, "/http/paths"));
        let names = paths.map(|path| text(path, "/backend/service/name"));
        let lost = names.filter(|name| self.named("Service", namespace(ingress), name).is_none());
        lost.map(|name| format!("its backend {name} is no Service")).collect()
    }

    fn autoscaler(&self, autoscaler: &Value) -> Vec<String> {
        let target = |field: &str| text(autoscaler, &format!("/spec/scaleTargetRef/{field}"));
        let there = self.named(target("kind"), namespace(autoscaler), target("name")).is_some();
        if there {
            Vec::new()
        } else {
            vec![format!("it scales {} {}, which is not there", target("kind"), target("name"))]
        }
    }

    fn config_map(&self, config_map: &Value) -> Vec<String> {
        let data = config_map.get("data").and_then(Value::as_object);
        let entries = data.into_iter().flatten().filter_map(|(key, value)| Some((key, value.as_str()?)));
        entries.flat_map(|(key, value)| self.texts(namespace(config_map), key, value)).collect()
    }

    fn workload(&self, workload: &Value, spec: &Value) -> Vec<String> {
        let namespace = namespace(workload);
        let mut faults = Vec::new();
        let governing = text(workload, "/spec/serviceName");
        if !governing.is_empty() && self.named("Service", namespace, governing).is_none() {
            faults.push(format!("its serviceName {governing} is no Service"));
        }
        for volume in list(spec, "/volumes") {
            let name = text(volume, "/configMap/name");
            if !name.is_empty() && self.named("ConfigMap", namespace, name).is_none() {
                faults.push(format!("its volume {name} is no ConfigMap"));
            }
        }
        for container in ["/initContainers", "/containers"].iter().flat_map(|list_of| list(spec, list_of)) {
            let (environment, lost) = self.environment(namespace, container);
            faults.extend(lost);
            let words = ["/command", "/args"].iter().flat_map(|part| list(container, part)).filter_map(Value::as_str);
            let words = words.map(|word| ("a command".to_owned(), in_shell(&expand(word, &environment), &environment)));
            for (place, value) in environment.iter().map(|(key, value)| (key.clone(), value.clone())).chain(words) {
                if LEFT_OVER.as_ref().is_some_and(|pattern| pattern.is_match(&value)) {
                    faults.push(format!("{place} is {value:?}, with a variable that is not there"));
                    continue;
                }
                faults.extend(self.texts(namespace, &place, &value));
            }
        }
        faults
    }

    /// The variables of a container, as the kubelet makes them, and what they refer to in vain.
    fn environment(&self, namespace: &str, container: &Value) -> (Labels, Vec<String>) {
        let (mut variables, mut faults) = (Labels::new(), Vec::new());
        for source in list(container, "/envFrom") {
            let name = text(source, "/configMapRef/name");
            match self.named("ConfigMap", namespace, name) {
                Some(config_map) => variables.extend(labels(config_map.get("data"))),
                None if name.is_empty() => {}
                None => faults.push(format!("its envFrom {name} is no ConfigMap")),
            }
        }
        for entry in list(container, "/env") {
            let name = text(entry, "/name").to_owned();
            let map = text(entry, "/valueFrom/configMapKeyRef/name");
            let value = if map.is_empty() {
                expand(text(entry, "/value"), &variables)
            } else {
                let key = text(entry, "/valueFrom/configMapKeyRef/key");
                let data =
                    self.named("ConfigMap", namespace, map).map(|map| labels(map.get("data"))).unwrap_or_default();
                data.get(key).cloned().unwrap_or_else(|| {
                    faults.push(format!("{name} comes from {map}/{key}, which is not there"));
                    String::new()
                })
            };
            variables.insert(name, value);
        }
        (variables, faults)
    }

    /// The hosts in a text that are meant to be ours and are not there.
    fn texts(&self, namespace: &str, place: &str, value: &str) -> Vec<String> {
        let mut hosts: BTreeSet<&str> = BTreeSet::new();
        for pattern in HOSTS.iter() {
            hosts.extend(pattern.captures_iter(value).filter_map(|found| Some(found.get(1)?.as_str())));
        }
        let is_host = place.ends_with("HOST") || place.starts_with("STACK_");
        if is_host && !value.is_empty() && !value.contains(char::is_whitespace) {
            hosts.insert(value.split(':').next().unwrap_or_default());
        }
        let dangles = |host: &&str| !self.resolves(namespace, host.trim_end_matches('.'));
        hosts
            .into_iter()
            .filter(dangles)
            .map(|host| format!("{place} names the host {host}, which is not there"))
            .collect()
    }

    fn resolves(&self, namespace: &str, host: &str) -> bool {
        let parts: Vec<&str> = host.split('.').collect();
        let foreign = |part: &str| !self.names.iter().any(|name| contains_word(part, name));
        match parts.as_slice() {
            [name] => foreign(name) || self.named("Service", namespace, name).is_some(),
            // A pod of a headless Service, or a Service of a namespace.
            [first, second, rest @ ..] => {
                let other = if rest.first() == Some(&"svc") || rest.is_empty() { second } else { namespace };
                (foreign(first) && foreign(second))
                    || self.named("Service", namespace, second).is_some()
                    || self.named("Service", other, first).is_some()
                    || rest.first().is_some_and(|third| self.named("Service", third, second).is_some())
            }
            [] => true,
        }
    }

    fn selected(&self, namespace: &str, selector: &Labels) -> Vec<&'a Value> {
        let matches = |object: &&Value| {
            let has = labels(pod_labels(object));
            self::namespace(object) == namespace && selector.iter().all(|(key, value)| has.get(key) == Some(value))
        };
        self.objects.iter().filter(|object| pod_spec(object).is_some()).filter(matches).collect()
    }
}

/// Whether `name` stands in `part` as a whole, between hyphens or ends.
fn contains_word(part: &str, name: &str) -> bool {
    let at_edge = |text: Option<char>| text.is_none_or(|c| c == '-');
    part.match_indices(name).any(|(start, _)| {
        at_edge(part[..start].chars().next_back()) && at_edge(part[start + name.len()..].chars().next())
    })
}

/// `$(NAME)` replaced by a variable that is declared before, as the kubelet does it.
fn expand(value: &str, variables: &Labels) -> String {
    variables.iter().fold(value.to_owned(), |value, (name, with)| value.replace(&format!("$({name})"), with))
}

/// A command as a shell reads it: `$NAME` replaced, longest names first, and what is only told to a person left out.
fn in_shell(command: &str, variables: &Labels) -> String {
    let untold = TOLD.as_ref().map_or(command.into(), |told| told.replace_all(command, "echo"));
    let mut names: Vec<_> = variables.iter().collect();
    names.sort_by_key(|(name, _)| std::cmp::Reverse(name.len()));
    names.into_iter().fold(untold.into_owned(), |text, (name, with)| {
        text.replace(&format!("${{{name}}}"), with).replace(&format!("${name}"), with)
    })
}

fn of_kind<'a>(objects: &'a [Value], kind: &str) -> impl Iterator<Item = &'a Value> {
    objects.iter().filter(move |object| text(object, "/kind") == kind)
}

fn namespace(object: &Value) -> &str {
    match text(object, "/metadata/namespace") {
        "" => "default",
        namespace => namespace,
    }
}

fn labels(value: Option<&Value>) -> Labels {
    let fields = value.and_then(Value::as_object).into_iter().flatten();
    fields.filter_map(|(key, value)| Some((key.clone(), value.as_str()?.to_owned()))).collect()
}

fn pod_spec(object: &Value) -> Option<&Value> {
    object.pointer("/spec/jobTemplate/spec/template/spec").or_else(|| object.pointer("/spec/template/spec"))
}

fn pod_labels(object: &Value) -> Option<&Value> {
    let of_job = object.pointer("/spec/jobTemplate/spec/template/metadata/labels");
    of_job.or_else(|| object.pointer("/spec/template/metadata/labels"))
}
