use std::str::FromStr;

use indexmap::IndexMap;
use stack_krm::{DnsSubdomain, ImageRef, Quantity};
use stack_source::Locus;

/// Something of a stack that whoever installs it decides, without an overlay: `<value.NAME>` in its file.
///
/// Values are given when the file is read; the stack that comes out holds none of them any more, only what they were.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Value {
    /// What it may be.
    pub kind: ValueKind,
    /// What it is where nobody gives it; none where somebody must.
    pub default: Option<Setting>,
    /// What it decides, for whoever gives it.
    pub about: Option<String>,
    /// What it is.
    pub setting: Setting,
    /// Where it was written.
    pub at: Locus,
}

/// What a value is.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Setting {
    /// `null`: what would take it is not there.
    #[default]
    Absent,
    /// A text; numbers and booleans are read from it.
    Text(String),
}

/// What a [`Value`] may be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ValueKind {
    /// Any text.
    Text,
    /// `true` or `false`.
    Flag,
    /// A whole number.
    Number,
    /// An amount: `20Gi`.
    Quantity,
    /// An image reference.
    Image,
    /// A host name.
    Host,
    /// A URL.
    Url,
    /// A schedule of five fields: `0 3 * * *`.
    Schedule,
}

/// The word in YAML, how it is called in messages with an example, and whether a text is one.
type Row = (&'static str, &'static str, fn(&str) -> bool);

const KINDS: [ValueKind; 8] = [
    ValueKind::Text,
    ValueKind::Flag,
    ValueKind::Number,
    ValueKind::Quantity,
    ValueKind::Image,
    ValueKind::Host,
    ValueKind::Url,
    ValueKind::Schedule,
];

impl ValueKind {
    fn row(self) -> Row {
        match self {
            Self::Text => ("text", "any text", |_| true),
            Self::Flag => ("flag", "`true` or `false`", |text| matches!(text, "true" | "false")),
            Self::Number => ("number", "a whole number, as `3`", |text| u32::from_str(text).is_ok()),
            Self::Quantity => ("quantity", "an amount, as `20Gi`", |text| Quantity::from_str(text).is_ok()),
            Self::Image => {
                ("image", "an image, as `registry.example.com/app:1.0`", |text| ImageRef::from_str(text).is_ok())
            }
            Self::Host => ("host", "a host name, as `app.example.com`", |text| DnsSubdomain::new(text).is_ok()),
            Self::Url => ("url", "a URL, as `https://example.com`", |text| {
                text.split_once("://").is_some_and(|(scheme, rest)| !scheme.is_empty() && !rest.is_empty())
            }),
            Self::Schedule => ("schedule", "a schedule, as `0 3 * * *`", is_schedule),
        }
    }

    /// The kinds and their words in YAML.
    pub(crate) fn words() -> [(&'static str, Self); 8] {
        KINDS.map(|kind| (kind.row().0, kind))
    }

    /// What it is, for messages: ``a host name, as `app.example.com` ``.
    pub fn wanted(self) -> &'static str {
        self.row().1
    }

    /// Whether a text is one.
    pub fn takes(self, text: &str) -> bool {
        (self.row().2)(text)
    }
}

/// The edit that makes a schedule of a text.
pub(crate) const SCHEDULE_HELP: &str = "write five fields, as `0 3 * * *`: minute, hour, day, month, weekday";

/// Whether a text is a schedule that Kubernetes reads: five fields, or a name such as `@daily`.
pub(crate) fn is_schedule(text: &str) -> bool {
    const NAMES: [&str; 7] = ["@yearly", "@annually", "@monthly", "@weekly", "@daily", "@midnight", "@hourly"];
    /// The least and the most that a field may be.
    const FIELDS: [(u32, u32); 5] = [(0, 59), (0, 23), (1, 31), (1, 12), (0, 7)];
    let fields: Vec<&str> = text.split_whitespace().collect();
    NAMES.contains(&text)
        || (fields.len() == FIELDS.len()
            && fields.iter().zip(FIELDS).all(|(field, bounds)| field.split(',').all(|part| is_step(part, bounds))))
}

/// `*`, `5`, `1-5`, each perhaps with `/2`; months and days may have their English names.
fn is_step(part: &str, (least, most): (u32, u32)) -> bool {
    let (range, step) = part.split_once('/').map_or((part, None), |(range, step)| (range, Some(step)));
    let within = |text: &str| {
        let is_name = text.len() == 3 && text.chars().all(|c| c.is_ascii_alphabetic()) && matches!(most, 12 | 7);
        is_name || u32::from_str(text).is_ok_and(|number| (least..=most).contains(&number))
    };
    let whole = range == "*" || range == "?";
    let fits = whole || range.split_once('-').map_or_else(|| within(range), |(from, to)| within(from) && within(to));
    fits && step.is_none_or(|step| u32::from_str(step).is_ok_and(|step| step > 0))
}

/// Values that somebody gives, by name.
///
/// ```
/// use stack_model::Given;
///
/// let given = Given::new().value("replicas", "3").absent("host");
/// assert_eq!(given.names().count(), 2);
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Given {
    pub(crate) values: IndexMap<String, (Setting, Locus)>,
}

impl Given {
    /// Nothing is given.
    pub fn new() -> Self {
        Self::default()
    }

    /// Gives a value this text.
    #[must_use]
    #[track_caller]
    pub fn value(self, name: &str, text: &str) -> Self {
        self.set(name, Setting::Text(text.to_owned()), Locus::caller())
    }

    /// Says that a value is absent, as `null` does.
    #[must_use]
    #[track_caller]
    pub fn absent(self, name: &str) -> Self {
        self.set(name, Setting::Absent, Locus::caller())
    }

    /// Gives a value, and says where.
    #[must_use]
    pub fn set(mut self, name: &str, setting: Setting, at: Locus) -> Self {
        self.values.insert(name.to_owned(), (setting, at));
        self
    }

    /// What a value is given, and where.
    pub fn get(&self, name: &str) -> Option<(&Setting, &Locus)> {
        self.values.get(name).map(|(setting, at)| (setting, at))
    }

    /// The names of the values that are given.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.values.keys().map(String::as_str)
    }
}
