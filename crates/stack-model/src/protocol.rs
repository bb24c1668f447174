use std::fmt;

/// What is spoken at a port. Both ends of a relation must agree on it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Protocol {
    /// Bytes over TCP, nothing further known.
    Tcp,
    /// HTTP/1.1 in plain text.
    Http,
    /// HTTP over TLS.
    Https,
    /// gRPC over HTTP/2 in plain text.
    Grpc,
    /// PostgreSQL's wire protocol.
    Sql,
    /// Redis' wire protocol.
    Redis,
    /// Qdrant's HTTP API.
    Qdrant,
    /// An HTTP API that follows OpenAI's.
    OpenAi,
    /// An S3 HTTP API.
    S3,
    /// NATS' wire protocol.
    Nats,
    /// `OpenID` Connect.
    Oidc,
    /// Cypher over Redis' wire protocol.
    Cypher,
    /// OpenTelemetry over gRPC.
    Otlp,
}

const PROTOCOLS: [Protocol; 13] = [
    Protocol::Tcp,
    Protocol::Http,
    Protocol::Https,
    Protocol::Grpc,
    Protocol::Sql,
    Protocol::Redis,
    Protocol::Qdrant,
    Protocol::OpenAi,
    Protocol::S3,
    Protocol::Nats,
    Protocol::Oidc,
    Protocol::Cypher,
    Protocol::Otlp,
];

struct Row {
    name: &'static str,
    /// Schemes of a URL that leads there, the one that is written first.
    schemes: &'static [&'static str],
    /// The port that such a URL means where it names none: RFC 9110, and IANA's registry of services.
    port: Option<u16>,
    /// Kubernetes' `appProtocol`: KEP-3726 and IANA's names.
    app_protocol: Option<&'static str>,
    /// What a client of it also understands.
    speaks: &'static [Protocol],
}

/// Of which nothing is known.
const BYTES: Row = Row { name: "tcp", schemes: &[], port: None, app_protocol: None, speaks: &[] };
const HTTP: Row = Row { name: "http", schemes: &["http"], port: Some(80), app_protocol: Some("http"), ..BYTES };
const HTTPS: Row = Row { name: "https", schemes: &["https"], port: Some(443), app_protocol: Some("https"), ..BYTES };
const GRPC: Row = Row { name: "grpc", app_protocol: Some("kubernetes.io/h2c"), ..HTTP };
const REDIS: Row = Row { name: "redis", schemes: &["redis"], port: Some(6379), ..BYTES };

impl Protocol {
    fn row(self) -> Row {
        match self {
            Self::Tcp => BYTES,
            Self::Http => HTTP,
            Self::Https => HTTPS,
            Self::Grpc => GRPC,
            Self::Sql => Row { name: "sql", schemes: &["postgresql", "postgres"], port: Some(5432), ..BYTES },
            Self::Redis => REDIS,
            Self::Qdrant => Row { name: "qdrant", speaks: &[Self::Http], ..HTTP },
            Self::OpenAi => Row { name: "openai", speaks: &[Self::Http], ..HTTP },
            Self::S3 => Row { name: "s3", speaks: &[Self::Http], ..HTTP },
            Self::Nats => Row { name: "nats", schemes: &["nats"], port: Some(4222), ..BYTES },
            Self::Oidc => Row { name: "oidc", speaks: &[Self::Https], ..HTTPS },
            Self::Cypher => Row { name: "cypher", speaks: &[Self::Redis], ..REDIS },
            Self::Otlp => Row { name: "otlp", speaks: &[Self::Grpc], ..GRPC },
        }
    }

    /// All protocols.
    pub fn all() -> impl Iterator<Item = Self> {
        PROTOCOLS.into_iter()
    }

    /// The protocol of that name in YAML.
    pub fn named(name: &str) -> Option<Self> {
        Self::all().find(|protocol| protocol.name() == name)
    }

    /// The protocol that a URL of this scheme leads to.
    pub fn of_scheme(scheme: &str) -> Option<Self> {
        Self::all().find(|protocol| protocol.row().schemes.contains(&scheme))
    }

    /// Its name in YAML.
    pub fn name(self) -> &'static str {
        self.row().name
    }

    /// The scheme of a URL that leads there.
    pub fn scheme(self) -> Option<&'static str> {
        self.row().schemes.first().copied()
    }

    /// The port that a URL of its scheme means where it names none.
    pub fn port(self) -> Option<u16> {
        self.row().port
    }

    /// What the Kubernetes Service says in `appProtocol`.
    pub fn app_protocol(self) -> Option<&'static str> {
        self.row().app_protocol
    }

    /// Whether a client of `wanted` can talk to a server of this protocol.
    pub fn serves(self, wanted: Self) -> bool {
        self == wanted || self.row().speaks.contains(&wanted) || wanted == Self::Tcp
    }
}

impl fmt::Display for Protocol {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}
