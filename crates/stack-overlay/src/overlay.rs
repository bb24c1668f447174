use indexmap::IndexMap;
use stack_model::merge::{entries, replace};
use stack_model::{
    Cluster, Component, Declared, Forward, Given, PodSecurity, PullPolicy, Relation, SecretSource, Service, Storage,
};
use stack_source::Locus;

use crate::{Patch, PatchBody, PatchTarget};

/// What one environment decides: an ordered set of typed changes of a stack.
///
/// What is not said is left to the profile below, and then to the stack's own defaults. In YAML it is a file of `overlays/`; in
/// Rust it is built by the methods of the same names.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Overlay {
    /// The environment's name: `dev`.
    pub name: Said<String>,
    /// Values of the stack that are others here; the stack is read with them.
    pub values: Given,
    /// The profile that lies below, already part of this.
    pub extends: Option<String>,
    /// What stands before every object's name; empty for nothing.
    pub prefix: Option<Said<String>>,
    /// What stands after every object's name; empty for nothing.
    pub suffix: Option<Said<String>>,
    /// The namespace of every object.
    pub namespace: Option<Said<String>>,
    /// Labels that every object gets.
    pub labels: IndexMap<String, Said<String>>,
    /// When a node pulls an image.
    pub pull: PullRules,
    /// Where claims lead.
    pub storage: Option<Storage>,
    /// Registry, tag and digests of built images.
    pub images: ImageRules,
    /// Who gives Secrets their values.
    pub secrets: SecretRules,
    /// Whether a service that may have several pods spreads over nodes and has a disruption budget.
    pub replicated: Option<bool>,
    /// The Pod Security level that the namespace is meant to enforce.
    pub pod_security: Option<PodSecurity>,
    /// Ports that Skaffold forwards to the developer's machine.
    pub forward: Vec<Forward>,
    /// What the stack finds in this environment's cluster.
    pub cluster: Cluster,
    /// Changes of services, in the stack's own vocabulary.
    pub services: IndexMap<String, Service>,
    /// Changes of emitted objects, for what the vocabulary cannot say.
    pub patches: Vec<Patch>,
}

/// A value and the place where it was said.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Said<T> {
    /// The value.
    pub value: T,
    /// The place.
    pub at: Locus,
}

impl<T> Said<T> {
    /// A value that a Rust program says.
    #[track_caller]
    pub fn here(value: impl Into<T>) -> Self {
        Self { value: value.into(), at: Locus::caller() }
    }
}

/// When a node pulls an image, as far as an overlay says it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct PullRules {
    /// Images that the stack builds.
    pub built: Option<PullPolicy>,
    /// All others.
    pub pulled: Option<PullPolicy>,
}

/// Where built images are pulled from, as far as an overlay says it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ImageRules {
    /// The registry, with the path that the images have there.
    pub registry: Option<Said<String>>,
    /// The tag of all of them.
    pub tag: Option<String>,
    /// Digests, by service.
    pub digests: IndexMap<String, Said<String>>,
    /// Whether every image needs an exact tag or a digest, and built ones a registry.
    pub exact: Option<bool>,
}

/// Who gives Secrets their values, as far as an overlay says it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SecretRules {
    /// For every Secret that has no row of its own.
    pub default: Option<SecretSource>,
    /// By Secret.
    pub by_name: IndexMap<String, Said<GivenSecret>>,
    /// Whether values may stand in the overlay.
    pub literals: Option<bool>,
    /// Whether a key without a value gets `dev-only-<secret>-<key>`.
    pub dev_only: Option<bool>,
    /// An untracked file beside the package whose `secret.key=value` lines win over the overlay's literals.
    pub local: Option<String>,
}

/// Who gives one Secret its values.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum GivenSecret {
    /// Somebody made it already, or a store gives the values.
    From(SecretSource),
    /// The overlay itself, by key.
    Literals(IndexMap<String, Said<String>>),
}

impl Overlay {
    /// An overlay that decides nothing so far.
    #[track_caller]
    pub fn new(name: &str) -> Self {
        Self { name: Said::here(name), ..Self::default() }
    }

    /// Lays this on top of a profile, whatever was said before.
    #[must_use]
    pub fn extends(self, profile: Self) -> Self {
        let extends = Some(profile.name.value.clone());
        let mut whole = profile;
        whole.merge(&self);
        whole.extends = extends;
        whole
    }

    /// Lays what `over` says on top of this.
    pub fn merge(&mut self, over: &Self) {
        let Self {
            name,
            values,
            extends,
            prefix,
            suffix,
            namespace,
            labels,
            pull: PullRules { built, pulled },
            storage,
            images: ImageRules { registry, tag, digests, exact },
            secrets: SecretRules { default, by_name, literals, dev_only, local },
            replicated,
            pod_security,
            forward,
            cluster,
            services,
            patches,
        } = over;
        self.name.clone_from(name);
        self.values.clone_from(values);
        replace(&mut self.extends, extends.as_ref());
        replace(&mut self.prefix, prefix.as_ref());
        replace(&mut self.suffix, suffix.as_ref());
        replace(&mut self.namespace, namespace.as_ref());
        replace(&mut self.pull.built, built.as_ref());
        replace(&mut self.pull.pulled, pulled.as_ref());
        replace(&mut self.storage, storage.as_ref());
        replace(&mut self.images.registry, registry.as_ref());
        replace(&mut self.images.tag, tag.as_ref());
        replace(&mut self.images.exact, exact.as_ref());
        replace(&mut self.secrets.default, default.as_ref());
        replace(&mut self.secrets.literals, literals.as_ref());
        replace(&mut self.secrets.dev_only, dev_only.as_ref());
        replace(&mut self.secrets.local, local.as_ref());
        replace(&mut self.replicated, replicated.as_ref());
        replace(&mut self.pod_security, pod_security.as_ref());
        entries(&mut self.labels, labels);
        entries(&mut self.images.digests, digests);
        entries(&mut self.secrets.by_name, by_name);
        self.cluster.merge(cluster);
        if !forward.is_empty() {
            self.forward.clone_from(forward);
        }
        for (name, service) in services {
            self.services.entry(name.clone()).or_default().merge(service);
        }
        self.patches.extend(patches.iter().cloned());
    }

    /// Puts this before every object's name.
    #[must_use]
    #[track_caller]
    pub fn prefix(mut self, prefix: &str) -> Self {
        self.prefix = Some(Said::here(prefix));
        self
    }

    /// Puts this after every object's name.
    #[must_use]
    #[track_caller]
    pub fn suffix(mut self, suffix: &str) -> Self {
        self.suffix = Some(Said::here(suffix));
        self
    }

    /// Puts every object into this namespace.
    #[must_use]
    #[track_caller]
    pub fn namespace(mut self, namespace: &str) -> Self {
        self.namespace = Some(Said::here(namespace));
        self
    }

    /// Labels every object.
    #[must_use]
    #[track_caller]
    pub fn label(mut self, key: &str, value: &str) -> Self {
        self.labels.insert(key.to_owned(), Said::here(value));
        self
    }

    /// Says when a node pulls images: those that the stack builds, and all others.
    #[must_use]
    pub fn pull(mut self, built: PullPolicy, pulled: PullPolicy) -> Self {
        self.pull = PullRules { built: Some(built), pulled: Some(pulled) };
        self
    }

    /// Says where claims lead.
    #[must_use]
    pub fn storage(mut self, storage: Storage) -> Self {
        self.storage = Some(storage);
        self
    }

    /// Pulls built images from this registry.
    #[must_use]
    #[track_caller]
    pub fn registry(mut self, registry: &str) -> Self {
        self.images.registry = Some(Said::here(registry));
        self
    }

    /// Pulls built images by this tag.
    #[must_use]
    pub fn tag(mut self, tag: &str) -> Self {
        self.images.tag = Some(tag.to_owned());
        self
    }

    /// Pulls a service's built image by this digest.
    #[must_use]
    #[track_caller]
    pub fn digest(mut self, service: &str, digest: &str) -> Self {
        self.images.digests.insert(service.to_owned(), Said::here(digest));
        self
    }

    /// Says whether every image needs an exact tag or a digest.
    #[must_use]
    pub fn exact_images(mut self, exact: bool) -> Self {
        self.images.exact = Some(exact);
        self
    }

    /// Says who gives Secrets their values, where nothing is said of one.
    #[must_use]
    pub fn secrets(mut self, source: SecretSource) -> Self {
        self.secrets.default = Some(source);
        self
    }

    /// Says who gives a Secret its values.
    #[must_use]
    #[track_caller]
    pub fn secret(mut self, name: &str, source: SecretSource) -> Self {
        self.secrets.by_name.insert(name.to_owned(), Said::here(GivenSecret::From(source)));
        self
    }

    /// Gives a key of a Secret its value.
    #[must_use]
    #[track_caller]
    pub fn literal(mut self, secret: &str, key: &str, value: &str) -> Self {
        let none = || Said::here(GivenSecret::Literals(IndexMap::new()));
        let given = self.secrets.by_name.entry(secret.to_owned()).or_insert_with(none);
        if let GivenSecret::From(_) = given.value {
            *given = none();
        }
        if let GivenSecret::Literals(values) = &mut given.value {
            values.insert(key.to_owned(), Said::here(value));
        }
        self
    }

    /// Lets an untracked file of `secret.key=value` lines win over literals.
    #[must_use]
    pub fn local_secrets(mut self, file: &str) -> Self {
        self.secrets.local = Some(file.to_owned());
        self
    }

    /// Says whether services that may have several pods spread over nodes and have a disruption budget.
    #[must_use]
    pub fn replicated(mut self, replicated: bool) -> Self {
        self.replicated = Some(replicated);
        self
    }

    /// Says which Pod Security level the namespace is meant to enforce.
    #[must_use]
    pub fn pod_security(mut self, level: PodSecurity) -> Self {
        self.pod_security = Some(level);
        self
    }

    /// Forwards a service's port to the same number on the developer's machine: `redis`, `qdrant.http`.
    #[must_use]
    #[track_caller]
    pub fn forward(mut self, target: &str) -> Self {
        self.forward.push(forward(target, None, Locus::caller()));
        self
    }

    /// Says what the stack finds in this environment's cluster.
    #[must_use]
    pub fn cluster(mut self, cluster: &Cluster) -> Self {
        self.cluster.merge(cluster);
        self
    }

    /// Changes a service.
    #[must_use]
    #[track_caller]
    pub fn service<C: Component>(mut self, name: &str, change: Declared<C>) -> Self {
        let change = Service { at: Locus::caller(), ..change.component.declare(change.service) };
        self.services.entry(name.to_owned()).or_default().merge(&change);
        self
    }

    /// Changes an emitted object, for what the vocabulary cannot say.
    #[must_use]
    #[track_caller]
    pub fn patch(mut self, kind: &str, name: &str, body: PatchBody) -> Self {
        let target = PatchTarget { kind: kind.to_owned(), name: name.to_owned() };
        self.patches.push(Patch { target, body, at: Locus::caller() });
        self
    }
}

/// `redis` or `qdrant.http`, as an edge writes it.
pub(crate) fn forward(target: &str, local: Option<u16>, at: Locus) -> Forward {
    let target = Relation::to(target).to;
    Forward { service: target.name, port: target.port, local, at }
}
