use stack_krm::yaml::{Limits, Node, Value, read};

use super::mention::{Mention, is_host, named, pair, urls, words};

/// Directives of nginx whose argument is a host, with or without a scheme before it.
const DIRECTIVES: &[&str] = &["fastcgi_pass", "grpc_pass", "memcached_pass", "proxy_pass", "scgi_pass", "uwsgi_pass"];

/// The hosts in the text of a configuration file.
pub(super) fn hosts(file: &str, text: &str) -> Vec<Mention> {
    let code: Vec<&str> = text.lines().filter(|line| !is_comment(line)).collect();
    let joined = code.join("\n");
    let mut mentions = urls(&joined);
    if is_nginx(&joined) {
        mentions.extend(directives(&code));
        let own = upstreams(&code);
        mentions.retain(|mention| !own.contains(&mention.host.as_str()));
        return mentions;
    }
    let structured = matches!(file.rsplit('.').next(), Some("yaml" | "yml" | "json"));
    match if structured { read(text, &Limits::default()).ok() } else { None } {
        Some(documents) => documents.iter().for_each(|document| walk(&document.root, &mut mentions)),
        None => mentions.extend(lines(&code)),
    }
    mentions
}

fn is_comment(line: &str) -> bool {
    let line = line.trim_start();
    line.starts_with('#') || line.starts_with("//") || line.starts_with(';')
}

fn is_nginx(text: &str) -> bool {
    let block = |word: &str| text.lines().any(|line| line.trim_start().starts_with(word) && line.contains('{'));
    DIRECTIVES.iter().any(|directive| text.contains(directive)) || block("upstream ") || block("server {")
}

fn directives(lines: &[&str]) -> Vec<Mention> {
    let mut mentions = Vec::new();
    let mut in_upstream = false;
    for statement in lines.iter().flat_map(|line| line.split_inclusive([';', '{', '}'])) {
        let mut words = statement.split_whitespace().map(|word| word.trim_end_matches([';', '{', '}']));
        let (first, second) = (words.next().unwrap_or_default(), words.next().unwrap_or_default());
        let takes_host = DIRECTIVES.contains(&first) || (first == "server" && in_upstream);
        if takes_host && !second.contains("://") {
            match pair(second) {
                Some((host, port)) => mentions.push(Mention { host, port: Some(port), sure: true }),
                None if is_host(second) => {
                    mentions.push(Mention { host: second.to_owned(), port: Some(80), sure: true });
                }
                None => {}
            }
        }
        if first == "upstream" {
            in_upstream = true;
        } else if statement.ends_with('}') {
            in_upstream = false;
        }
    }
    mentions
}

/// Names that the file gives to groups of hosts itself.
fn upstreams<'a>(lines: &[&'a str]) -> Vec<&'a str> {
    let named = lines.iter().filter_map(|line| line.trim_start().strip_prefix("upstream "));
    named.filter_map(|rest| rest.split([' ', '{']).find(|word| !word.is_empty())).collect()
}

/// The key of the port that belongs to a host: `redis_port` for `redis_host`.
fn is_port_of(key: &str, host_key: &str) -> bool {
    let (key, host_key) = (words(key), words(host_key));
    key.last().is_some_and(|last| last == "port")
        && key.len() == host_key.len()
        && key[..key.len() - 1] == host_key[..host_key.len() - 1]
}

fn walk(root: &Node, mentions: &mut Vec<Mention>) {
    let mut todo = vec![root];
    while let Some(node) = todo.pop() {
        match &node.value {
            Value::Sequence(nodes) => todo.extend(nodes),
            Value::Mapping(mapping) => {
                for (key, value) in mapping.iter() {
                    let port = || {
                        let port = mapping.iter().find(|(other, _)| is_port_of(other, key))?.1.as_scalar()?;
                        port.text.parse().ok()
                    };
                    let listed = value.as_sequence().unwrap_or_default().iter().chain([value]);
                    for text in listed.filter_map(Node::as_str).filter(|text| !text.contains("://")) {
                        mentions.extend(named(key, text, port()));
                    }
                    todo.push(value);
                }
            }
            Value::Scalar(_) => {}
        }
    }
}

/// `key = value` and `key: value`, as in TOML, INI and properties.
fn lines(lines: &[&str]) -> Vec<Mention> {
    let bare = |text: &str| text.trim().trim_end_matches([',', ';']).trim_matches(['"', '\'']).to_owned();
    let pairs: Vec<(String, String)> = lines
        .iter()
        .filter_map(|line| {
            let (key, value) = line.split_once(['=', ':'])?;
            let key = bare(key.trim().trim_start_matches("- ").trim_start_matches("export "));
            (!key.contains(char::is_whitespace)).then(|| (key, bare(value)))
        })
        .collect();
    let mut mentions = Vec::new();
    for (key, value) in pairs.iter().filter(|(_, value)| !value.contains("://")) {
        let mut ports = pairs.iter().filter(|(other, _)| is_port_of(other, key));
        let port = match (ports.next(), ports.next()) {
            (Some((_, port)), None) => port.parse().ok(),
            _ => None,
        };
        mentions.extend(named(key, value, port));
    }
    mentions
}
