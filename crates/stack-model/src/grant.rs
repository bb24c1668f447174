use stack_source::Locus;

/// What an edge asks of its provider beyond a connection: it is made where it is asked for, and nowhere else.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Grant {
    /// What is asked for.
    pub kind: GrantKind,
    /// Where it was written.
    pub at: Locus,
}

/// What a [`Grant`] asks for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum GrantKind {
    /// A database of this name, with an owner and a password.
    Database(String),
    /// A bucket of this name, with an access key.
    Bucket(String),
    /// A client of an `OpenID` Connect provider.
    Client {
        /// Its identifier.
        id: String,
        /// Where the provider sends the browser back to.
        redirect: Option<String>,
    },
    /// Subjects of a message broker: `archives.prod.>`.
    Subjects(String),
    /// A graph of this name.
    Graph(String),
    /// Collections whose names start like this.
    Prefix(String),
    /// A key of a key server.
    Key(String),
}

impl GrantKind {
    /// The word that asks for it.
    pub fn word(&self) -> &'static str {
        match self {
            Self::Database(_) => "database",
            Self::Bucket(_) => "bucket",
            Self::Client { .. } => "client",
            Self::Subjects(_) => "subjects",
            Self::Graph(_) => "graph",
            Self::Prefix(_) => "prefix",
            Self::Key(_) => "key",
        }
    }
}
