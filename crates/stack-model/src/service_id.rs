use std::borrow::Borrow;
use std::fmt;
use std::sync::Arc;

use indexmap::IndexMap;

/// Which service is meant: its name, after its namespace where the stack has several: `web`, `archives-prod/web`.
///
/// Two namespaces may have services of one name, so the name alone identifies one only where the stack leaves its namespace to the
/// environment. `check` says whether both parts are names that Kubernetes takes.
///
/// ```
/// use stack_model::ServiceId;
///
/// let web = ServiceId::from("archives-prod/web");
/// assert_eq!((web.namespace(), web.name()), (Some("archives-prod"), "web"));
/// assert_eq!(ServiceId::from("web").namespace(), None);
/// ```
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ServiceId(Arc<str>);

impl ServiceId {
    /// The service of this name in this namespace.
    pub fn new(namespace: Option<&str>, name: &str) -> Self {
        match namespace {
            Some(namespace) => Self(format!("{namespace}/{name}").into()),
            None => Self(name.into()),
        }
    }

    /// The namespace, where the stack says it.
    pub fn namespace(&self) -> Option<&str> {
        self.0.split_once('/').map(|(namespace, _)| namespace)
    }

    /// The name, which its objects have too.
    pub fn name(&self) -> &str {
        self.0.split_once('/').map_or(&*self.0, |(_, name)| name)
    }

    /// Both, as they are written.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// What this service means by `name`: a service of its own namespace, else the only one of that name elsewhere.
    ///
    /// The error lists the services that may be meant; nothing where there is none.
    pub(crate) fn target<'a, V>(
        &self,
        name: &str,
        services: &'a IndexMap<Self, V>,
    ) -> Result<(&'a Self, &'a V), Vec<&'a Self>> {
        let own = self.namespace().map(|namespace| Self::new(Some(namespace), name));
        let own = own.and_then(|own| services.get_key_value(&own));
        own.map_or_else(|| named(name, services), Ok)
    }
}

/// The service that is written so, else the only one of that name, whatever its namespace.
pub(crate) fn named<'a, V>(
    name: &str,
    services: &'a IndexMap<ServiceId, V>,
) -> Result<(&'a ServiceId, &'a V), Vec<&'a ServiceId>> {
    if let Some(found) = services.get_key_value(name) {
        return Ok(found);
    }
    let mut elsewhere: Vec<_> =
        services.iter().filter(|(id, _)| id.namespace().is_some() && id.name() == name).collect();
    match elsewhere.pop() {
        Some(found) if elsewhere.is_empty() => Ok(found),
        last => Err(elsewhere.into_iter().chain(last).map(|(id, _)| id).collect()),
    }
}

impl Borrow<str> for ServiceId {
    fn borrow(&self) -> &str {
        &self.0
    }
}

impl AsRef<str> for ServiceId {
    fn as_ref(&self) -> &str {
        &self.0
    }
}

impl From<&str> for ServiceId {
    fn from(text: &str) -> Self {
        Self(text.into())
    }
}

impl From<String> for ServiceId {
    fn from(text: String) -> Self {
        Self(text.into())
    }
}

impl PartialEq<str> for ServiceId {
    fn eq(&self, other: &str) -> bool {
        &*self.0 == other
    }
}

impl PartialEq<&str> for ServiceId {
    fn eq(&self, other: &&str) -> bool {
        &*self.0 == *other
    }
}

impl fmt::Display for ServiceId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}
