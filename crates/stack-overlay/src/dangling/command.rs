use super::mention::{Mention, Says, is_host, named, pair, says, urls};

/// Programs that take a host, and how.
const PROGRAMS: &[(&str, Takes)] = &[
    ("createdb", Takes::Flag),
    ("dig", Takes::First),
    ("getent", Takes::First),
    ("mariadb", Takes::Flag),
    ("mariadb-admin", Takes::Flag),
    ("mongosh", Takes::Flag),
    ("mysql", Takes::Flag),
    ("mysqladmin", Takes::Flag),
    ("nc", Takes::First),
    ("ncat", Takes::First),
    ("netcat", Takes::First),
    ("nslookup", Takes::First),
    ("pg_dump", Takes::Flag),
    ("pg_isready", Takes::Flag),
    ("ping", Takes::First),
    ("psql", Takes::Flag),
    ("redis-cli", Takes::Flag),
    ("telnet", Takes::First),
    ("valkey-cli", Takes::Flag),
    ("wait-for", Takes::First),
    ("wait-for-it", Takes::First),
    ("wait-for-it.sh", Takes::First),
    ("wait-for.sh", Takes::First),
];

#[derive(Clone, Copy)]
enum Takes {
    /// The first word that is no flag and no number is the host; a number behind it is the port.
    First,
    /// `-h HOST -p PORT`
    Flag,
}

/// The hosts in a command line: words as the container gets them, a script in one word among them.
pub(super) fn hosts(words: &[String]) -> Vec<Mention> {
    let words: Vec<String> = words.iter().map(|word| without_messages(word)).collect();
    let mut mentions: Vec<Mention> = words.iter().flat_map(|word| urls(word)).collect();
    for word in &words {
        mentions.extend(dev_tcp(word));
        mentions.extend(tuples(word));
    }
    let tokens: Vec<&str> = words.iter().flat_map(|word| tokens(word)).collect();
    for command in tokens.split(|token| *token == END) {
        mentions.extend(of_program(command));
        mentions.extend(of_flags(command));
    }
    mentions
}

/// A script without what it only says.
fn without_messages(word: &str) -> String {
    if !word.contains(char::is_whitespace) {
        return word.to_owned();
    }
    let mut out = String::with_capacity(word.len());
    for part in word.split_inclusive([';', '|', '&', '\n']) {
        let says = ["echo ", "printf "].iter().filter_map(|program| part.find(program)).min();
        match says {
            Some(at) => out.extend([&part[..at], END]),
            None => out.push_str(part),
        }
    }
    out
}

/// Ends a command.
const END: &str = ";";

/// The words of a script, commands divided by [`END`]; a word without blanks is itself.
fn tokens(text: &str) -> Vec<&str> {
    if !text.contains(char::is_whitespace) {
        return vec![text];
    }
    let mut tokens = Vec::new();
    for (at, part) in text.split([';', '|', '&', '(', ')', '\n', '`']).enumerate() {
        if at > 0 {
            tokens.push(END);
        }
        tokens
            .extend(part.split_whitespace().map(|word| word.trim_matches(['"', '\''])).filter(|word| !word.is_empty()));
    }
    tokens
}

fn of_program(command: &[&str]) -> Option<Mention> {
    let name = |word: &str| word.rsplit('/').next().unwrap_or(word).to_owned();
    let (at, takes) = command.iter().enumerate().find_map(|(at, word)| {
        let word = name(word);
        PROGRAMS.iter().find(|(known, _)| *known == word).map(|(_, takes)| (at, *takes))
    })?;
    let rest = &command[at + 1..];
    match takes {
        Takes::First => {
            let no_host =
                |word: &str| word.starts_with('-') || word.parse::<f64>().is_ok() || matches!(word, "hosts" | "ahosts");
            let at = rest.iter().position(|word| !no_host(word))?;
            if let Some((host, port)) = pair(rest[at]) {
                return Some(Mention { host, port: Some(port), sure: true });
            }
            let port = rest.get(at + 1).and_then(|port| port.parse().ok());
            is_host(rest[at]).then(|| Mention { host: rest[at].to_owned(), port, sure: true })
        }
        Takes::Flag => {
            let flag = |short: &str, long: &str| {
                let long_equals = format!("{long}=");
                rest.iter().enumerate().find_map(|(at, word)| {
                    if *word == short || *word == long {
                        return rest.get(at + 1).copied();
                    }
                    word.strip_prefix(&long_equals).or_else(|| word.strip_prefix(short).filter(|rest| !rest.is_empty()))
                })
            };
            let host = flag("-h", "--host").filter(|host| is_host(host))?;
            let port = flag("-p", "--port").and_then(|port| port.parse().ok());
            Some(Mention { host: host.to_owned(), port, sure: true })
        }
    }
}

/// `--redis-host=redis`, `--redis-host redis`, `--upstream redis:6379`.
fn of_flags(command: &[&str]) -> Vec<Mention> {
    let mut mentions = Vec::new();
    for (at, word) in command.iter().enumerate() {
        let Some(flag) = word.strip_prefix('-') else {
            // A word of its own may be anything, an image for one.
            mentions.extend(pair(word).map(|(host, port)| Mention { host, port: Some(port), sure: false }));
            continue;
        };
        let (name, value) = match flag.split_once('=') {
            Some((name, value)) => (name, Some(value)),
            None => (flag, command.get(at + 1).copied().filter(|next| !next.starts_with('-'))),
        };
        if let Some(value) = value.filter(|value| says(name) != Says::Nothing && !value.contains("://")) {
            mentions.extend(named(name.trim_start_matches('-'), value, None));
        }
    }
    mentions
}

/// `/dev/tcp/HOST/PORT`
fn dev_tcp(text: &str) -> Vec<Mention> {
    let places = text.split("/dev/tcp/").skip(1);
    places
        .filter_map(|place| {
            let (host, rest) = place.split_once('/')?;
            let digits = rest.bytes().take_while(u8::is_ascii_digit).count();
            is_host(host).then(|| Mention { host: host.to_owned(), port: rest[..digits].parse().ok(), sure: true })
        })
        .collect()
}

/// `("HOST", PORT)`, as scripts of Python and others connect.
fn tuples(text: &str) -> Vec<Mention> {
    let mut mentions = Vec::new();
    for (at, _) in text.match_indices('(') {
        let rest = text[at + 1..].trim_start();
        let Some(quote) = rest.chars().next().filter(|quote| matches!(quote, '"' | '\'')) else { continue };
        let Some((host, rest)) = rest[1..].split_once(quote) else { continue };
        let Some(rest) = rest.trim_start().strip_prefix(',').map(str::trim_start) else { continue };
        let digits = rest.bytes().take_while(u8::is_ascii_digit).count();
        if let Ok(port) = rest[..digits].parse()
            && is_host(host)
        {
            mentions.push(Mention { host: host.to_owned(), port: Some(port), sure: true });
        }
    }
    mentions
}
