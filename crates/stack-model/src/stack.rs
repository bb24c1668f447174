use std::sync::Arc;

use indexmap::IndexMap;
use stack_krm::{DnsLabel, DnsSubdomain};
use stack_source::{Diagnostic, Locus};

use crate::{
    Cluster, Component, Declared, Environment, External, ExternalKind, ExternalRef, Namespace, RawObject, Reference,
    Secret, SecretKey, Service, ServiceId, Template, Value, rule,
};

/// An LLM or RAG stack: its services, who is outside, the secrets that are its author's own, what it finds in the cluster, and
/// what its environment decides.
///
/// A plain record: `check` says what is wrong with it, all at once, and only a checked one can be lowered.
///
/// ```
/// use stack_model::{Service, Stack};
///
/// let mut stack = Stack::new("hello");
/// stack.add("web", Service::image("nginxinc/nginx-unprivileged:1.29.3-alpine").port("http", 8080).probe("/").user(101));
/// let checked = stack.check().unwrap();
/// assert_eq!(checked.lower().len(), 4);
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Stack {
    /// Its name.
    pub name: String,
    /// What it is, in a sentence.
    pub description: Option<String>,
    /// Its version; the default tag of built images.
    pub version: Option<String>,
    /// Who and what is outside.
    pub externals: IndexMap<String, External>,
    /// Secrets that no component brings.
    pub secrets: IndexMap<DnsSubdomain, Secret>,
    /// Namespaces, where the stack has several; without them its services go where the environment says.
    pub namespaces: IndexMap<String, Namespace>,
    /// Services, in the author's order. A copy of the stack shares those that nobody changes.
    pub services: IndexMap<ServiceId, Arc<Service>>,
    /// What whoever installs it may decide, and what was decided.
    pub values: IndexMap<String, Value>,
    /// Objects of kinds that no component makes.
    pub objects: IndexMap<String, RawObject>,
    /// What it finds in its cluster.
    pub cluster: Cluster,
    /// What its environment decides.
    pub environment: Environment,
    /// Where it was written.
    pub at: Locus,
    pub(crate) faults: Vec<Diagnostic>,
}

impl Stack {
    /// A stack without services.
    #[track_caller]
    pub fn new(name: impl Into<String>) -> Self {
        Self { name: name.into(), at: Locus::caller(), ..Self::default() }
    }

    /// Says what it is, in a sentence.
    #[must_use]
    pub fn description(mut self, description: impl Into<String>) -> Self {
        self.description = Some(description.into());
        self
    }

    /// Says its version.
    #[must_use]
    pub fn version(mut self, version: impl Into<String>) -> Self {
        self.version = Some(version.into());
        self
    }

    /// Adds a service; the handle offers its endpoints to others. `ai/ollama` lies in the namespace `ai` of several.
    #[track_caller]
    pub fn add<C: Component>(&mut self, name: &str, service: impl Into<Declared<C>>) -> C::Handle {
        let Declared { component, service } = service.into();
        let mut service = component.declare(service);
        service.at = Locus::caller();
        if let Some(known) = self.services.get(name) {
            self.faults.push(twice(name, service.at, &known.at));
        } else {
            if let Some((namespace, _)) = name.split_once('/') {
                let at = service.at.clone();
                self.namespaces.entry(namespace.to_owned()).or_insert_with(|| Namespace { at, ..Namespace::default() });
            }
            self.services.insert(name.into(), Arc::new(service));
        }
        C::handle(name)
    }

    /// Names someone or something outside.
    #[track_caller]
    pub fn external(&mut self, name: &str, kind: impl Into<ExternalKind>) -> ExternalRef {
        let (kind, at) = (kind.into(), Locus::caller());
        if let Some(known) = self.externals.get(name) {
            self.faults.push(twice(name, at, &known.at));
        } else {
            self.externals.insert(name.to_owned(), External { kind, at });
        }
        ExternalRef::new(name)
    }

    /// Names a server elsewhere by its URL.
    #[track_caller]
    pub fn external_url(&mut self, name: &str, url: &str) -> ExternalRef {
        self.external(name, ExternalKind::Url(Template::text(url)))
    }

    /// Asks for a key of a Secret that no component brings. The reference is its value.
    #[track_caller]
    pub fn secret(&mut self, secret: &str, key: &str) -> Reference {
        self.secret_key(secret, key, SecretKey { optional: false, at: Locus::caller() })
    }

    /// Asks for a key without which pods start too.
    #[track_caller]
    pub fn optional_secret(&mut self, secret: &str, key: &str) -> Reference {
        self.secret_key(secret, key, SecretKey { optional: true, at: Locus::caller() })
    }

    fn secret_key(&mut self, secret: &str, key: &str, declared: SecretKey) -> Reference {
        let reference = Reference::new(["secret", secret, key]);
        match (DnsSubdomain::new(secret), stack_krm::ConfigKey::new(key)) {
            (Ok(secret), Ok(key)) => {
                self.secrets.entry(secret).or_default().keys.insert(key, declared);
            }
            (secret, key) => {
                let errors = [secret.err(), key.err()];
                let fault = |error: stack_krm::InvalidName| {
                    Diagnostic::new(&rule::INVALID_NAME, error.to_string()).at(declared.at.clone())
                };
                self.faults.extend(errors.into_iter().flatten().map(fault));
            }
        }
        reference
    }

    /// The service that is written so, else the only one of that name, whatever its namespace.
    pub fn service(&self, name: &str) -> Option<(&ServiceId, &Service)> {
        crate::service_id::named(name, &self.services).ok().map(|(id, service)| (id, service.as_ref()))
    }

    /// The same, to change it.
    pub fn service_mut(&mut self, name: &str) -> Option<&mut Service> {
        let id = self.service(name)?.0.clone();
        self.services.get_mut(&id).map(Arc::make_mut)
    }

    /// The services that it has: those that nothing says are absent.
    pub(crate) fn present(&self) -> impl Iterator<Item = (&ServiceId, &Service)> {
        let all = self.services.iter().map(|(id, service)| (id, service.as_ref()));
        all.filter(|(_, service)| service.when != Some(false))
    }

    /// How an author writes what its environment lacks, and in which file, where it was read from one: `in overlays/prod.yaml: …`.
    pub(crate) fn edit(&self, edit: &str) -> String {
        match self.environment.at.or(&self.at) {
            Locus::File { path, .. } => format!("in {path}: {edit}"),
            Locus::Rust(_) | Locus::Derived => format!("write {edit}"),
        }
    }

    /// Asks for a namespace; without one, everything goes where the user's context points.
    pub fn namespace(&mut self, namespace: DnsLabel) {
        self.environment.namespace = Some(namespace);
    }
}

fn twice(name: &str, at: Locus, first: &Locus) -> Diagnostic {
    Diagnostic::new(&rule::DUPLICATE_NAME, format!("`{name}` is added twice"))
        .at(at)
        .related(first.clone(), "first added here")
        .help("give one of them another name")
}
