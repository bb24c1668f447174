use std::fmt;

use serde::de::{self, Unexpected};
use stack_source::{Span, nearest};

/// A value that is not what its field asks for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FieldError {
    /// What is wrong: a lower-case phrase without a full stop.
    pub message: String,
    /// The offending value, or the offending key where the key itself is wrong.
    pub span: Span,
    /// The way from the root: `spec.ports[0].name`; empty for the root.
    pub path: String,
    placed: bool,
    missing: bool,
}

impl FieldError {
    pub(super) fn new(message: String) -> Self {
        Self { message, span: Span::default(), path: String::new(), placed: false, missing: false }
    }

    /// Says where, unless that was said nearer to the fault.
    pub(super) fn at(mut self, span: Span) -> Self {
        if !self.placed {
            self.span = span;
            self.placed = true;
        }
        self
    }

    /// What is missing in a map is missing at its start; the whole text of the map would bury that.
    pub(super) fn at_map(self, start: Span, whole: Span) -> Self {
        let span = if self.missing { start } else { whole };
        self.at(span)
    }

    pub(super) fn within(mut self, step: &str) -> Self {
        let dot = if self.path.is_empty() || self.path.starts_with('[') { "" } else { "." };
        self.path = format!("{step}{dot}{}", self.path);
        self
    }
}

impl fmt::Display for FieldError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if !self.path.is_empty() {
            write!(f, "{}: ", self.path)?;
        }
        f.write_str(&self.message)
    }
}

impl std::error::Error for FieldError {}

/// What serde's words for an expected value mean to the author of a file.
const EXPECTED: &[(&str, &str)] = &[
    ("u8", "a whole number from 0 to 255"),
    ("u16", "a whole number from 0 to 65535"),
    ("u32", "a whole number from 0 to 4294967295"),
    ("u64", "a whole number that is not negative"),
    ("usize", "a whole number that is not negative"),
    ("i8", "a whole number from -128 to 127"),
    ("i16", "a whole number from -32768 to 32767"),
    ("i32", "a whole number of 32 bits"),
    ("i64", "a whole number"),
    ("f32", "a number"),
    ("f64", "a number"),
    ("a sequence", "a list"),
];

fn expected(words: &dyn de::Expected) -> String {
    let words = words.to_string();
    if words.starts_with("struct ") {
        return "a map".into();
    }
    EXPECTED.iter().find(|(serde, _)| *serde == words).map_or(words, |(_, ours)| (*ours).to_owned())
}

fn found(unexpected: &Unexpected<'_>) -> String {
    match unexpected {
        Unexpected::Bool(value) => format!("the boolean `{value}`"),
        Unexpected::Unsigned(value) => format!("the number `{value}`"),
        Unexpected::Signed(value) => format!("the number `{value}`"),
        Unexpected::Float(value) => format!("the number `{value}`"),
        Unexpected::Str(value) => format!("the string `{value}`"),
        Unexpected::Unit => "null".into(),
        Unexpected::Seq => "a list".into(),
        Unexpected::Map => "a map".into(),
        other => other.to_string(),
    }
}

/// The nearest of the known names, else all of them where they are few.
fn known(name: &str, names: &[&str]) -> String {
    match nearest(name, names.iter().copied()) {
        Some(near) => format!(", did you mean `{near}`?"),
        None if names.is_empty() || names.len() > 12 => String::new(),
        None => {
            let quoted: Vec<String> = names.iter().map(|name| format!("`{name}`")).collect();
            format!("; known: {}", quoted.join(", "))
        }
    }
}

impl de::Error for FieldError {
    fn custom<T: fmt::Display>(message: T) -> Self {
        Self::new(message.to_string())
    }

    fn invalid_type(unexpected: Unexpected<'_>, wanted: &dyn de::Expected) -> Self {
        Self::new(format!("expected {}, found {}", expected(wanted), found(&unexpected)))
    }

    fn invalid_value(unexpected: Unexpected<'_>, wanted: &dyn de::Expected) -> Self {
        Self::invalid_type(unexpected, wanted)
    }

    fn invalid_length(length: usize, wanted: &dyn de::Expected) -> Self {
        Self::new(format!("expected {}, found {length} of them", expected(wanted)))
    }

    fn unknown_field(field: &str, names: &'static [&'static str]) -> Self {
        Self::new(format!("there is no field `{field}` here{}", known(field, names)))
    }

    fn unknown_variant(variant: &str, names: &'static [&'static str]) -> Self {
        Self::new(format!("`{variant}` is none of the possible values{}", known(variant, names)))
    }

    fn missing_field(field: &'static str) -> Self {
        Self { missing: true, ..Self::new(format!("the field `{field}` is missing")) }
    }

    fn duplicate_field(field: &'static str) -> Self {
        Self::new(format!("the field `{field}` stands twice"))
    }
}
