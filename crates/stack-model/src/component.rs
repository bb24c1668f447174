//! Services whose image is known: what they listen on, where they write, how they are probed, what they tell their clients.
//!
//! A component is a set of options and a function to a [`Service`]; what the author says lies on top of that. One of your own is
//! any function that returns a `Service`: see `examples/custom_component.rs`.

mod litellm;
mod nginx;
mod openwebui;
mod planned;
mod postgres;
mod qdrant;
mod r2r;
mod redis;
mod vespa;

pub use litellm::{LiteLlm, LiteLlmRef};
pub use nginx::{Nginx, NginxRef, Route};
pub use openwebui::{OpenWebUi, OpenWebUiRef};
pub use planned::Planned;
pub use postgres::{Postgres, PostgresRef};
pub use qdrant::{Qdrant, QdrantRef};
pub use r2r::{R2r, R2rRef};
pub use redis::{Auth, Persistence, Redis, RedisRef};
pub use vespa::{Vespa, VespaRef};

use indexmap::IndexMap;
use stack_krm::ConfigKey;
use stack_source::Locus;

use crate::{Probe, ProbeCheck, Reference, Relation, Secret, SecretKey, Service, Template};

/// What a service is made of, and the handle by which others connect to it.
///
/// The components of this crate implement it, and so does a component of your own.
pub trait Component {
    /// What other services connect to.
    type Handle;

    /// The declaration that stands in the stack, under what the author says in `declared`.
    fn declare(self, declared: Service) -> Service;

    /// The handle of the service of that name.
    fn handle(name: &str) -> Self::Handle;
}

/// Nothing is known of the image: the author says it all.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Plain;

/// A service of which nothing is known but its name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ServiceRef(String);

impl ServiceRef {
    /// Its name in the stack.
    pub fn name(&self) -> &str {
        &self.0
    }

    /// An edge to one of its ports.
    #[track_caller]
    pub fn port(&self, port: &str) -> Relation {
        Relation::to(&format!("{}.{port}", self.0))
    }
}

impl From<&ServiceRef> for Relation {
    #[track_caller]
    fn from(service: &ServiceRef) -> Self {
        Self::to(&service.0)
    }
}

impl Component for Plain {
    type Handle = ServiceRef;

    fn declare(self, declared: Service) -> Service {
        declared
    }

    fn handle(name: &str) -> ServiceRef {
        ServiceRef(name.to_owned())
    }
}

/// A component of this crate, with its options.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Known {
    /// LiteLLM.
    LiteLlm(LiteLlm),
    /// nginx.
    Nginx(Nginx),
    /// Open `WebUI`.
    OpenWebUi(OpenWebUi),
    /// PostgreSQL.
    Postgres(Postgres),
    /// Qdrant.
    Qdrant(Qdrant),
    /// R2R.
    R2r(R2r),
    /// Redis.
    Redis(Redis),
    /// Vespa.
    Vespa(Vespa),
    /// One that this version does not write.
    Planned(Planned),
}

impl Known {
    /// The components that this version writes, each with its options unset.
    pub fn all() -> [Self; 8] {
        [
            Self::LiteLlm(LiteLlm::default()),
            Self::Nginx(Nginx::default()),
            Self::OpenWebUi(OpenWebUi::default()),
            Self::Postgres(Postgres::default()),
            Self::Qdrant(Qdrant),
            Self::R2r(R2r),
            Self::Redis(Redis::default()),
            Self::Vespa(Vespa),
        ]
    }

    /// The component of that name in YAML.
    pub fn named(name: &str) -> Option<Self> {
        let written = Self::all().into_iter().find(|known| known.name() == name);
        written.or_else(|| Planned::named(name).map(Self::Planned))
    }

    /// Its name in YAML.
    pub fn name(&self) -> &'static str {
        match self {
            Self::LiteLlm(_) => "litellm",
            Self::Nginx(_) => "nginx",
            Self::OpenWebUi(_) => "openwebui",
            Self::Postgres(_) => "postgres",
            Self::Qdrant(_) => "qdrant",
            Self::R2r(_) => "r2r",
            Self::Redis(_) => "redis",
            Self::Vespa(_) => "vespa",
            Self::Planned(planned) => planned.name,
        }
    }

    /// What is known of the service before the author says anything; `declared` is what the author says.
    pub(crate) fn facts(&self, declared: &Service) -> Service {
        match self {
            Self::LiteLlm(options) => options.facts(),
            Self::Nginx(options) => options.facts(declared),
            Self::OpenWebUi(options) => options.facts(),
            Self::Postgres(options) => options.facts(declared),
            Self::Qdrant(options) => options.facts(declared),
            Self::R2r(options) => options.facts(),
            Self::Redis(options) => options.facts(declared),
            Self::Vespa(options) => options.facts(),
            Self::Planned(_) => Service::default(),
        }
    }

    pub(crate) fn merge(&mut self, over: &Self) {
        match (self, over) {
            (Self::LiteLlm(base), Self::LiteLlm(over)) => base.merge(over),
            (Self::Nginx(base), Self::Nginx(over)) => base.merge(over),
            (Self::OpenWebUi(base), Self::OpenWebUi(over)) => base.merge(*over),
            (Self::Postgres(base), Self::Postgres(over)) => base.merge(over),
            (Self::Qdrant(_), Self::Qdrant(_)) | (Self::R2r(_), Self::R2r(_)) | (Self::Vespa(_), Self::Vespa(_)) => {}
            (Self::Planned(base), Self::Planned(over)) if base.name == over.name => {
                base.options.extend(over.options.clone());
            }
            (Self::Redis(base), Self::Redis(over)) => base.merge(*over),
            (base, over) => *base = over.clone(),
        }
    }
}

/// A map in the order in which it is written down.
fn named<T, const N: usize>(rows: [(&str, T); N]) -> IndexMap<String, T> {
    rows.into_iter().map(|(name, value)| (name.to_owned(), value)).collect()
}

/// The keys of a component's own Secret.
fn credentials<const N: usize>(keys: [&str; N]) -> Secret {
    let keys = keys.into_iter().filter_map(|key| ConfigKey::new(key).ok());
    Secret { keys: keys.map(|key| (key, SecretKey { optional: false, at: Locus::Derived })).collect() }
}

/// `<secret.KEY>`: a key of the component's own Secret.
fn own_secret(key: &str) -> Template {
    Template::reference(Reference::new(["secret", key])).at(Locus::Derived)
}

fn http(path: &str) -> ProbeCheck {
    ProbeCheck::Http { path: path.to_owned(), port: None }
}

/// A start probe that asks every `every` seconds, `failures` times at most.
fn start(every: u32, failures: u32) -> Probe {
    Probe { every: Some(every), failures: Some(failures), ..Probe::default() }
}
