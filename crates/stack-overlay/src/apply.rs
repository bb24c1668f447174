use std::fmt::Display;
use std::str::FromStr;

use indexmap::IndexMap;
use stack_krm::{ConfigKey, DnsSubdomain, ImageRef, InvalidName, LabelKey, LabelValue, ServiceName};
use stack_model::merge::replace;
use stack_model::parse::proposed_name;
use stack_model::rule as model;
use stack_model::{Environment, Secret, SecretSource, Stack};
use stack_source::{Diagnostic, Locus, Report, Rule, proposal};

use crate::{GivenSecret, Overlay, Said, rule};

impl Overlay {
    /// The stack in this environment: again a stack.
    ///
    /// What the overlay names must be there; what only the result can tell is left to [`Stack::check`].
    pub fn apply(&self, stack: &Stack) -> Result<Stack, Report> {
        let mut faults = Faults::default();
        let mut result = stack.clone();
        self.change_services(&mut result, &mut faults);
        result.cluster.merge(&self.cluster);
        self.fill(&mut result.environment, &mut faults);
        self.check_forwards(&result, &mut faults);
        self.check_digests(&result, &mut faults);
        if !self.secrets.by_name.is_empty() {
            let given = self.given_secrets(&result.secret_keys(), &mut faults);
            result.environment.secrets.by_name.extend(given);
        }
        if faults.report.has_errors() { Err(faults.report) } else { Ok(result) }
    }

    fn change_services(&self, stack: &mut Stack, faults: &mut Faults) {
        for (name, change) in &self.services {
            if let Some(service) = stack.service_mut(name) {
                // Messages about the service lead to the stack's file, messages about a change to the change's own places.
                let at = service.at.clone();
                service.merge(change);
                service.at = at;
            } else {
                let message = format!("the overlay changes `{name}`, which this stack does not have");
                faults.unknown(&model::UNKNOWN_SERVICE, &change.at, message, name, stack.services.keys());
            }
        }
    }

    /// Lays what is said of the environment on top of the stack's own.
    fn fill(&self, environment: &mut Environment, faults: &mut Faults) {
        environment.name = faults.parsed(&self.name);
        environment.at = self.name.at.clone();
        if let Some(namespace) = &self.namespace {
            environment.namespace = faults.parsed(namespace);
        }
        if let Some(prefix) = &self.prefix {
            faults.check_affix(prefix, "prefix", &format!("{}x", prefix.value), "start with a letter: `dev-`");
            environment.prefix.clone_from(&prefix.value);
        }
        if let Some(suffix) = &self.suffix {
            faults.check_affix(suffix, "suffix", &format!("x{}", suffix.value), "end with a letter or digit: `-blue`");
            environment.suffix.clone_from(&suffix.value);
        }
        for (key, value) in &self.labels {
            faults.check_label(key, value);
            environment.labels.insert(key.clone(), value.value.clone());
        }
        set(&mut environment.pull.built, self.pull.built);
        set(&mut environment.pull.pulled, self.pull.pulled);
        set(&mut environment.storage, self.storage);
        set(&mut environment.images.exact, self.images.exact);
        set(&mut environment.secrets.literals, self.secrets.literals);
        set(&mut environment.secrets.dev_only, self.secrets.dev_only);
        set(&mut environment.secrets.default, self.secrets.default.clone());
        set(&mut environment.replicated, self.replicated);
        set(&mut environment.pod_security, self.pod_security);
        if let Some(registry) = &self.images.registry {
            faults.check_registry(registry);
            environment.images.registry = Some(registry.value.clone());
        }
        replace(&mut environment.images.tag, self.images.tag.as_ref());
        replace(&mut environment.secrets.local, self.secrets.local.as_ref());
        let digests = self.images.digests.iter().map(|(name, digest)| (name.clone(), digest.value.clone()));
        environment.images.digests.extend(digests);
        environment.forward.clone_from(&self.forward);
    }

    fn check_forwards(&self, stack: &Stack, faults: &mut Faults) {
        for forward in &self.forward {
            let name = &forward.service;
            let Some(service) = stack.service(name).map(|(_, service)| service.with_facts()) else {
                let message = format!("`{name}` is forwarded, and this stack does not have it");
                faults.unknown(&model::UNKNOWN_SERVICE, &forward.at, message, name, stack.services.keys());
                continue;
            };
            match &forward.port {
                Some(port) if !service.ports.contains_key(port) => {
                    let message = format!("`{name}` has no port `{port}` to forward");
                    faults.unknown(&model::UNKNOWN_PORT, &forward.at, message, port, service.ports.keys());
                }
                None if service.ports.is_empty() => {
                    let message = format!("`{name}` has no port to forward");
                    faults.add(&model::UNKNOWN_PORT, &forward.at, message, "give it `ports: {http: 8080}`".to_owned());
                }
                _ => {}
            }
        }
    }

    fn check_digests(&self, stack: &Stack, faults: &mut Faults) {
        for (name, digest) in &self.images.digests {
            match stack.service(name).map(|(_, service)| service) {
                None => {
                    let message = format!("a digest is given for `{name}`, which this stack does not have");
                    faults.unknown(&model::UNKNOWN_SERVICE, &digest.at, message, name, stack.services.keys());
                }
                Some(service) if service.build.is_none() => {
                    let message = format!("a digest is given for `{name}`, whose image is not built here");
                    let help = format!("write `services: {{{name}: {{image: NAME@{}}}}}`", digest.value);
                    faults.add(&rule::IMAGE_NOT_BUILT, &digest.at, message, help);
                }
                Some(_) => {}
            }
        }
    }

    fn given_secrets(
        &self,
        known: &IndexMap<DnsSubdomain, Secret>,
        faults: &mut Faults,
    ) -> IndexMap<DnsSubdomain, SecretSource> {
        let mut sources = IndexMap::new();
        for (name, given) in &self.secrets.by_name {
            let Some((known_name, secret)) = known.iter().find(|(known, _)| known.as_str() == name) else {
                let message = format!("the overlay gives Secret `{name}` values, and this stack has no such Secret");
                faults.unknown(
                    &model::UNKNOWN_SECRET,
                    &given.at,
                    message,
                    name,
                    known.keys().map(DnsSubdomain::as_str),
                );
                continue;
            };
            let source = match &given.value {
                GivenSecret::From(source) => source.clone(),
                GivenSecret::Literals(values) => {
                    self.refuse_literals(name, values, faults);
                    SecretSource::Literals(literals(name, secret, values, faults))
                }
            };
            sources.insert(known_name.clone(), source);
        }
        sources
    }

    fn refuse_literals(&self, name: &str, values: &IndexMap<String, Said<String>>, faults: &mut Faults) {
        if self.secrets.literals == Some(true) {
            return;
        }
        for (key, value) in values {
            let environment = &self.name.value;
            let message = format!("`{key}` of Secret `{name}` stands here in plain text, which {environment} refuses");
            let help = format!(
                "write `{name}: existing` for a Secret that somebody makes, or `{name}: external-secret/STORE`; \
                 `literals: allowed` is for development"
            );
            faults.add(&model::LITERAL_SECRET, &value.at, message, help);
        }
    }
}

/// The values of a Secret, by keys that it has.
fn literals(
    name: &str,
    secret: &Secret,
    values: &IndexMap<String, Said<String>>,
    faults: &mut Faults,
) -> IndexMap<ConfigKey, String> {
    let mut literals = IndexMap::new();
    for (key, value) in values {
        if let Some((known, _)) = secret.keys.iter().find(|(known, _)| known.as_str() == key) {
            literals.insert(known.clone(), value.value.clone());
        } else {
            let message = format!("Secret `{name}` has no key `{key}`");
            let keys = secret.keys.keys().map(ConfigKey::as_str);
            faults.unknown(&model::UNKNOWN_SECRET, &value.at, message, key, keys);
        }
    }
    literals
}

fn set<T>(base: &mut T, over: Option<T>) {
    if let Some(value) = over {
        *base = value;
    }
}

#[derive(Default)]
struct Faults {
    report: Report,
}

impl Faults {
    fn add(&mut self, rule: &'static Rule, at: &Locus, message: impl Display, help: impl Into<Option<String>>) {
        self.report.add(Diagnostic::new(rule, message.to_string()).at(at.clone()).maybe_help(help.into()));
    }

    /// Says that a name is not there, and which one is near.
    fn unknown<'a>(
        &mut self,
        rule: &'static Rule,
        at: &Locus,
        message: String,
        name: &str,
        candidates: impl Iterator<Item = &'a (impl AsRef<str> + ?Sized + 'a)>,
    ) {
        self.add(rule, at, message, proposal(name, candidates.map(AsRef::as_ref)));
    }

    fn parsed<T: FromStr<Err = InvalidName>>(&mut self, said: &Said<String>) -> Option<T> {
        let text = &said.value;
        text.parse()
            .map_err(|error: InvalidName| self.add(&model::INVALID_NAME, &said.at, error, proposed_name::<T>(text)))
            .ok()
    }

    /// Whether a name with this in front or behind is still one; `probe` is the shortest such name.
    fn check_affix(&mut self, said: &Said<String>, what: &str, probe: &str, help: &str) {
        if ServiceName::new(probe).is_err() {
            let message = format!("`{}` is no {what}: every name would break", said.value);
            let help = format!("use `a-z`, `0-9` and `-`, and {help}");
            self.add(&model::INVALID_NAME, &said.at, message, help);
        }
    }

    /// What stands before the names of images is a host, perhaps with a path, and no URL.
    fn check_registry(&mut self, said: &Said<String>) {
        let name = said.value.split_once("://").map_or(said.value.as_str(), |(_, name)| name);
        let name = name.trim_end_matches('/');
        if name != said.value || format!("{name}/image").parse::<ImageRef>().is_err() {
            let message = format!("`{}` is no registry with a path", said.value);
            self.add(&model::INVALID_IMAGE, &said.at, message, format!("write `{name}`"));
        }
    }

    fn check_label(&mut self, key: &str, value: &Said<String>) {
        if let Err(error) = LabelKey::new(key) {
            let help = "write `name`, or `example.com/name`".to_owned();
            self.add(&model::INVALID_NAME, &value.at, error, help);
        }
        self.parsed::<LabelValue>(value);
    }
}
