//! What a stack says once the facts of its components lie below the words of its author.

use std::borrow::Cow;

use indexmap::IndexMap;
use stack_krm::{ConfigKey, DnsSubdomain};

use crate::{Secret, Service, Stack};

impl Service {
    /// The service with what is known of its component below what its author says.
    #[must_use]
    pub fn with_facts(&self) -> Self {
        self.laid_on_facts().into_owned()
    }

    /// [`with_facts`](Self::with_facts), without a copy where there are none.
    pub(crate) fn laid_on_facts(&self) -> Cow<'_, Self> {
        match &self.component {
            None => Cow::Borrowed(self),
            Some(component) => {
                let mut service = component.facts(self);
                service.merge(self);
                Cow::Owned(service)
            }
        }
    }
}

impl Stack {
    /// All Secrets and their keys: those of components and those of the author. A Secret may have keys of both.
    ///
    /// ```
    /// use stack_model::Stack;
    /// use stack_model::component::Postgres;
    ///
    /// let mut stack = Stack::new("notes");
    /// stack.add("postgres", Postgres::database("notes"));
    /// let secrets = stack.secret_keys();
    /// assert!(secrets["postgres"].keys.contains_key("password"));
    /// ```
    pub fn secret_keys(&self) -> IndexMap<DnsSubdomain, Secret> {
        secret_keys(self, self.present().map(|(id, declared)| (id.name(), declared.laid_on_facts())))
    }
}

/// The Secrets of services with their facts, and those of the stack's author.
pub(crate) fn secret_keys<'a>(
    stack: &Stack,
    services: impl Iterator<Item = (&'a str, Cow<'a, Service>)>,
) -> IndexMap<DnsSubdomain, Secret> {
    let mut secrets: IndexMap<DnsSubdomain, Secret> = IndexMap::new();
    let of_components = services.filter_map(|(name, service)| {
        if service.secrets.keys.is_empty() {
            return None;
        }
        let name = DnsSubdomain::new(service.secret.as_deref().unwrap_or(name)).ok()?;
        let called = |key: ConfigKey| service.secret_keys.get(key.as_str()).cloned().unwrap_or(key);
        let keys = service.secrets.keys.clone().into_iter().map(|(key, declared)| (called(key), declared)).collect();
        Some((name, Secret { keys }))
    });
    let of_namespaces = stack.namespaces.values().flat_map(|namespace| &namespace.secrets);
    let of_author = stack.secrets.iter().chain(of_namespaces).map(|(name, secret)| (name.clone(), secret.clone()));
    for (name, secret) in of_components.chain(of_author) {
        secrets.entry(name).or_default().keys.extend(secret.keys);
    }
    secrets
}
