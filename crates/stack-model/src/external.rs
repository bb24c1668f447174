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
    /// A range of addresses, as CIDR.
    Network(Template),
    /// Nobody: a value says that there is none here, and edges to it vanish.
    Absent,
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
