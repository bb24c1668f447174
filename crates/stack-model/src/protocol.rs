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

struct Row {
    protocol: Protocol,
    name: &'static str,
    scheme: Option<&'static str>,
    app_protocol: Option<&'static str>,
    speaks: &'static [Protocol],
}

/// Name in YAML, scheme of a URL, Kubernetes' `appProtocol` (KEP-3726 and IANA names), and what a client of it also understands.
const PROTOCOLS: [Row; 13] = [
    Row { protocol: Protocol::Tcp, name: "tcp", scheme: None, app_protocol: None, speaks: &[] },
    Row { protocol: Protocol::Http, name: "http", scheme: Some("http"), app_protocol: Some("http"), speaks: &[] },
    Row { protocol: Protocol::Https, name: "https", scheme: Some("https"), app_protocol: Some("https"), speaks: &[] },
    Row {
        protocol: Protocol::Grpc,
        name: "grpc",
        scheme: Some("http"),
        app_protocol: Some("kubernetes.io/h2c"),
        speaks: &[],
    },
    Row { protocol: Protocol::Sql, name: "sql", scheme: Some("postgresql"), app_protocol: None, speaks: &[] },
    Row { protocol: Protocol::Redis, name: "redis", scheme: Some("redis"), app_protocol: None, speaks: &[] },
    Row {
        protocol: Protocol::Qdrant,
        name: "qdrant",
        scheme: Some("http"),
        app_protocol: Some("http"),
        speaks: &[Protocol::Http],
    },
    Row {
        protocol: Protocol::OpenAi,
        name: "openai",
        scheme: Some("http"),
        app_protocol: Some("http"),
        speaks: &[Protocol::Http],
    },
    Row {
        protocol: Protocol::S3,
        name: "s3",
        scheme: Some("http"),
        app_protocol: Some("http"),
        speaks: &[Protocol::Http],
    },
    Row { protocol: Protocol::Nats, name: "nats", scheme: Some("nats"), app_protocol: None, speaks: &[] },
    Row {
        protocol: Protocol::Oidc,
        name: "oidc",
        scheme: Some("https"),
        app_protocol: Some("https"),
        speaks: &[Protocol::Https],
    },
    Row {
        protocol: Protocol::Cypher,
        name: "cypher",
        scheme: Some("redis"),
        app_protocol: None,
        speaks: &[Protocol::Redis],
    },
    Row {
        protocol: Protocol::Otlp,
        name: "otlp",
        scheme: Some("http"),
        app_protocol: Some("kubernetes.io/h2c"),
        speaks: &[Protocol::Grpc],
    },
];

impl Protocol {
    fn row(self) -> &'static Row {
        PROTOCOLS.iter().find(|row| row.protocol == self).unwrap_or(&PROTOCOLS[0])
    }

    /// All protocols.
    pub fn all() -> impl Iterator<Item = Self> {
        PROTOCOLS.iter().map(|row| row.protocol)
    }

    /// The protocol of that name in YAML.
    pub fn named(name: &str) -> Option<Self> {
        PROTOCOLS.iter().find(|row| row.name == name).map(|row| row.protocol)
    }

    /// Its name in YAML.
    pub fn name(self) -> &'static str {
        self.row().name
    }

    /// The scheme of a URL that leads there.
    pub fn scheme(self) -> Option<&'static str> {
        self.row().scheme
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
