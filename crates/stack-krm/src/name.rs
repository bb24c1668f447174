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
    rule: "1 to 253 of `a-z`, `0-9`, `-` and `.`, with a letter or digit at both ends",
    ..DNS_LABEL
};

const PORT_NAME: Syntax = Syntax {
    name: "port name",
    longest: 15,
    rule: "1 to 15 of `a-z`, `0-9` and `-`, with a letter or digit at both ends and a letter somewhere",
    ..DNS_LABEL
};

const ENV_NAME: Syntax = Syntax {
    name: "environment variable name",
    longest: 253,
    first: |c| c.is_ascii_alphabetic() || c == '_',
    middle: |c| alphanumeric(c) || matches!(c, '_' | '-' | '.'),
    last: |c| alphanumeric(c) || matches!(c, '_' | '-' | '.'),
    rule: "letters, digits, `_`, `-` and `.`, not starting with a digit",
};

const CONFIG_KEY: Syntax = Syntax {
    name: "key of a ConfigMap or Secret",
    longest: 253,
    first: |c| alphanumeric(c) || matches!(c, '_' | '-' | '.'),
    ..ENV_NAME
};

const LABEL_VALUE: Syntax = Syntax {
    name: "label value",
    longest: 63,
    first: alphanumeric,
    middle: |c| alphanumeric(c) || matches!(c, '_' | '-' | '.'),
    last: alphanumeric,
    rule: "at most 63 letters, digits, `_`, `-` and `.`, with a letter or digit at both ends",
};

fn check(text: &str, syntax: &Syntax) -> Result<(), InvalidName> {
    let refuse = || InvalidName { text: text.to_owned(), syntax: syntax.name, why: syntax.rule };
    let (Some(first), Some(last)) = (text.chars().next(), text.chars().next_back()) else { return Err(refuse()) };
    let fits = text.len() <= syntax.longest
        && (syntax.first)(first)
        && (syntax.last)(last)
        && text.chars().all(|c| (syntax.middle)(c) || (syntax.first)(c));
    if fits { Ok(()) } else { Err(refuse()) }
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
    PortName, |text| {
        check(text, &PORT_NAME)?;
        if text.contains(|c: char| c.is_ascii_lowercase()) && !text.contains("--") {
            return Ok(());
        }
        Err(InvalidName { text: text.to_owned(), syntax: PORT_NAME.name, why: PORT_NAME.rule })
    }
}

name! {
    /// The name of an environment variable.
    EnvName, |text| check(text, &ENV_NAME)
}

name! {
    /// A key of a ConfigMap or Secret.
    ConfigKey, |text| check(text, &CONFIG_KEY)
}

name! {
    /// The value of a label; may be empty.
    LabelValue, |text| if text.is_empty() { Ok(()) } else { check(text, &LABEL_VALUE) }
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
