//! The syntaxes of names, one type each, checked when made.

use std::borrow::Borrow;
use std::fmt;
use std::str::FromStr;
use std::sync::Arc;

/// A text does not have the syntax of the name that it should be.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("`{text}` is no {syntax}: {why}")]
pub struct InvalidName {
    text: String,
    syntax: &'static str,
    why: &'static str,
}

struct Syntax {
    name: &'static str,
    longest: usize,
    first: fn(char) -> bool,
    middle: fn(char) -> bool,
    last: fn(char) -> bool,
    /// What no single character says.
    whole: fn(&str) -> bool,
    rule: &'static str,
}

fn lower(c: char) -> bool {
    c.is_ascii_lowercase()
}

fn lower_or_digit(c: char) -> bool {
    c.is_ascii_lowercase() || c.is_ascii_digit()
}

fn alphanumeric(c: char) -> bool {
    c.is_ascii_alphanumeric()
}

const DNS_LABEL: Syntax = Syntax {
    name: "DNS label (RFC 1123)",
    longest: 63,
    first: lower_or_digit,
    middle: |c| lower_or_digit(c) || c == '-',
    last: lower_or_digit,
    whole: |_| true,
    rule: "1 to 63 of `a-z`, `0-9` and `-`, with a letter or digit at both ends",
};

const SERVICE_NAME: Syntax = Syntax {
    name: "service name (RFC 1035 label)",
    first: lower,
    rule: "1 to 63 of `a-z`, `0-9` and `-`, starting with a letter and ending with a letter or digit",
    ..DNS_LABEL
};

const DNS_SUBDOMAIN: Syntax = Syntax {
    name: "DNS subdomain (RFC 1123)",
    longest: 253,
    middle: |c| lower_or_digit(c) || c == '-' || c == '.',
    whole: |text| !["..", ".-", "-."].iter().any(|pair| text.contains(pair)),
    rule: "1 to 253 of `a-z`, `0-9`, `-` and `.`, with a letter or digit at both ends and on both sides of every `.`",
    ..DNS_LABEL
};

const PORT_NAME: Syntax = Syntax {
    name: "port name",
    longest: 15,
    whole: |text| text.contains(lower) && !text.contains("--"),
    rule: "1 to 15 of `a-z`, `0-9` and `-`, with a letter or digit at both ends, a letter somewhere and no `--`",
    ..DNS_LABEL
};

const ENV_NAME: Syntax = Syntax {
    name: "environment variable name",
    longest: 253,
    first: |c| c.is_ascii_alphabetic() || c == '_',
    middle: |c| alphanumeric(c) || matches!(c, '_' | '-' | '.'),
    last: |c| alphanumeric(c) || matches!(c, '_' | '-' | '.'),
    whole: |_| true,
    rule: "1 to 253 letters, digits, `_`, `-` and `.`, starting with a letter or `_`",
};

const CONFIG_KEY: Syntax = Syntax {
    name: "key of a ConfigMap or Secret",
    longest: 253,
    first: |c| alphanumeric(c) || matches!(c, '_' | '-' | '.'),
    whole: |text| text != "." && !text.starts_with(".."),
    rule: "1 to 253 letters, digits, `_`, `-` and `.`, neither `.` nor starting with `..`",
    ..ENV_NAME
};

const LABEL_VALUE: Syntax = Syntax {
    name: "label value",
    longest: 63,
    first: alphanumeric,
    middle: |c| alphanumeric(c) || matches!(c, '_' | '-' | '.'),
    last: alphanumeric,
    whole: |_| true,
    rule: "at most 63 letters, digits, `_`, `-` and `.`, with a letter or digit at both ends",
};

fn fits(text: &str, syntax: &Syntax) -> bool {
    let (Some(first), Some(last)) = (text.chars().next(), text.chars().next_back()) else { return false };
    text.len() <= syntax.longest
        && (syntax.first)(first)
        && (syntax.last)(last)
        && text.chars().all(|c| (syntax.middle)(c) || (syntax.first)(c))
        && (syntax.whole)(text)
}

fn check(text: &str, syntax: &Syntax) -> Result<(), InvalidName> {
    if fits(text, syntax) {
        return Ok(());
    }
    Err(InvalidName { text: text.to_owned(), syntax: syntax.name, why: syntax.rule })
}

macro_rules! name {
    ($(#[$doc:meta])* $type:ident, $check:expr) => {
        $(#[$doc])*
        #[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $type(Arc<str>);

        impl $type {
            /// The name that `text` spells.
            pub fn new(text: impl AsRef<str>) -> Result<Self, InvalidName> {
                let text = text.as_ref();
                let check: fn(&str) -> Result<(), InvalidName> = $check;
                check(text)?;
                Ok(Self(text.into()))
            }

            /// The name as text.
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl FromStr for $type {
            type Err = InvalidName;

            fn from_str(text: &str) -> Result<Self, InvalidName> {
                Self::new(text)
            }
        }

        impl fmt::Display for $type {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.0)
            }
        }

        impl AsRef<str> for $type {
            fn as_ref(&self) -> &str {
                &self.0
            }
        }

        impl Borrow<str> for $type {
            fn borrow(&self) -> &str {
                &self.0
            }
        }

        impl PartialEq<str> for $type {
            fn eq(&self, other: &str) -> bool {
                &*self.0 == other
            }
        }

        impl PartialEq<&str> for $type {
            fn eq(&self, other: &&str) -> bool {
                &*self.0 == *other
            }
        }
    };
}

name! {
    /// A DNS label after RFC 1123: the name of a namespace, a container, a volume.
    ///
    /// ```
    /// use stack_krm::DnsLabel;
    ///
    /// assert!(DnsLabel::new("llm-stack").is_ok());
    /// assert!(DnsLabel::new("Llm_Stack").is_err());
    /// ```
    DnsLabel, |text| check(text, &DNS_LABEL)
}

name! {
    /// The name of a service: a DNS label that starts with a letter (RFC 1035), as the Kubernetes Service kind demands.
    ServiceName, |text| check(text, &SERVICE_NAME)
}

name! {
    /// The name of most objects: labels joined by dots, at most 253 characters.
    DnsSubdomain, |text| check(text, &DNS_SUBDOMAIN)
}

name! {
    /// The name of a port: at most 15 characters, with a letter in it.
    PortName, |text| check(text, &PORT_NAME)
}

name! {
    /// The name of an environment variable.
    EnvName, |text| check(text, &ENV_NAME)
}

name! {
    /// A key of a ConfigMap or Secret: the name of a file when it is mounted.
    ConfigKey, |text| check(text, &CONFIG_KEY)
}

name! {
    /// The value of a label; may be empty.
    LabelValue, |text| if text.is_empty() { Ok(()) } else { check(text, &LABEL_VALUE) }
}

name! {
    /// The key of a label: `name`, or `example.com/name`.
    LabelKey, |text| check_label_key(text)
}

/// The name is what a value may be, but not empty.
fn check_label_key(text: &str) -> Result<(), InvalidName> {
    let (domain, name) = text.split_once('/').map_or((None, text), |(domain, name)| (Some(domain), name));
    if domain.is_none_or(|domain| fits(domain, &DNS_SUBDOMAIN)) && fits(name, &LABEL_VALUE) {
        return Ok(());
    }
    let why = "at most 63 letters, digits, `_`, `-` and `.`, perhaps behind a domain and `/`";
    Err(InvalidName { text: text.to_owned(), syntax: "key of a label", why })
}

impl LabelValue {
    /// The nearest label value to any text: what a label cannot hold becomes `-`, the rest is cut at 63 characters.
    ///
    /// ```
    /// use stack_krm::LabelValue;
    ///
    /// assert_eq!(LabelValue::nearest("1.0.0+build/7").as_str(), "1.0.0-build-7");
    /// ```
    pub fn nearest(text: &str) -> Self {
        let kept: String =
            text.chars().map(|c| if (LABEL_VALUE.middle)(c) { c } else { '-' }).take(LABEL_VALUE.longest).collect();
        Self(kept.trim_matches(|c| !alphanumeric(c)).into())
    }
}

#[cfg(test)]
mod tests {
    use super::{ConfigKey, DnsLabel, DnsSubdomain, EnvName, InvalidName, LabelKey, LabelValue, PortName, ServiceName};

    #[track_caller]
    fn table<T>(new: impl Fn(&'static str) -> Result<T, InvalidName>, right: &[&'static str], wrong: &[&'static str]) {
        for text in right {
            assert!(new(text).is_ok(), "`{text}` is right");
        }
        for text in wrong {
            assert!(new(text).is_err(), "`{text}` is wrong");
        }
    }

    #[test]
    fn names_have_the_syntax_of_kubernetes() {
        table(DnsLabel::new, &["a", "0", "a-b", "a--b"], &["", "-a", "a-", "A", "a.b", "a_b", "ä"]);
        table(ServiceName::new, &["a", "a0"], &["0a", "a-", ""]);
        table(
            DnsSubdomain::new,
            &["a", "a.b", "0.1", "a-b.c--d"],
            &["", ".", "a.", ".a", "a..b", "a.-b", "a-.b", "A.b"],
        );
        table(PortName::new, &["http", "8a", "a-b"], &["80", "a--b", "-a", "a-", "sixteen-letters-"]);
        table(EnvName::new, &["A", "_", "a.b", "A-1"], &["", "1A", "-A", ".A", "A B"]);
        table(ConfigKey::new, &["a", "1", ".env", "-", "_", "a..b", "ca.crt"], &["", ".", "..", "..a", "...", "a/b"]);
        table(LabelValue::new, &["", "a", "A.b_c-d"], &["-a", "a-", "a b"]);
        table(LabelKey::new, &["team", "example.com/a_B"], &["", "bad key!", "/a", "a/", "a/b/c", "Example.com/a"]);
    }

    #[test]
    fn a_refusal_says_what_is_wrong_with_it() {
        let said = |error: Option<InvalidName>| error.expect("it is wrong").to_string();
        assert!(said(PortName::new("a--b").err()).contains("no `--`"));
        assert!(said(ConfigKey::new("..a").err()).contains("nor starting with `..`"));
        assert!(!said(ConfigKey::new("a/b").err()).contains("starting with a letter"), "a key may start with a digit");
        assert!(said(DnsSubdomain::new("a..b").err()).contains("on both sides of every `.`"));
    }

    #[test]
    fn names_end_at_their_greatest_length() {
        let long = |length| "a".repeat(length);
        assert!(DnsLabel::new(long(63)).is_ok() && DnsLabel::new(long(64)).is_err());
        assert!(DnsSubdomain::new(long(253)).is_ok() && DnsSubdomain::new(long(254)).is_err());
        assert!(PortName::new(long(15)).is_ok() && PortName::new(long(16)).is_err());
    }
}
