use super::expand::UNKNOWN;

/// A host that a text names.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Mention {
    pub(super) host: String,
    pub(super) port: Option<u16>,
    /// Whether the text can mean nothing but a host. Else it counts only where a Kubernetes Service is called so.
    pub(super) sure: bool,
}

/// URL schemes whose authority is a host, with the port that they imply.
const SCHEMES: &[(&str, Option<u16>)] = &[
    ("amqp", Some(5672)),
    ("amqps", Some(5671)),
    ("bolt", Some(7687)),
    ("clickhouse", Some(9000)),
    ("elasticsearch", None),
    ("etcd", Some(2379)),
    ("ftp", Some(21)),
    ("grpc", None),
    ("grpcs", None),
    ("http", Some(80)),
    ("https", Some(443)),
    ("kafka", Some(9092)),
    ("ldap", Some(389)),
    ("ldaps", Some(636)),
    ("mariadb", Some(3306)),
    ("memcached", Some(11211)),
    ("mongodb", Some(27017)),
    ("mqtt", Some(1883)),
    ("mysql", Some(3306)),
    ("nats", Some(4222)),
    ("neo4j", Some(7687)),
    ("opensearch", None),
    ("otlp", None),
    ("postgres", Some(5432)),
    ("postgresql", Some(5432)),
    ("redis", Some(6379)),
    ("rediss", Some(6379)),
    ("smtp", Some(25)),
    ("smtps", Some(465)),
    ("tcp", None),
    ("tls", None),
    ("udp", None),
    ("valkey", Some(6379)),
    ("ws", Some(80)),
    ("wss", Some(443)),
];

/// Last words of a name that say that the value is a host.
const HOST_WORDS: &[&str] = &["addr", "address", "addrs", "fqdn", "host", "hostname", "hostnames", "hosts"];

/// Words of a name that say that the value may be `host:port`.
const PLACE_WORDS: &[&str] = &[
    "bootstrap",
    "broker",
    "brokers",
    "endpoint",
    "endpoints",
    "nodes",
    "peers",
    "server",
    "servers",
    "upstream",
    "url",
    "urls",
];

/// Words of a name that say that the host is where the program itself listens, or how others see it.
const OWN_WORDS: &[&str] = &[
    "advertise",
    "advertised",
    "allow",
    "allowed",
    "bind",
    "cors",
    "external",
    "listen",
    "public",
    "proxy",
    "trusted",
    "virtual",
];

/// Words that stand where a host could, and are none.
const NO_HOSTS: &[&str] =
    &["all", "any", "auto", "default", "disabled", "false", "localhost", "none", "null", "off", "on", "true"];

/// What a name says about its value.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Says {
    /// A host, and whose.
    Host,
    /// A host, perhaps the program's own.
    SomeHost,
    /// Perhaps `host:port`.
    Place,
    Nothing,
}

/// The words of `REDIS_HOST`, `redis-host`, `redis.host` and `redisHost`, in lower case.
pub(super) fn words(name: &str) -> Vec<String> {
    let mut words = vec![String::new()];
    let mut lower_before = false;
    for character in name.chars() {
        if character.is_ascii_alphanumeric() {
            if character.is_ascii_uppercase() && lower_before {
                words.push(String::new());
            }
            if let Some(word) = words.last_mut() {
                word.push(character.to_ascii_lowercase());
            }
        } else {
            words.push(String::new());
        }
        lower_before = character.is_ascii_lowercase();
    }
    words.retain(|word| !word.is_empty());
    words
}

pub(super) fn says(name: &str) -> Says {
    let words = words(name);
    let has = |list: &[&str]| words.iter().any(|word| list.contains(&word.as_str()));
    let Some(last) = words.last() else { return Says::Nothing };
    if has(OWN_WORDS) {
        Says::Nothing
    } else if HOST_WORDS.contains(&last.as_str()) {
        if words.len() > 1 { Says::Host } else { Says::SomeHost }
    } else if has(PLACE_WORDS) || has(HOST_WORDS) {
        Says::Place
    } else {
        Says::Nothing
    }
}

/// The hosts in a value with a name; `port` is what the value's sibling says.
pub(super) fn named(name: &str, value: &str, port: Option<u16>) -> Vec<Mention> {
    let mut mentions = urls(value);
    if value.contains("://") {
        return mentions;
    }
    let says = says(name);
    for item in value.split([',', ' ', ';']).map(str::trim).filter(|item| !item.is_empty()) {
        match pair(item) {
            Some((host, port)) if says != Says::Nothing => {
                mentions.push(Mention { host, port: Some(port), sure: says != Says::SomeHost });
            }
            Some((host, port)) => mentions.push(Mention { host, port: Some(port), sure: false }),
            None if matches!(says, Says::Host | Says::SomeHost) && is_host(item) => {
                mentions.push(Mention { host: item.to_owned(), port, sure: says == Says::Host });
            }
            None => {}
        }
    }
    mentions.extend(dsn(value));
    mentions
}

/// `host=postgres port=5432 dbname=…`
fn dsn(value: &str) -> Option<Mention> {
    let field = |name: &str| value.split_whitespace().find_map(|word| word.strip_prefix(name)?.strip_prefix('='));
    let host = field("host").filter(|host| is_host(host))?;
    Some(Mention { host: host.to_owned(), port: field("port").and_then(|port| port.parse().ok()), sure: true })
}

/// The hosts of all URLs in a text.
pub(super) fn urls(text: &str) -> Vec<Mention> {
    let mut mentions = Vec::new();
    for (at, _) in text.match_indices("://") {
        let before = &text[..at];
        let start = before.rfind(|character: char| !(character.is_ascii_alphanumeric() || "+-.".contains(character)));
        let scheme =
            &before[start.map_or(0, |start| start + before[start..].chars().next().map_or(1, char::len_utf8))..];
        let base = scheme.split('+').next().unwrap_or_default().to_ascii_lowercase();
        let Some((_, implied)) = SCHEMES.iter().find(|(known, _)| *known == base) else { continue };
        if scheme.ends_with("+srv") {
            continue;
        }
        let rest = &text[at + 3..];
        let end = |text: &str, ends: &str| {
            text.find(|character: char| character.is_whitespace() || ends.contains(character)).unwrap_or(text.len())
        };
        // A password may hold what ends a host, an unfilled `$(X)` for one.
        let word = &rest[..end(rest, "/\"'`<>")];
        let hosts = word.rsplit_once('@').map_or(word, |(_, hosts)| hosts);
        let hosts = &hosts[..end(hosts, "?#;)]}|\\")];
        for host in hosts.split(',') {
            let (host, port) = match host.split_once(':') {
                Some((host, port)) => (host, port.parse().ok()),
                // Programs that know their peers by pod, such as MinIO, have a usual port of their own.
                None => (host, implied.filter(|_| !is_pod(host))),
            };
            // A port that is a variable says nothing, least of all that it is the usual one.
            if is_host(host) {
                mentions.push(Mention { host: host.to_owned(), port, sure: true });
            }
        }
    }
    mentions
}

/// `postgres-0.postgres…`
fn is_pod(host: &str) -> bool {
    let ordinal =
        |(pod, _): (&str, &str)| pod.rsplit_once('-').is_some_and(|(_, number)| number.parse::<u32>().is_ok());
    host.split_once('.').is_some_and(ordinal)
}

/// `host:port`, where the port is none that version numbers use.
pub(super) fn pair(text: &str) -> Option<(String, u16)> {
    let (host, port) = text.split_once(':')?;
    let port = port.split('/').next().unwrap_or(port);
    let number: u16 = port.parse().ok()?;
    let likely = number >= 100 || matches!(number, 21 | 22 | 25 | 53 | 80);
    (likely && is_host(host)).then(|| (host.to_owned(), number))
}

/// Whether a text can be the name of a host that DNS finds: no address, no placeholder, no word such as `localhost`.
pub(super) fn is_host(text: &str) -> bool {
    let name = text.strip_suffix('.').unwrap_or(text);
    let label = |label: &str| {
        let inner = label.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-');
        !label.is_empty() && label.len() < 64 && inner && !label.starts_with('-') && !label.ends_with('-')
    };
    name.len() < 254
        && !name.contains(UNKNOWN)
        && name.starts_with(|first: char| first.is_ascii_lowercase())
        && name.split('.').all(label)
        && !NO_HOSTS.contains(&name)
}
