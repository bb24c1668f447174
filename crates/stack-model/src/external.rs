use stack_source::Locus;

use crate::Template;

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
}
