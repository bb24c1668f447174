use std::collections::BTreeSet;

use stack_krm::Resource;
use stack_krm::yaml::Node;
use stack_source::Report;

use super::environment::{Environment, Variable, data};
use super::expand::{self, ROOM, UNKNOWN, is_variable};
use super::host::{Speaker, judge};
use super::mention::{Mention, named, words};
use super::pod::container_name;
use super::rules::UNDEFINED_VARIABLE;
use super::tree::{Tree, called, nodes, place, text};
use super::{command, config_text};

/// Commands of a container that the kubelet runs, and whether it expands `$(X)` in them.
const COMMANDS: &[(&[&str], bool)] = &[
    (&["livenessProbe", "exec", "command"], true),
    (&["readinessProbe", "exec", "command"], true),
    (&["startupProbe", "exec", "command"], true),
    (&["lifecycle", "postStart", "exec", "command"], false),
    (&["lifecycle", "preStop", "exec", "command"], false),
];

/// Fields of a probe that hold a host.
const PROBED: &[&[&str]] = &[&["httpGet", "host"], &["tcpSocket", "host"]];

/// Resolves every host that pods and their configuration name.
pub(super) fn check(tree: &Tree<'_>, report: &mut Report) {
    let mut mounted: BTreeSet<(&str, &str)> = BTreeSet::new();
    for pod in &tree.pods {
        for container in pod.containers() {
            let environment = Environment::of(tree, pod, container, report);
            let check = Check { tree, environment: &environment };
            check.variables(report);
            check.command_line(report);
            check.probes(report);
            for (config, file, path) in check.mounts() {
                mounted.insert((pod.namespace, config.name()));
                check.file(config, file, &path, report);
            }
        }
    }
    unmounted(tree, &mounted, report);
}

struct Check<'c, 'a> {
    tree: &'c Tree<'a>,
    environment: &'c Environment<'c>,
}

impl<'a> Check<'_, 'a> {
    fn judge_all(&self, mentions: &[Mention], words: &str, at: &stack_source::Locus, report: &mut Report) {
        let pod = self.environment.pod;
        let speaker = Speaker { words, at, namespace: pod.namespace };
        let foreign = mentions.iter().filter(|mention| !pod.has_alias(&mention.host));
        for diagnostic in foreign.filter_map(|mention| judge(self.tree, mention, &speaker)) {
            report.add(diagnostic);
        }
    }

    fn variables(&self, report: &mut Report) {
        for (name, Variable { value, from, at }) in self.environment.iter() {
            let port = self.sibling_port(name);
            self.judge_all(&named(name, value, port), from, at, report);
        }
    }

    /// `REDIS_PORT` for `REDIS_HOST`.
    fn sibling_port(&self, name: &str) -> Option<u16> {
        let host = words(name).pop()?;
        let stem = name.len().checked_sub(host.len())?;
        let port = if name.contains(char::is_lowercase) { "port" } else { "PORT" };
        self.environment.value(&format!("{}{port}", name.get(..stem)?))?.parse().ok()
    }

    /// `command` and `args` are one line: a flag may stand in one and its value in the other.
    fn command_line(&self, report: &mut Report) {
        let Environment { pod, container, .. } = self.environment;
        let elements: Vec<&Node> =
            ["command", "args"].iter().flat_map(|field| nodes(container, &[field, "*"])).collect();
        let Some(first) = elements.first() else { return };
        let from = format!("the command of container `{}` in {}", container_name(container), called(pod.resource));
        let mut line = Vec::new();
        let mut room = ROOM;
        for element in &elements {
            let Some(written) = element.as_scalar() else { continue };
            let mut missing = Vec::new();
            line.push(expand::kubelet(&written.text, |name| self.environment.value(name), &mut missing, &mut room));
            for missing in missing.iter().filter(|name| is_variable(name)) {
                report.add(self.environment.undefined(&from, missing, place(pod.resource, element)));
            }
        }
        self.line(&line, &from, &place(pod.resource, first), report);
    }

    fn line(&self, line: &[String], from: &str, at: &stack_source::Locus, report: &mut Report) {
        let unknown = |_: &str| UNKNOWN.to_owned();
        let mut room = ROOM;
        let words = line.iter();
        let line: Vec<String> =
            words.map(|word| expand::shell(word, |name| self.environment.value(name), unknown, &mut room)).collect();
        self.judge_all(&command::hosts(&line), from, at, report);
    }

    fn probes(&self, report: &mut Report) {
        let Environment { pod, container, .. } = self.environment;
        for (path, expanded) in COMMANDS {
            let Some(list) = container.at(path.iter().copied()) else { continue };
            let from = format!(
                "`{}` of container `{}` in {}",
                path[path.len() - 3],
                container_name(container),
                called(pod.resource)
            );
            let mut missing = Vec::new();
            let value = |name: &str| self.environment.written(name).filter(|_| *expanded);
            let words = list.as_sequence().unwrap_or_default().iter().filter_map(Node::as_scalar);
            let mut room = ROOM;
            let line: Vec<String> =
                words.map(|word| expand::kubelet(&word.text, value, &mut missing, &mut room)).collect();
            for name in missing.iter().filter(|name| is_variable(name)) {
                let message =
                    format!("{from} uses `$({name})`, and of variables a probe sees only what `env` writes out");
                let help = format!("let a shell do it: `[sh, -c, '… \"${name}\"']`");
                let at = place(pod.resource, list);
                report.add(stack_source::Diagnostic::new(&UNDEFINED_VARIABLE, message).at(at).help(help));
            }
            self.line(&line, &from, &place(pod.resource, list), report);
        }
        for probe in ["livenessProbe", "readinessProbe", "startupProbe"] {
            let Some(node) = container.get(probe) else { continue };
            for host in PROBED.iter().filter_map(|path| node.at(path.iter().copied())) {
                let from =
                    format!("`{probe}` of container `{}` in {}", container_name(container), called(pod.resource));
                let mention = Mention { host: host.as_str().unwrap_or_default().to_owned(), port: None, sure: true };
                if super::mention::is_host(&mention.host) {
                    self.judge_all(&[mention], &from, &place(pod.resource, host), report);
                }
            }
        }
    }

    /// The `ConfigMaps` that are mounted into the container: each with a key, and the path of its file.
    fn mounts(&self) -> Vec<(&'a Resource, &'a str, String)> {
        let Environment { pod, container, .. } = self.environment;
        let mut files = Vec::new();
        for mount in nodes(container, &["volumeMounts", "*"]) {
            let Some(volume) = text(mount, "name").and_then(|name| pod.volume(name)) else { continue };
            let path = text(mount, "mountPath").unwrap_or_default();
            let sources = [volume].into_iter().chain(nodes(volume, &["projected", "sources", "*"]));
            for source in sources.filter_map(|source| source.get("configMap")) {
                let name = text(source, "name");
                let Some(config) = name.and_then(|name| self.tree.object("ConfigMap", pod.namespace, name)) else {
                    continue;
                };
                let items = nodes(source, &["items", "*"]);
                let chosen = |key: &str| items.is_empty() || items.iter().any(|item| text(item, "key") == Some(key));
                let keys = config.node().get("data").and_then(Node::as_mapping);
                let keys = keys.into_iter().flat_map(|keys| keys.iter().map(|(key, _)| key));
                files.extend(keys.filter(|key| chosen(key)).map(|key| (config, key, path.to_owned())));
            }
        }
        files
    }

    fn file(&self, config: &Resource, file: &str, path: &str, report: &mut Report) {
        let Some((_, text, node)) = data(config).into_iter().find(|(key, _, _)| *key == file) else { return };
        let from = format!("`{file}` in {}", called(config));
        let at = place(config, node);
        // nginx' own start script fills in templates; a variable in capitals that is left over stops it.
        let template = file.ends_with(".template") || path.contains("/templates");
        let left = std::cell::RefCell::new(BTreeSet::new());
        let keep = |reference: &str| {
            let name = reference.trim_matches(['{', '}']);
            if template && is_variable(name) {
                left.borrow_mut().insert(name.to_owned());
            }
            format!("${reference}")
        };
        let mut room = ROOM;
        let text = expand::shell(&text, |name| self.environment.value(name), keep, &mut room);
        let text = replace_lookups(&text, |name| self.environment.value(name), &mut room);
        for name in left.into_inner() {
            let container = container_name(self.environment.container);
            let message = format!("{from} uses `${name}`, which container `{container}` does not define");
            let known = self.environment.iter().map(|(name, _)| name);
            let near = stack_source::nearest(&name, known).map(|near| format!("did you mean `${near}`?"));
            report.add(stack_source::Diagnostic::new(&UNDEFINED_VARIABLE, message).at(at.clone()).maybe_help(near));
        }
        self.judge_all(&config_text::hosts(file, &text), &from, &at, report);
    }
}

/// `LiteLLM` writes `os.environ/NAME` for the value of a variable.
fn replace_lookups<'v>(text: &str, value: impl Fn(&str) -> Option<&'v str>, room: &mut usize) -> String {
    let mut parts = text.split("os.environ/");
    let mut out = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        let length = part.bytes().take_while(|byte| byte.is_ascii_alphanumeric() || *byte == b'_').count();
        let value = value(&part[..length]).unwrap_or(UNKNOWN);
        let Some(left) = room.checked_sub(value.len()) else { return UNKNOWN.to_owned() };
        *room = left;
        out.push_str(value);
        out.push_str(&part[length..]);
    }
    out
}

/// `ConfigMaps` that no container mounts are read by somebody else: their URLs count.
fn unmounted(tree: &Tree<'_>, mounted: &BTreeSet<(&str, &str)>, report: &mut Report) {
    for config in tree.resources.of_kind("ConfigMap") {
        let namespace = tree.namespace(config);
        if mounted.contains(&(namespace, config.name())) {
            continue;
        }
        for (key, text, node) in data(config) {
            let (words, at) = (format!("`{key}` in {}", called(config)), place(config, node));
            let speaker = Speaker { words: &words, at: &at, namespace };
            let mentions =
                if text.contains('\n') { config_text::hosts(key, &text) } else { super::mention::urls(&text) };
            for diagnostic in mentions.iter().filter_map(|mention| judge(tree, mention, &speaker)) {
                report.add(diagnostic);
            }
        }
    }
}
