use indexmap::IndexMap;
use stack_source::Locus;

use crate::{Grant, Protocol, Template};

/// An edge: a service uses an endpoint of another, or of the world outside.
///
/// One edge yields the consumer's environment, its bounded wait, the policy on both sides, the start-up wave, the row of the
/// communication matrix. Remove the edge and all of them are gone.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Relation {
    /// The provider: a service of the stack or an external, and one of its ports where the edge is about that one alone.
    pub to: Target,
    /// The ports that are used; the provider's first where none is said.
    pub ports: Vec<String>,
    /// What for, in a word or two, for the communication matrix.
    pub purpose: Option<String>,
    /// Whether start-up waits for the provider.
    pub wait: Option<Wait>,
    /// How the consumer is told: variables, and what of the provider stands in them.
    pub env: IndexMap<String, Template>,
    /// What is asked of the provider beyond a connection.
    pub grants: Vec<Grant>,
    /// The gateway of the stack by which the real path leads: then `<public-url>` is the provider's.
    pub via: Option<String>,
    /// The consumer's variables where the stack does not have the provider.
    pub otherwise: IndexMap<String, Template>,
    /// What the consumer speaks, where it says so; checked against the provider's port.
    pub protocol: Option<Protocol>,
    /// Where it was written.
    pub at: Locus,
}

/// The far end of a [`Relation`]: `qdrant`, `qdrant.grpc`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Target {
    /// The service or external.
    pub name: String,
    /// The port.
    pub port: Option<String>,
}

/// What start-up waits for, in Compose's words.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Wait {
    /// The provider's pods were created: an order for the rollout, no wait in the pod.
    Started,
    /// The provider's Kubernetes Service has a ready pod: a bounded init step.
    Ready,
    /// The provider's Job has ended well.
    Completed,
}

const WAITS: [Wait; 3] = [Wait::Started, Wait::Ready, Wait::Completed];

impl Wait {
    /// All conditions, each with its word.
    pub(crate) fn words() -> [(&'static str, Self); 3] {
        WAITS.map(|wait| (wait.name(), wait))
    }

    /// The word.
    pub fn name(self) -> &'static str {
        match self {
            Self::Started => "started",
            Self::Ready => "ready",
            Self::Completed => "completed",
        }
    }
}

impl Relation {
    /// An edge to a service or external by name: what YAML writes under `uses`.
    #[track_caller]
    pub fn to(target: &str) -> Self {
        let (name, port) = match target.split_once('.') {
            Some((name, port)) => (name.to_owned(), Some(port.to_owned())),
            None => (target.to_owned(), None),
        };
        Self { to: Target { name, port }, at: Locus::caller(), ..Self::default() }
    }

    /// Waits until the provider is ready.
    #[must_use]
    pub fn when_ready(mut self) -> Self {
        self.wait = Some(Wait::Ready);
        self
    }

    /// Uses these ports of the provider.
    #[must_use]
    pub fn ports<'a>(mut self, ports: impl IntoIterator<Item = &'a str>) -> Self {
        self.ports = ports.into_iter().map(str::to_owned).collect();
        self
    }

    /// Says what for.
    #[must_use]
    pub fn purpose(mut self, purpose: impl Into<String>) -> Self {
        self.purpose = Some(purpose.into());
        self
    }

    /// Tells the consumer, in this variable. A name that cannot be one is reported by `check`.
    #[must_use]
    #[track_caller]
    pub fn env(mut self, name: &str, value: impl Into<Template>) -> Self {
        self.env.insert(name.to_owned(), value.into());
        self
    }

    /// Sets this variable where the stack does not have the provider.
    #[must_use]
    #[track_caller]
    pub fn otherwise(mut self, name: &str, value: impl Into<Template>) -> Self {
        self.otherwise.insert(name.to_owned(), value.into());
        self
    }

    /// Waits until the provider was started: an order of the rollout.
    #[must_use]
    pub fn when_started(mut self) -> Self {
        self.wait = Some(Wait::Started);
        self
    }

    pub(crate) fn merge(&mut self, over: &Self) {
        super::merge::replace(&mut self.purpose, over.purpose.as_ref());
        super::merge::replace(&mut self.wait, over.wait.as_ref());
        super::merge::replace(&mut self.protocol, over.protocol.as_ref());
        super::merge::entries(&mut self.env, &over.env);
        super::merge::entries(&mut self.otherwise, &over.otherwise);
        super::merge::replace(&mut self.via, over.via.as_ref());
        for grant in &over.grants {
            self.grants.retain(|known| known.kind.word() != grant.kind.word());
            self.grants.push(grant.clone());
        }
        if !over.ports.is_empty() {
            self.ports.clone_from(&over.ports);
        }
    }
}

/// A protocol as a type.
pub trait Speaks {
    /// The same protocol as a value.
    const PROTOCOL: Protocol;
}

/// The protocols of typed endpoints.
pub mod speaks {
    use super::Speaks;
    use crate::Protocol;

    macro_rules! protocols {
        ($($(#[$doc:meta])* $name:ident)*) => {$(
            $(#[$doc])*
            #[derive(Clone, Debug)]
            pub struct $name;

            impl Speaks for $name {
                const PROTOCOL: Protocol = Protocol::$name;
            }
        )*};
    }

    protocols! {
        /// HTTP.
        Http
        /// gRPC.
        Grpc
        /// PostgreSQL.
        Sql
        /// Redis.
        Redis
        /// Qdrant's HTTP API.
        Qdrant
        /// OpenAI's HTTP API.
        OpenAi
    }
}
