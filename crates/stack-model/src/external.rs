use stack_source::Locus;

use crate::{Relation, Template};

/// Someone or something outside the stack.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct External {
    /// Who or what.
    pub kind: ExternalKind,
    /// Where it was written.
    pub at: Locus,
}

/// What an [`External`] is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ExternalKind {
    /// A person with a browser.
    Person,
    /// A server elsewhere, by its URL; port and protocol follow from the scheme.
    Url(Template),
    /// Whoever has an address in a range.
    Network(Network),
    /// Nobody: a value says that there is none here, and edges to it vanish.
    Absent,
}

/// A range of addresses outside, as far as something is known of who is there.
///
/// ```
/// use stack_model::{Network, Stack};
///
/// let mut stack = Stack::new("hello");
/// stack.external("office", Network::new("10.0.0.0/8").port(5432));
/// stack.external("ollama", Network::new("192.168.0.0/16").url("http://ollama.lan:11434"));
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Network {
    /// The range, as CIDR.
    pub range: Template,
    /// The server there, where it has a name that the internet does not know; its port is the one that is used.
    pub url: Option<Template>,
    /// The port that is used, where no URL says it; every port where none is said.
    pub port: Option<u16>,
}

impl Network {
    /// Every port of these addresses, as CIDR.
    #[track_caller]
    pub fn new(range: impl Into<Template>) -> Self {
        Self { range: range.into(), url: None, port: None }
    }

    /// A server among them.
    #[must_use]
    #[track_caller]
    pub fn url(mut self, url: impl Into<Template>) -> Self {
        self.url = Some(url.into());
        self
    }

    /// This port alone.
    #[must_use]
    pub fn port(mut self, port: u16) -> Self {
        self.port = Some(port);
        self
    }
}

impl From<Network> for ExternalKind {
    fn from(network: Network) -> Self {
        Self::Network(network)
    }
}

/// Someone or something outside, for edges from services.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ExternalRef(String);

impl ExternalRef {
    pub(crate) fn new(name: &str) -> Self {
        Self(name.to_owned())
    }

    /// Its name in the stack, for [`crate::Expose::to`].
    pub fn name(&self) -> &str {
        &self.0
    }

    /// An edge to it.
    #[track_caller]
    pub fn relation(&self) -> Relation {
        Relation::to(&self.0)
    }

    /// An edge to it, and what for.
    #[track_caller]
    pub fn purpose(&self, purpose: impl Into<String>) -> Relation {
        self.relation().purpose(purpose)
    }

    /// An edge to it that tells the consumer in this variable.
    #[track_caller]
    pub fn env(&self, name: &str, value: impl Into<Template>) -> Relation {
        self.relation().env(name, value)
    }
}

impl From<&ExternalRef> for Relation {
    #[track_caller]
    fn from(external: &ExternalRef) -> Self {
        external.relation()
    }
}
