use std::borrow::Cow;
use std::fmt::{self, Write as _};

use base64::Engine as _;
use base64::alphabet::STANDARD;
use base64::engine::{GeneralPurpose, GeneralPurposeConfig};

use super::folded::folded;
use super::print;
use super::resolve::{Number, number, timestamp};
use super::{Scalar, Style, Tag};

/// What a scalar is after kustomize has taken it through JSON.
#[derive(Clone, Debug, PartialEq)]
pub enum Canonical<'a> {
    /// `null`
    Null,
    /// A boolean.
    Bool(bool),
    /// An integer.
    Int(i64),
    /// An integer above the largest `i64`.
    Unsigned(u64),
    /// A number with a fraction, or beyond the integers of 64 bits.
    Float(f64),
    /// A string; a date has become one.
    Text(Cow<'a, str>),
}

impl Canonical<'_> {
    /// The number as Go writes it into JSON, where it is one.
    pub fn json_number(&self) -> Option<String> {
        match *self {
            Self::Int(value) => Some(value.to_string()),
            Self::Unsigned(value) => Some(value.to_string()),
            Self::Float(value) => Some(json_number(value)),
            Self::Null | Self::Bool(_) | Self::Text(_) => None,
        }
    }
}

/// A float as Go writes it into JSON.
pub(crate) fn json_number(value: f64) -> String {
    if value == 0.0 || (1e-6..1e21).contains(&value.abs()) {
        return value.to_string();
    }
    // Rust writes no `+` in front of an exponent.
    format!("{value:e}").replace('e', if value.abs() < 1.0 { "e" } else { "e+" })
}

/// A scalar that JSON, and hence kustomize, cannot hold.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NotCanonical(&'static str);

impl fmt::Display for NotCanonical {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.0)
    }
}

impl std::error::Error for NotCanonical {}

const BASE64: GeneralPurpose =
    GeneralPurpose::new(&STANDARD, GeneralPurposeConfig::new().with_decode_allow_trailing_bits(true));

/// What kustomize writes for a scalar: it reads with go-yaml v3, passes JSON, and writes what go-yaml v2 reads there.
///
/// ```
/// use stack_krm::yaml::{Canonical, Limits, canonical, read};
///
/// let documents = read("[0644, 1.0, 2001-1-1, .inf]", &Limits::default())?;
/// let list = documents[0].root.as_sequence().unwrap();
/// let canonical = |index: usize| canonical(list[index].as_scalar().unwrap());
/// assert_eq!(canonical(0), Ok(Canonical::Int(420)));
/// assert_eq!(canonical(1), Ok(Canonical::Int(1)));
/// assert_eq!(canonical(2), Ok(Canonical::Text("2001-01-01T00:00:00Z".into())));
/// assert!(canonical(3).is_err());
/// # Ok::<(), stack_krm::yaml::ReadError>(())
/// ```
pub fn canonical(scalar: &Scalar) -> Result<Canonical<'_>, NotCanonical> {
    let text = scalar.text.as_str();
    match scalar.tag {
        Tag::Null => Ok(Canonical::Null),
        Tag::Bool => scalar.as_bool().map(Canonical::Bool).ok_or(NotCanonical("this is no boolean")),
        Tag::Int | Tag::Float => match number(text) {
            // A field that holds a float makes one of the integer that is put there.
            Some(Number::Int(_) | Number::Unsigned(_)) if scalar.tag == Tag::Float => {
                scalar.as_f64().map(through_json).ok_or(NotCanonical("this is no number"))
            }
            Some(Number::Int(value)) => Ok(Canonical::Int(value)),
            Some(Number::Unsigned(value)) => Ok(Canonical::Unsigned(value)),
            Some(Number::Float(value)) => Ok(through_json(value)),
            None => Err(NotCanonical("neither JSON nor kustomize knows infinities and NaN: put it in quotes")),
        },
        Tag::Timestamp => {
            timestamp(text).map(|text| Canonical::Text(text.into())).ok_or(NotCanonical("this is no date"))
        }
        Tag::Str => Ok(Canonical::Text(text.into())),
        Tag::Binary => {
            let packed: String = text.chars().filter(|character| !matches!(character, '\r' | '\n')).collect();
            let bytes = BASE64.decode(packed).map_err(|_| NotCanonical("this is not base64"))?;
            Ok(Canonical::Text(as_json_text(&bytes).into()))
        }
    }
}

impl Scalar {
    /// The scalar after kustomize has written its object as JSON and read it again, where every number is a float: `1000000` is
    /// `1e+06`, `0.10` is `0.1`, a date is a text. What JSON cannot hold stays.
    ///
    /// ```
    /// use stack_krm::yaml::Scalar;
    ///
    /// assert_eq!(Scalar::plain("0.10").through_json(), Scalar::plain("0.1"));
    /// assert_eq!(Scalar::plain("2001-01-01").through_json(), Scalar::string("2001-01-01T00:00:00Z"));
    /// ```
    #[must_use]
    pub fn through_json(&self) -> Self {
        let scalar = self.clone().settled();
        #[expect(clippy::cast_precision_loss, reason = "kustomize loses it too")]
        let float = match canonical(&scalar) {
            Ok(Canonical::Int(value)) => value as f64,
            Ok(Canonical::Unsigned(value)) => value as f64,
            Ok(Canonical::Float(value)) => value,
            Ok(Canonical::Text(text)) => return Self::written(text.as_ref(), scalar.style),
            Ok(Canonical::Bool(value)) => return Self::plain(if value { "true" } else { "false" }),
            Ok(Canonical::Null) => return Self::plain("null"),
            Err(_) => return self.clone(),
        };
        let mut text = String::new();
        write_float(float, &mut text);
        Self::plain(text)
    }

    /// A text as go-yaml v3 writes it: lines in a block, what looks like something else in quotes.
    fn written(text: &str, style: Style) -> Self {
        let text = if style == Style::Folded { folded(text) } else { Cow::Borrowed(text) };
        let style = print::style(&text);
        Self { text: text.as_ref().into(), tag: Tag::Str, style }
    }
}

/// JSON writes floats without an exponent between 1e-6 and 1e21; what looks like an integer there is read as one.
fn through_json(value: f64) -> Canonical<'static> {
    if value.abs() < 1e21 && value.fract() == 0.0 {
        let text = value.to_string();
        if let Ok(value) = text.parse() {
            return Canonical::Int(value);
        }
        if let Ok(value) = text.parse() {
            return Canonical::Unsigned(value);
        }
    }
    Canonical::Float(value)
}

/// Go's JSON replaces each byte that is not UTF-8.
fn as_json_text(bytes: &[u8]) -> String {
    let mut text = String::with_capacity(bytes.len());
    for chunk in bytes.utf8_chunks() {
        text.push_str(chunk.valid());
        text.extend(chunk.invalid().iter().map(|_| char::REPLACEMENT_CHARACTER));
    }
    text
}

/// Go's `%g` with the fewest digits that give the number back: an exponent of two digits below 1e-4 and from 1e6.
pub(super) fn write_float(value: f64, out: &mut String) {
    let shortest = format!("{value:e}");
    let (digits, exponent) = shortest.split_once('e').unwrap_or((&shortest, "0"));
    let exponent: i32 = exponent.parse().unwrap_or_default();
    if (-4..6).contains(&exponent) {
        out.push_str(&value.to_string());
    } else {
        let sign = if exponent < 0 { '-' } else { '+' };
        let _ = write!(out, "{digits}e{sign}{:02}", exponent.unsigned_abs()); // into a `String`: cannot fail
    }
}
